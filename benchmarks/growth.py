"""Does a flow cost more after many, and does memory grow? The realm's clock moves on, so that what expires is swept."""

from benchmarks.flow import Driver
from benchmarks.process import ServerProcess, running
from benchmarks.report import print_value

MARKS = (1_000, 10_000, 20_000, 30_000, 40_000, 50_000)
WINDOW = 1_000
"""Flows before each mark whose CPU is measured."""
SECONDS_PER_FLOW = 4
"""Virtual seconds between two sign-ins. The longest-lived record of the world lives four hours: 3,600 flows."""


def run() -> None:
    """50,000 flows against one server."""
    with running("benchmarks.harness_server") as server:
        driver = Driver(server.issuer)
        marks = _climb(server, driver)
    print(f"\nGrowth over {MARKS[-1]} flows, {SECONDS_PER_FLOW} virtual seconds apart")
    for flows, (cpu, memory) in marks.items():
        print(f"  after {flows:>6} flows: {cpu:.3f} ms CPU per flow, {memory:.1f} MiB resident")
    print_value("Memory at 50,000 flows against 10,000", [marks[50_000][1] / marks[10_000][1]], "times", aim=1.1)


def _climb(server: ServerProcess, driver: Driver) -> dict[int, tuple[float, float]]:
    marks: dict[int, tuple[float, float]] = {}
    done = 0
    for mark in MARKS:
        _drive(server, driver, mark - WINDOW - done)
        before = server.cpu_seconds()
        _drive(server, driver, WINDOW)
        marks[mark] = (server.cpu_seconds() - before) * 1000 / WINDOW, server.resident_bytes() / 2**20
        done = mark
    return marks


def _drive(server: ServerProcess, driver: Driver, flows: int) -> None:
    for number in range(flows):
        driver.sign_in()
        if number % 10 == 9:
            server.advance(10 * SECONDS_PER_FLOW)
