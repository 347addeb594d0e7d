"""The signing keys of a realm: make and rotate (OIDC Core 10.1.1).

A realm begins with ready-made keys that are no records yet; the first change of its ring makes them records.
"""

import asyncio
from dataclasses import replace

from oidc_harness.model.key import Key, KeyRing
from oidc_harness.model.write import Add, Remove, Swap
from oidc_harness.protocol.jose import JoseError, generate_private_jwk, key_from_jwk
from oidc_harness.services.circumstances import Circumstances
from oidc_harness.services.errors import Invalid

MOST_KEYS = 100
"""Keys a realm can have; every client fetches all of them."""


async def make(circumstances: Circumstances, alg: str) -> Key:
    """A new key for `alg`, not in any ring yet. Raises `Invalid`.

    Generated off the event loop: an RSA key takes tens of milliseconds.
    """
    try:
        id = circumstances.entropy.token(12)
        while True:
            private = await asyncio.to_thread(generate_private_jwk, alg)
            key = key_from_jwk(id, private, circumstances.now, "next")
            # On a command line such a key id would pass for an option.
            if not key.kid.startswith("-"):
                return key
    except JoseError as reason:
        raise Invalid(str(reason), field="alg") from None


async def rotate(circumstances: Circumstances, ring: KeyRing, new: Key) -> KeyRing:
    """The ring in which `new` signs; the keys of its algorithm before it stay published.

    In a full ring the oldest retired key makes room: what it signed is to be verified for a while, not for ever.
    """
    stored = await _read(circumstances)
    return _keep(circumstances, stored, _with_room(_arranged(stored, ring)).rotated(new))


async def load_ring(circumstances: Circumstances, ring: KeyRing) -> KeyRing:
    """The keys as they are stored now; `ring`, what the realm began with, as long as none are."""
    return _arranged(await _read(circumstances), ring)


async def keep_ring(circumstances: Circumstances, ring: KeyRing) -> None:
    """Store the keys of the realm as they are in this ring."""
    _keep(circumstances, await _read(circumstances), ring)


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
    kept = {key.id for key in ring.keys}
    circumstances.records.write(*(Remove(key) for key in stored if key.id not in kept))
    return ring


def _with_room(ring: KeyRing) -> KeyRing:
    """The ring with fewer keys than a realm can have. Of each algorithm one key signs, so the rest is retired."""
    retired = sorted((key for key in ring.keys if key.status == "retired"), key=lambda key: (key.created_at, key.id))
    dropped = {key.id for key in retired[: max(0, len(ring.keys) + 1 - MOST_KEYS)]}
    return KeyRing(tuple(key for key in ring.keys if key.id not in dropped))
