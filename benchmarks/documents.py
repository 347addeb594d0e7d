"""CPU of one document, beside a bare aiohttp server that gives the same bytes.

A server is at its limit when its CPU is: 1.25 times the CPU for each request is 0.8 times the throughput.
"""

from benchmarks.flow import Driver
from benchmarks.prepared import PATHS
from benchmarks.process import ServerProcess, running
from benchmarks.report import Pair, print_pairs

ROUNDS = 9
REQUESTS = 5000
WARM_UP = 500


def run() -> None:
    """Both servers run at once; each round drives one, then the other."""
    with running("benchmarks.harness_server") as harness, running("benchmarks.prepared", harness.issuer) as bare:
        servers = [(harness, Driver(harness.issuer)), (bare, Driver(bare.issuer))]
        for path in PATHS:
            for _, driver in servers:
                _drive(driver, path, WARM_UP)
            pairs = [Pair(*(_microseconds(*server, path) for server in servers)) for _ in range(ROUNDS)]
            print_pairs(f"CPU per GET {path}, journal on", "µs", pairs, aim=1.25)


def _microseconds(server: ServerProcess, driver: Driver, path: str) -> float:
    before = server.cpu_seconds()
    _drive(driver, path, REQUESTS)
    return (server.cpu_seconds() - before) * 1_000_000 / REQUESTS


def _drive(driver: Driver, path: str, requests: int) -> None:
    for _ in range(requests):
        driver.fetch(path)
