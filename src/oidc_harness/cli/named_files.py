"""Files named on a command line: each once, and of a folder the YAML files in it."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from oidc_harness.cli.main import CannotGoOn


def named_files(paths: Iterable[Path]) -> list[Path]:
    """The files, in the order in which they are named. Raises `CannotGoOn` for a folder without any."""
    found: dict[Path, Path] = {}
    for file in (file for path in paths for file in _files(path)):
        found.setdefault(file.resolve(), file)
    return list(found.values())


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    inside = sorted(path.glob("*.yaml"))
    if not inside:
        raise CannotGoOn(f"{path} is a folder without any file *.yaml")
    yield from inside
