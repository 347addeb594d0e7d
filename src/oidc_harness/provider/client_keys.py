"""Load the keys of a client, from its `jwks_uri` where they stand there (A25, OIDC Core 10.1.1, 10.2.1)."""

from collections.abc import Callable

from oidc_harness.model.application import Application
from oidc_harness.protocol.client_keys import ClientKeys, read_key_set
from oidc_harness.protocol.encryption import Encrypted, Encryption, registered_encryption
from oidc_harness.provider.outside import Outside, load_document
from oidc_harness.storage.port import Records

KEPT_SECONDS = 3600
"""How long a key set is used that has every key that is asked for."""
COOL_DOWN_SECONDS = 30
"""How long a key set is not fetched again, whatever is asked for: nobody can make this server send many requests."""


async def load_client_keys(
    application: Application, suffices: Callable[[ClientKeys], bool], records: Records, outside: Outside
) -> ClientKeys | None:
    """The keys of this client; None where they are registered by value, or not at all.

    `suffices`: whether what is wanted is among them, so that it is not worth while to look again. Raises `Wanted` where
    they are to be fetched first.
    """
    url = application.jwks_uri
    if url is None:
        return None
    found = await _load_key_set(url, records, outside, KEPT_SECONDS)
    return found if suffices(found) else await _load_key_set(url, records, outside, COOL_DOWN_SECONDS)


async def load_encryption(
    application: Application | None, purpose: Encrypted, records: Records, outside: Outside
) -> Encryption | None:
    """How documents of this kind are encrypted for this client, and to what; None: they are not.

    No document says that a key it might be encrypted to is out of date, so they are fetched as often as they may be.
    Raises `Wanted` where they are to be fetched first.
    """
    if application is None or registered_encryption(application, purpose, ClientKeys()) is None:
        return None
    keys = ClientKeys(application.jwks)
    if application.jwks_uri is not None:
        keys = await _load_key_set(application.jwks_uri, records, outside, COOL_DOWN_SECONDS)
    return registered_encryption(application, purpose, keys)


async def _load_key_set(url: str, records: Records, outside: Outside, max_age: int) -> ClientKeys:
    document = await load_document(url, records, outside, max_age=max_age)
    return read_key_set(url, document.content, document.failure)
