"""World cache: a checked fixture is kept as JSON, because reading YAML takes longer than all the rest of a start.

An entry is good for exactly the bytes it was made of and the code that made it. Whatever is the matter with an entry,
the files are read again; whatever keeps one from being written is no error.
"""

import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import ClassVar

import oidc_harness
from oidc_harness.harness.world import World
from oidc_harness.storage.codec import CodecError, decode, encode

_DEFINITIONS = ("model", "harness", "services")
"""Folders of the package on whose code the meaning of a fixture depends."""


@dataclass(frozen=True, slots=True)
class CacheEntry:
    """A checked world, and the digest of each file it was made of."""

    kind: ClassVar[str] = "cached_world"

    sources: Mapping[str, str]
    """SHA-256 by absolute path."""
    world: World


def cache_directory(environment: Mapping[str, str]) -> Path | None:
    """Where entries are kept (XDG Base Directory Specification). None for a user without a home."""
    base = Path(environment.get("XDG_CACHE_HOME", ""))
    if base.is_absolute():
        return base / "oidc-harness"
    try:
        return Path.home() / ".cache" / "oidc-harness"
    except RuntimeError:
        return None


class WorldCache:
    """The entries of one folder, which belongs to its user alone."""

    def __init__(self, directory: Path) -> None:
        """A folder that need not exist yet."""
        self._directory = directory

    def find(self, fixture: Path) -> World | None:
        """The world of this fixture, if it is here and nothing has changed since."""
        try:
            if not _is_private(self._directory):
                return None
            entry = decode(CacheEntry, self._path(fixture).read_text("ascii"))
            unchanged = all(_digest(Path(path)) == digest for path, digest in entry.sources.items())
        except (OSError, ValueError, CodecError):
            return None
        return entry.world if unchanged else None

    def keep(self, fixture: Path, entry: CacheEntry) -> None:
        """Remember a checked world, where that is possible."""
        with suppress(OSError, CodecError):
            self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            if _is_private(self._directory):
                self._write(self._path(fixture), encode(entry))

    def _path(self, fixture: Path) -> Path:
        name = sha256(f"{fixture.resolve()}\n{_code_version()}".encode()).hexdigest()
        return self._directory / f"world-{name[:32]}.json"

    def _write(self, path: Path, text: str) -> None:
        """Whole or not at all, and readable for its owner alone: a fixture may hold secrets."""
        partial = path.with_suffix(f".{os.getpid()}")
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(text)
        partial.replace(path)


def _is_private(directory: Path) -> bool:
    """Whether nobody else can have put anything there: what is read becomes users and secrets."""
    status = directory.stat()
    is_own = not hasattr(os, "getuid") or status.st_uid == os.getuid()
    return is_own and not status.st_mode & 0o022


def _digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()


def _code_version() -> str:
    """Version of the package, and for those who are changing it the state of its definitions."""
    package = Path(oidc_harness.__file__).parent
    entries = (entry for folder in _DEFINITIONS for entry in os.scandir(package / folder) if entry.name.endswith(".py"))
    states = sorted(f"{entry.path} {entry.stat().st_mtime_ns} {entry.stat().st_size}" for entry in entries)
    return "\n".join([oidc_harness.__version__, *states])
