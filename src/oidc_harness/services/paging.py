"""Go through all records of an index, page by page."""

from collections.abc import AsyncIterator

from oidc_harness.storage.port import R, Records

PAGE = 100
"""Records read at a time."""


async def each(records: Records, kind: type[R], **where: str) -> AsyncIterator[R]:
    """Every record whose indexes have these values, ordered by id."""
    after = ""
    while True:
        page = await records.find(kind, after=after, limit=PAGE, **where)
        for record in page:
            yield record
        if len(page) < PAGE:
            return
        after = page[-1].id
