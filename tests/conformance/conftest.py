"""One server by https for all modules, and a realm for each: what a module needs runs once for each of its plans."""

import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass
from inspect import iscoroutinefunction
from itertools import count

import pytest
import pytest_asyncio

pytest.register_assert_rewrite(
    *(f"tests.conformance.{name}" for name in ("checks", "client", "leaving", "person", "suite"))
)

from oidc_harness.client import ControlClient, NewRealm, NewUser  # noqa: E402
from oidc_harness.web.server import serving  # noqa: E402
from oidc_harness.web.settings import OutboundPolicy, SelfSigned, ServerSettings  # noqa: E402
from tests.conformance.modules import BY_TEST  # noqa: E402
from tests.conformance.person import PASSWORD, USERNAME  # noqa: E402
from tests.conformance.plans import Plan  # noqa: E402
from tests.conformance.suite import Suite  # noqa: E402
from tests.support import records  # noqa: E402
from tests.support.elsewhere import Authority, Elsewhere, authority_in, elsewhere  # noqa: E402
from tests.support.http import Http, Sent  # noqa: E402

_numbers = count(1)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a module's test for each of its plans."""
    module = BY_TEST.get(metafunc.function.__name__)
    if module is not None:
        metafunc.parametrize("plan", module.plans, ids=lambda plan: plan.id)


def pytest_itemcollected(item: pytest.Item) -> None:
    """The server lives in one event loop, and whoever talks to it too."""
    if isinstance(item, pytest.Function) and iscoroutinefunction(item.function):
        item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@dataclass(frozen=True)
class Operated:
    """The connections to the server."""

    control: ControlClient
    http: Http


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Whom the provider has to trust where it asks the suite's own server."""
    return authority_in(tmp_path_factory.mktemp("authority"))


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def operated(authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Operated]:
    """Making a certificate and reading those of the system takes a while, so this is done once."""
    ca_file = str(tmp_path_factory.mktemp("tls") / "ca.pem")
    outbound = OutboundPolicy(allow_private=True, ca_file=str(authority.file))
    settings = ServerSettings(port=0, tls=SelfSigned("localhost", ca_file), outbound=outbound)
    async with (
        serving(settings) as server,
        ControlClient(server.base_url, ca_file=ca_file) as control,
        Http(ssl.create_default_context(cafile=ca_file)) as http,
    ):
        yield Operated(control, http)


@pytest_asyncio.fixture(loop_scope="session")
async def suite(operated: Operated, plan: Plan) -> AsyncIterator[Suite]:
    """A realm of this plan's preset with one person in it. A fault of the provider's own fails the test."""
    made = await operated.control.make_realm(NewRealm(name=f"certified-{next(_numbers)}", preset=plan.preset))
    realm = operated.control.realm(made.name)
    profile, email = records.FULL_PROFILE, "alice@people.example"
    await realm.create_user(NewUser(username=USERNAME, password=PASSWORD, email=email, profile=profile))
    clock = await realm.freeze()
    metadata = await operated.http.send(Sent("GET", made.issuer + "/.well-known/openid-configuration"))
    yield Suite(plan, made.issuer, operated.http, realm, clock.now, metadata.json)
    traces = [exchange.trace async for exchange in realm.journal() if exchange.trace]
    await realm.drop()
    assert not traces, "\n".join(traces)


@pytest_asyncio.fixture(loop_scope="session")
async def place(authority: Authority) -> AsyncIterator[Elsewhere]:
    """The suite's own server, which the provider fetches from and posts to."""
    async with elsewhere(authority) as there:
        yield there
