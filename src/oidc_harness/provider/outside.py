"""Documents that a decision needs and that stand somewhere else: key sets, request objects (`jwks_uri`, `request_uri`).

An endpoint never waits for the network. It says what it wants; the runner fetches that with no transaction open, and
runs the endpoint again.
"""

from oidc_harness.model.fetched_document import FetchedDocument
from oidc_harness.protocol.fingerprint import fingerprint
from oidc_harness.storage.port import Records


class Wanted(Exception):
    """A document has to be fetched before this can be decided."""

    def __init__(self, url: str) -> None:
        """`url`: where it stands."""
        super().__init__(f"{url} is to be fetched")
        self.url = url


async def load_document(url: str, records: Records, *, now: int, max_age: int) -> FetchedDocument:
    """The document as it was found at most `max_age` seconds ago. Raises `Wanted` where it was not.

    What was found later than now was found before the realm's clock was set back, and how old it is nobody knows.
    """
    document = await records.get(FetchedDocument, fingerprint(url))
    if document is None or not now - max_age <= document.fetched_at <= now:
        raise Wanted(url)
    return document
