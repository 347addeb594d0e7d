"""Load the keys of a client that stand at its `jwks_uri`, again where a token names one that is new (A25)."""

from oidc_harness.model.application import Application
from oidc_harness.protocol.client_keys import ClientKeys, lacks_key, read_key_set
from oidc_harness.provider.outside import Outside, load_document
from oidc_harness.storage.port import Records

KEPT_SECONDS = 3600
"""How long a key set is used that has every key that is asked for."""
COOL_DOWN_SECONDS = 30
"""How long a key set is not fetched again, whatever is asked for: nobody can make this server send many requests."""


async def load_client_keys(
    application: Application, token: str, records: Records, outside: Outside
) -> ClientKeys | None:
    """The keys for a token of this client; None where they are registered by value, or not at all.

    Raises `Wanted` where they are to be fetched first.
    """
    url = application.jwks_uri
    if url is None:
        return None
    document = await load_document(url, records, outside, max_age=KEPT_SECONDS)
    found = read_key_set(url, document.content, document.failure)
    if not lacks_key(found, token):
        return found
    document = await load_document(url, records, outside, max_age=COOL_DOWN_SECONDS)
    return read_key_set(url, document.content, document.failure)
