"""What can be done with the keys of a realm, for the control API and for its page."""

from collections.abc import Awaitable, Callable, Mapping

from oidc_harness.harness.realm import Realm
from oidc_harness.model.key import Key, KeyAlgorithm
from oidc_harness.services import key_life, keys
from oidc_harness.services.circumstances import Circumstances

Change = Callable[[Circumstances, str], Awaitable[None]]

CHANGES: Mapping[str, Change] = {"use": key_life.use, "retire": key_life.retire, "remove": key_life.remove}
"""What can be done with a key there is, each by its `kid`."""


async def publish_key(realm: Realm, alg: KeyAlgorithm) -> Key:
    """Publish a new key, which does not sign yet. Raises `Taken` where the set is full."""

    async def act(circumstances: Circumstances) -> Key:
        return await key_life.publish(circumstances, await keys.make(circumstances, alg))

    made = await realm.transact(act)
    await realm.reload_keys()
    return made


async def rotate_key(realm: Realm, alg: KeyAlgorithm) -> None:
    """Publish a new key and sign with it from now on."""

    async def act(circumstances: Circumstances) -> None:
        await keys.rotate(circumstances, realm.keys, await keys.make(circumstances, alg))

    await realm.transact(act)
    await realm.reload_keys()


async def change_key(realm: Realm, kid: str, change: Change) -> None:
    """Lead one key on. Raises `NotFound`, and `Taken` where it is needed as it is."""
    await realm.transact(lambda circumstances: change(circumstances, kid))
    await realm.reload_keys()
