"""What a transaction asks of its store."""

from collections.abc import Collection
from typing import cast

from oidc_harness.model.write import Remove
from oidc_harness.storage.conformance.probe import Probe, probes
from oidc_harness.storage.port import R
from oidc_harness.storage.transaction import Change, Page, Transaction

PAGE = 10


class Counting:
    """Committed probes that count how often one is read."""

    def __init__(self, *committed: Probe) -> None:
        self.committed = committed
        self.read_count = 0

    async def read(self, kind: type[R], id: str) -> R | None:
        raise NotImplementedError

    async def read_page(self, kind: type[R], page: Page) -> list[R]:
        found = [record for record in self.committed if record.id > page.after][: page.limit]
        self.read_count += len(found)
        return cast(list[R], found)

    async def commit(self, changes: Collection[Change]) -> None:
        assert len(changes) == len(self.committed)


async def test_removing_page_by_page_reads_each_record_once() -> None:
    committed = Counting(*probes(*(f"{number:03}" for number in range(200))))
    after = ""
    async with Transaction(committed) as records:
        while page := await records.find(Probe, after=after, limit=PAGE):
            records.write(*map(Remove, page))
            after = page[-1].id
    assert committed.read_count == 200
