"""The signing keys of a realm: make, rotate, retire (OIDC Core 10.1.1).

A realm begins with ready-made keys that are no records yet; the first change of its ring makes them records.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from oidc_harness.model.key import Key, KeyRing, KeyStatus
from oidc_harness.model.write import Add, Swap
from oidc_harness.protocol.jose import JoseError, generate_private_jwk, key_from_jwk
from oidc_harness.services.addresses import shown
from oidc_harness.services.circumstances import Circumstances
from oidc_harness.services.errors import Invalid, NotFound, Taken

MOST_KEYS = 100
"""Keys a realm can have; every client fetches all of them."""


async def make(
    circumstances: Circumstances, alg: str, *, jwk: Mapping[str, Any] | None = None, status: KeyStatus = "next"
) -> Key:
    """A key for `alg`, from a ready-made private JWK or generated; not in any ring yet. Raises `Invalid`.

    Generated off the event loop: an RSA key takes tens of milliseconds.
    """
    try:
        private = {**jwk, "alg": alg} if jwk is not None else await asyncio.to_thread(generate_private_jwk, alg)
        return key_from_jwk(circumstances.entropy.token(12), private, circumstances.now, status)
    except JoseError as reason:
        raise Invalid(str(reason), field="alg" if jwk is None else "jwk") from None


async def publish(circumstances: Circumstances, ring: KeyRing, key: Key) -> KeyRing:
    """The ring with one key more, published and not yet used. Raises `Taken` for a `kid` it has, and `Invalid`."""
    stored = await _read(circumstances)
    current = _arranged(stored, ring)
    _check_room(current, key)
    published = replace(key, status="next")
    return _keep(circumstances, stored, KeyRing((*current.keys, published)))


async def rotate(circumstances: Circumstances, ring: KeyRing, new: Key) -> KeyRing:
    """The ring in which `new` signs; the keys of its algorithm before it stay published. Raises `Taken`, `Invalid`.

    `new` may be in the ring already, as `next`.
    """
    stored = await _read(circumstances)
    current = _arranged(stored, ring)
    if all(key.id != new.id for key in current.keys):
        _check_room(current, new)
    return _keep(circumstances, stored, current.rotated(new))


async def retire(circumstances: Circumstances, ring: KeyRing, kid: str) -> KeyRing:
    """The ring in which this key signs no more; it stays published.

    Raises `NotFound`, and `Taken` for the only key that signs with its algorithm: applications rely on it.
    """
    stored = await _read(circumstances)
    current = _arranged(stored, ring)
    key = next((key for key in current.keys if key.kid == kid), None)
    if key is None:
        raise NotFound(f"this realm has no key {shown(kid)}")
    if not any(other.alg == key.alg and other.status == "current" and other.kid != kid for other in current.keys):
        raise Taken(f"{shown(kid)} is the only key that signs with {key.alg}; rotate, which puts another in its place")
    retired = (replace(key, status="retired") if key.kid == kid else key for key in current.keys)
    return _keep(circumstances, stored, KeyRing(tuple(retired)))


async def load_ring(circumstances: Circumstances, ring: KeyRing) -> KeyRing:
    """The keys as they are stored now; `ring`, what the realm began with, as long as none are."""
    return _arranged(await _read(circumstances), ring)


async def _read(circumstances: Circumstances) -> list[Key]:
    return await circumstances.records.find(Key, limit=MOST_KEYS + 1)


def _arranged(stored: list[Key], ring: KeyRing) -> KeyRing:
    if not stored:
        return ring
    places = {key.id: place for place, key in enumerate(ring.keys)}
    return KeyRing(tuple(sorted(stored, key=lambda key: (places.get(key.id, MOST_KEYS), key.created_at, key.id))))


def _keep(circumstances: Circumstances, stored: list[Key], ring: KeyRing) -> KeyRing:
    """Write what differs from the keys as they were read: of two who read the same, one alone has its way."""
    read = {key.id: key for key in stored}
    for key in ring.keys:
        if key.id not in read:
            circumstances.records.write(Add(replace(key, version=0)))
        elif key != read[key.id]:
            circumstances.records.write(Swap(replace(key, version=read[key.id].version)))
    return ring


def _check_room(ring: KeyRing, new: Key) -> None:
    if any(key.kid == new.kid for key in ring.keys):
        raise Taken(f"this realm has a key {shown(new.kid)} already; kids must differ", field="jwk")
    if len(ring.keys) >= MOST_KEYS:
        raise Invalid(f"this realm has {len(ring.keys)} keys; at most {MOST_KEYS} are possible", field="alg")
