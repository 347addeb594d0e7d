"""Sealing: client secrets that have to be kept are encrypted with the server's key (A18)."""

import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from hmac import compare_digest, digest
from pathlib import Path
from typing import ClassVar

from oidc_harness.harness.realm_record import REGISTRY
from oidc_harness.model.record import Record
from oidc_harness.model.write import Add
from oidc_harness.storage.port import Conflict, StorageError, Store

_KEY_BYTES = 32


class SealingKeyError(StorageError):
    """The file with the key is missing or unusable, or holds another key; the message names it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SealingMark(Record):
    """By what a store knows the key again with which its secrets are sealed. Nothing of the key can be told from it."""

    kind: ClassVar[str] = "sealing_mark"

    mark: str


class Sealing:
    """Seals and unseals with one key of 32 bytes."""

    __slots__ = ("_key",)

    def __init__(self, key: bytes | None = None) -> None:
        """Without a key: a new one, which serves as long as the process lives."""
        self._key = secrets.token_bytes(_KEY_BYTES) if key is None else key

    @property
    def mark(self) -> str:
        """The same for the same key, another for another one."""
        return digest(self._key, b"oidc-harness sealing key", "sha256").hex()

    def seal(self, text: str) -> str:
        """Encrypt."""
        from oidc_harness.protocol.jose import seal  # few servers keep a secret in the clear

        return seal(self._key, text)

    def unseal(self, sealed: str) -> str:
        """Decrypt. Raises `JoseError` where another key sealed it."""
        from oidc_harness.protocol.jose import unseal

        return unseal(self._key, sealed)


async def kept_sealing(store: Store, path: Path) -> Sealing:
    """Sealing with the key of this file, which is made for its owner alone where the store is new.

    Raises `SealingKeyError`: without its key a store that was used before has secrets that nobody can read.
    """
    while True:
        try:
            return await _opened(store, path)
        except Conflict:
            # Another process has just marked the store; which key is right is decided by its mark.
            continue


async def _opened(store: Store, path: Path) -> Sealing:
    async with store.begin(REGISTRY) as records:
        known = await records.get(SealingMark, "sealing")
        if known is None:
            _make_key(path)
        sealing = Sealing(_read_key(path))
        if known is None:
            records.write(Add(SealingMark(id="sealing", mark=sealing.mark)))
        elif not compare_digest(known.mark, sealing.mark):
            raise SealingKeyError(f"{path}: not the key that sealed the secrets in this store; put that one here")
    return sealing


def _read_key(path: Path) -> bytes:
    try:
        key = bytes.fromhex(path.read_text("ascii"))
    except FileNotFoundError:
        raise SealingKeyError(
            f"{path}: missing, and with it the key that sealed the secrets in this store; "
            "put it back, or begin with a new store"
        ) from None
    except OSError as error:
        raise SealingKeyError(f"{path}: the key for secrets cannot be read: {error.strerror}") from None
    except ValueError:
        key = b""
    if len(key) != _KEY_BYTES:
        raise SealingKeyError(f"{path}: expected a key of {2 * _KEY_BYTES} hexadecimal digits and nothing else")
    return key


def _make_key(path: Path) -> None:
    """Whole or not at all, whenever the process ends; a key that is there already stays, for its owner alone."""
    partial = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    try:
        if path.exists():
            _make_private(path)
            return
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_bytes(_KEY_BYTES).hex())
            file.flush()
            os.fsync(descriptor)
        with suppress(FileExistsError):
            os.link(partial, path)
    except OSError as error:
        raise SealingKeyError(f"{path}: the key for secrets cannot be written: {error.strerror}") from None
    finally:
        partial.unlink(missing_ok=True)


def _make_private(path: Path) -> None:
    # What is mounted for reading only is as private as its owner made it.
    with suppress(OSError):
        if path.is_file():
            path.chmod(0o600)
