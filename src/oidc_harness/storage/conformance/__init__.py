"""StoreConformance: inherit, give a fixture `store`, pass. Needs pytest and pytest-asyncio.

class TestMyStore(StoreConformance):
    @pytest.fixture
    async def store(self) -> AsyncIterator[Store]:
        store = MyStore()
        yield store
        await store.close()
"""

import pytest

from oidc_harness.storage.conformance.isolation import IsolationCases
from oidc_harness.storage.conformance.lifetime import LifetimeCases
from oidc_harness.storage.conformance.own_writes import OwnWriteCases
from oidc_harness.storage.conformance.queries import QueryCases
from oidc_harness.storage.conformance.races import RaceCases
from oidc_harness.storage.conformance.transactions import TransactionCases

__all__ = ["StoreConformance"]


@pytest.mark.asyncio
class StoreConformance(TransactionCases, OwnWriteCases, QueryCases, LifetimeCases, IsolationCases, RaceCases):
    """Every promise of `storage/port.py` as tests. The fixture `store` gives an empty, open store."""
