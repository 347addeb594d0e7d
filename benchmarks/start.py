"""Cold start: from nothing to the first discovery document; and memory then.

What is started is `oidc-harness serve` with its usual world, as a person would start it.
"""

import time

from benchmarks.flow import Driver
from benchmarks.process import running
from benchmarks.report import Pair, print_pairs

ROUNDS = 9
HARNESS = ("oidc_harness", "serve", "--port", "0")
BARE = ("benchmarks.bare",)


def run() -> None:
    """Each round starts one server, then the other, each in a new process."""
    _start(*HARNESS)
    _start(*BARE)
    rounds = [(_start(*HARNESS), _start(*BARE)) for _ in range(ROUNDS)]
    times = [Pair(harness[0], bare[0]) for harness, bare in rounds]
    print_pairs("Cold start to the first discovery document", "ms", times, aim=1.25)
    memory = [Pair(harness[1], bare[1]) for harness, bare in rounds]
    print_pairs("Resident memory after the first discovery document", "MiB", memory, aim=1.4)


def _start(*arguments: str) -> tuple[float, float]:
    begun = time.perf_counter()
    with running(*arguments) as server:
        Driver(server.issuer).discover()
        elapsed = (time.perf_counter() - begun) * 1000
        return elapsed, server.resident_bytes() / 2**20
