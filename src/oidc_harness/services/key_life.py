"""The life of a realm's keys: published, used, retired, removed (OIDC Core 10.1.1, 10.2.1).

A key is published before it signs, so that clients have it by then, and stays published when it signs no more, until
somebody removes it: what it signed is to be verified. A key that others encrypt to is published no more when it is
retired, and opens what still comes, until it is removed.
"""

from dataclasses import fields, replace

from oidc_harness.model.application import Application
from oidc_harness.model.key import Key, KeyRing
from oidc_harness.services import keys
from oidc_harness.services.addresses import shown
from oidc_harness.services.circumstances import Circumstances
from oidc_harness.services.errors import NotFound, Taken
from oidc_harness.services.paging import each

_CHOICES = tuple(field.name for field in fields(Application) if field.name.endswith("_signed_response_alg"))
"""Settings of an application that ask for signatures by an algorithm."""
_ENCRYPTION = "request_object_encryption_alg"
"""The setting that asks for a key to encrypt to."""
_INDISPENSABLE = "RS256"
"""What every provider signs with (OIDC Core 15.1)."""


async def publish(circumstances: Circumstances, new: Key) -> Key:
    """Put a new key into the key set, where it waits to be used. Raises `Taken` where the set is full."""
    ring = await keys.load_ring(circumstances, circumstances.keys)
    if len(ring.keys) >= keys.MOST_KEYS:
        raise Taken(f"the key set has {len(ring.keys)} keys, and cannot have more; remove retired ones first")
    await keys.keep_ring(circumstances, KeyRing((*ring.keys, new)))
    return new


async def use(circumstances: Circumstances, kid: str) -> None:
    """Use this key from now on; the one before it for the same algorithm is retired. Raises `NotFound`."""
    ring = await keys.load_ring(circumstances, circumstances.keys)
    await keys.keep_ring(circumstances, ring.rotated(_find(ring, kid)))


async def retire(circumstances: Circumstances, kid: str) -> None:
    """Use this key no more; one that signs stays published. Raises `NotFound`, and `Taken` for one that is needed."""
    ring = await keys.load_ring(circumstances, circumstances.keys)
    key = _find(ring, kid)
    if key.use == "sig" and key.status == "current":
        await _check_dispensable(circumstances, key)
    after = KeyRing(tuple(replace(each, status="retired") if each.id == key.id else each for each in ring.keys))
    if key.use == "enc":
        await _check_encryption(circumstances, after)
    await keys.keep_ring(circumstances, after)


async def remove(circumstances: Circumstances, kid: str) -> None:
    """Publish this key no more: what it signed cannot be verified any longer. Raises `NotFound` and `Taken`."""
    ring = await keys.load_ring(circumstances, circumstances.keys)
    key = _find(ring, kid)
    if key.status == "current":
        task = "signs for" if key.use == "sig" else "opens what is encrypted by"
        raise Taken(f"this key {task} {key.alg}; use another one, or retire it, before it is removed")
    await keys.keep_ring(circumstances, KeyRing(tuple(each for each in ring.keys if each.id != key.id)))


def _find(ring: KeyRing, kid: str) -> Key:
    found = next((key for key in ring.keys if key.kid == kid), None)
    if found is None:
        raise NotFound(f"there is no key {shown(kid)} in this realm")
    return found


async def _check_dispensable(circumstances: Circumstances, key: Key) -> None:
    """Nothing that is promised goes unsigned: no other key signs for this algorithm."""
    instead = "use another key of this algorithm, which retires this one"
    if key.alg == _INDISPENSABLE:
        raise Taken(f"every provider signs with {key.alg} (OIDC Core 15.1); {instead}")
    async for application in each(circumstances.records, Application):
        if key.alg in (getattr(application, name) for name in _CHOICES):
            raise Taken(f"application {shown(application.id)} asks for {key.alg}; {instead}")


async def _check_encryption(circumstances: Circumstances, after: KeyRing) -> None:
    """Who said by what it encrypts finds a key for that (OIDC Registration 2)."""
    left = after.encryption_algorithms()
    async for application in each(circumstances.records, Application):
        alg = getattr(application, _ENCRYPTION)
        if alg is not None and alg not in left:
            raise Taken(f"application {shown(application.id)} encrypts by {alg}; publish another key for it first")
