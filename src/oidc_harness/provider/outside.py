"""Documents that a decision needs and that stand somewhere else: key sets, request objects (`jwks_uri`, `request_uri`).

An endpoint never waits for the network. It says what it wants; the runner fetches that with no transaction open, and
runs the endpoint again.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from oidc_harness.model.fetched_document import FetchedDocument
from oidc_harness.protocol.fingerprint import fingerprint
from oidc_harness.storage.port import Records


class Wanted(Exception):
    """A document has to be fetched before this can be decided."""

    def __init__(self, url: str) -> None:
        """`url`: where it stands."""
        super().__init__(f"{url} is to be fetched")
        self.url = url


@dataclass(frozen=True, slots=True, eq=False)
class Outside:
    """What one request knows of the world outside its realm."""

    now: int
    """Seconds since 1970 in the realm's time."""
    system_time: int
    """Seconds since 1970 by the system's clock."""
    seen: Mapping[str, FetchedDocument]
    """What was fetched for this very request, by its URL."""

    def is_fresh(self, document: FetchedDocument, max_age: int) -> bool:
        """Whether it is at most so many seconds old by either clock: one may stand still, the other may be moved.

        What was found later than now was found before a clock was set back, and how old it is nobody knows.
        """
        ages = (self.now - document.fetched_at, self.system_time - document.system_time)
        return all(0 <= age <= max_age for age in ages)


async def load_document(url: str, records: Records, outside: Outside, *, max_age: int) -> FetchedDocument:
    """The document as it was found at most `max_age` seconds ago. Raises `Wanted` where it was not."""
    if url in outside.seen:
        return outside.seen[url]
    document = await records.get(FetchedDocument, fingerprint(url))
    if document is None or not outside.is_fresh(document, max_age):
        raise Wanted(url)
    return document


def document_of_now(url: str, outside: Outside) -> FetchedDocument:
    """The document as it was found for this very request. Raises `Wanted` where it was not looked for yet."""
    if url not in outside.seen:
        raise Wanted(url)
    return outside.seen[url]
