"""CPU of one full flow: authorize with automatic sign-in, token with PKCE and RS256 ID token, userinfo."""

from benchmarks.flow import Driver
from benchmarks.process import ServerProcess, running
from benchmarks.report import Pair, print_pairs

ROUNDS = 7
FLOWS = 1500
WARM_UP = 200


def run() -> None:
    """Both servers run at once; each round drives one, then the other."""
    with running("benchmarks.harness_server") as harness, running("benchmarks.bare") as bare:
        servers = [(harness, Driver(harness.issuer)), (bare, Driver(bare.issuer))]
        for _, driver in servers:
            _drive(driver, WARM_UP)
        pairs = [Pair(*(_milliseconds(server, driver) for server, driver in servers)) for _ in range(ROUNDS)]
    print_pairs("CPU per flow of three requests and one signature, journal on", "ms", pairs, aim=1.6)


def _milliseconds(server: ServerProcess, driver: Driver) -> float:
    before = server.cpu_seconds()
    _drive(driver, FLOWS)
    return (server.cpu_seconds() - before) * 1000 / FLOWS


def _drive(driver: Driver, flows: int) -> None:
    for _ in range(flows):
        driver.sign_in()
