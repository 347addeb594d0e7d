"""Fetching: how a realm looks at a document of somebody else's, and what it keeps of it."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from oidc_harness.harness.clock import system_time
from oidc_harness.model.fetched_document import FetchedDocument
from oidc_harness.model.write import Add, Swap
from oidc_harness.protocol.fingerprint import fingerprint
from oidc_harness.services.circumstances import Circumstances

KEPT_SECONDS = 86_400
"""How long a document is kept that nobody asks for again."""
Fetch = Callable[[str], Awaitable[str]]
"""From a URL to the text that stands there. Raises `FetchFailed`."""


class FetchFailed(Exception):
    """A document cannot be had; the message says why, for people."""


class NotAsked(FetchFailed):
    """Nobody was asked, for our own reasons, so nothing was learnt of the document."""


async def fetch_nothing(url: str) -> str:
    """A server without a way out."""
    raise FetchFailed(f"{url} was not asked: this server sends no requests")


async def look(url: str, fetch: Fetch, now: int) -> FetchedDocument:
    """The document as it stands there now, or why it cannot be had. Raises `NotAsked`."""
    try:
        content, failure = await fetch(url), ""
    except NotAsked:
        raise
    except FetchFailed as reason:
        content, failure = None, str(reason)
    return found_at(url, now, content, failure)


def found_at(url: str, now: int, content: str | None, failure: str) -> FetchedDocument:
    """What a look brought: the text, or why there is none."""
    return FetchedDocument(
        id=fingerprint(url),
        url=url,
        fetched_at=now,
        system_time=int(system_time()),
        content=content,
        failure=failure,
        expires_at=now + KEPT_SECONDS,
    )


async def keep(circumstances: Circumstances, found: FetchedDocument) -> None:
    """Remember a document in place of what was known of it before."""
    known = await circumstances.records.get(FetchedDocument, found.id)
    write = Add(found) if known is None else Swap(replace(found, version=known.version))
    circumstances.records.write(write)
