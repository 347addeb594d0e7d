"""File cache: what was read from files and checked is kept as JSON, because YAML takes longer than all else at a start.

An entry is good for exactly the bytes it was made of and the code that made it. Whatever is the matter with an entry,
the files are read again; whatever keeps one from being written is no error.
"""

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

import oidc_harness
from oidc_harness.harness.plain_file import read_plain_file
from oidc_harness.storage.codec import CodecError, decode, encode

T = TypeVar("T")
_DEFINITIONS = ("model", "protocol", "storage", "services", "switches", "harness")
"""Folders of the package on whose code the meaning of a file depends."""


class FileCache:
    """The entries of one folder, which belongs to its user alone.

    An entry has three lines: the code that made it, the SHA-256 of each file it was made of, by absolute path, and what
    was made of them. There is one for each kind and file, so that a new one takes the place of one that is out of date.
    """

    def __init__(self, directory: Path) -> None:
        """A folder that need not exist yet."""
        self._directory = directory

    def find(self, kind: type[T], file: Path) -> T | None:
        """What was made of this file, if it is here and nothing has changed since."""
        try:
            if not _is_private(self._directory):
                return None
            code, digests, text = self._path(kind, file).read_text("ascii").split("\n", 2)
            unchanged = all(_digest(path) == digest for path, digest in dict(json.loads(digests)).items())
            return decode(kind, text) if unchanged and code == _code_version() else None
        except (OSError, TypeError, ValueError, CodecError):
            return None

    def keep(self, file: Path, digests: Mapping[str, str], made: Any) -> None:
        """Remember what was made of a file and those it names, where that is possible."""
        with suppress(OSError, CodecError):
            self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            if _is_private(self._directory):
                self._write(
                    self._path(type(made), file), f"{_code_version()}\n{json.dumps(dict(digests))}\n{encode(made)}"
                )

    def _path(self, kind: type[Any], file: Path) -> Path:
        name = sha256(str(file.resolve()).encode()).hexdigest()
        return self._directory / f"{kind.__name__.lower()}-{name[:32]}.json"

    def _write(self, path: Path, text: str) -> None:
        """Whole or not at all, and readable for its owner alone: a fixture may hold secrets."""
        partial = path.with_suffix(f".{os.getpid()}")
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as entry:
            entry.write(text)
        partial.replace(path)


def user_cache(environment: Mapping[str, str]) -> FileCache | None:
    """The cache of the user (XDG Base Directory Specification). None for a user without a home."""
    base = Path(environment.get("XDG_CACHE_HOME", ""))
    if base.is_absolute():
        return FileCache(base / "oidc-harness")
    try:
        return FileCache(Path.home() / ".cache" / "oidc-harness")
    except RuntimeError:
        return None


def _is_private(directory: Path) -> bool:
    """Whether nobody else can have put anything there: what is read becomes users and secrets."""
    status = directory.stat()
    is_own = not hasattr(os, "getuid") or status.st_uid == os.getuid()
    return is_own and not status.st_mode & 0o022


def _digest(path: str) -> str:
    return sha256(read_plain_file(Path(path))).hexdigest()


def _code_version() -> str:
    """Digest of the package's version, and for those who are changing it of the state of its definitions."""
    package = Path(oidc_harness.__file__).parent
    entries = (entry for folder in _DEFINITIONS for entry in os.scandir(package / folder) if entry.name.endswith(".py"))
    states = sorted(f"{entry.path} {entry.stat().st_mtime_ns} {entry.stat().st_size}" for entry in entries)
    return sha256("\n".join([oidc_harness.__version__, *states]).encode()).hexdigest()
