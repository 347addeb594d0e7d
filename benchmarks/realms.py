"""What a realm costs to make, and whether dropping it frees everything."""

import asyncio
import gc
import time
import tracemalloc

from benchmarks.report import print_value
from oidc_harness.harness.realms import Realms

ROUNDS = 5
REALMS = 500


def run() -> None:
    """Make and drop many realms in one server."""
    made, left = asyncio.run(_measure())
    print_value("Making a realm with its keys", made, "ms", aim=1.0)
    print_value("Memory left per dropped realm", left, "bytes")


async def _measure() -> tuple[list[float], list[float]]:
    from oidc_harness.web.server import serving
    from oidc_harness.web.settings import ServerSettings

    made: list[float] = []
    left: list[float] = []
    async with serving(ServerSettings(port=0)) as server:
        await _make_and_drop(server.realms, "warm")
        for number in range(ROUNDS):
            tracemalloc.start()
            gc.collect()
            before = tracemalloc.get_traced_memory()[0]
            await _make_and_drop(server.realms, f"traced{number}")
            gc.collect()
            left.append((tracemalloc.get_traced_memory()[0] - before) / REALMS)
            tracemalloc.stop()
            made.append(await _make_and_drop(server.realms, f"timed{number}"))
    return made, left


async def _make_and_drop(realms: Realms, prefix: str) -> float:
    names = [f"{prefix}-{number}" for number in range(REALMS)]
    begun = time.perf_counter()
    for name in names:
        await realms.make(name)
    elapsed = (time.perf_counter() - begun) * 1000 / REALMS
    for name in names:
        await realms.drop(name)
    return elapsed
