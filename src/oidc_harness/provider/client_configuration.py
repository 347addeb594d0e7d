"""Client configuration endpoint — RFC 7592 2: a client reads, updates and deletes its own registration."""

from dataclasses import dataclass

from oidc_harness.model.application import Application
from oidc_harness.model.registration import Registration
from oidc_harness.model.write import Write
from oidc_harness.protocol.about import About
from oidc_harness.protocol.client_metadata import check_method, described, parse_metadata
from oidc_harness.protocol.client_registration import Registered, check_update, information
from oidc_harness.protocol.registration_access import bearer, check_may_manage, check_offered
from oidc_harness.protocol.request import Request
from oidc_harness.protocol.software_statement import vouched
from oidc_harness.provider.decision import Decision, Empty, Json
from oidc_harness.provider.endpoint import Phases
from oidc_harness.provider.provider import Provider
from oidc_harness.provider.registration import check_sector_of, configuration_address, refuse
from oidc_harness.storage.port import Records

_PATH = "/register/"


@dataclass(frozen=True, slots=True, eq=False)
class Facts:
    """The client, what there is to tell of it, and what is to be written."""

    application: Application
    registered: Registered | None
    """None: it is no more."""
    writes: tuple[Write, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Caller:
    """A client that has proven that a registration is its own."""

    application: Application
    registration: Registration
    presented: str


async def load(request: Request, records: Records, provider: Provider) -> Facts:
    """Whose registration it is, and what the rules of applications say to what is asked."""
    check_offered(provider.policy)
    caller = await _load_caller(request, records)
    registrar = provider.registrar(records)
    registered = None
    if request.method == "DELETE":
        await registrar.delete(caller.application)
    elif request.method == "PUT":
        metadata = parse_metadata(request.body)
        secret = check_update(metadata, caller.application)
        came = vouched(metadata, provider.policy, provider.issuer, provider.now)
        fields = described(came.metadata)
        check_sector_of(fields, provider.outside)
        check_method(fields, provider.authentication_methods)
        registration = caller.registration.with_statement(came.statement)
        registered = await registrar.update(registration, fields, secret, caller.presented)
    else:
        registered = await registrar.read(caller.registration, caller.application, caller.presented)
    return Facts(caller.application, registered, registrar.writes)


async def _load_caller(request: Request, records: Records) -> _Caller:
    presented = bearer(request)
    client_id = request.path.removeprefix(_PATH)
    registration = await records.get(Registration, client_id)
    application = await records.get(Application, client_id)
    registration, application = check_may_manage(presented, registration, application)
    return _Caller(application, registration, presented)


async def named(request: Request, records: Records) -> Application | None:
    """The client whose address was asked for."""
    return await records.get(Application, request.path.removeprefix(_PATH))


def about(facts: Facts) -> About:
    """The client itself."""
    return About("client_configuration", facts.application)


def decide(request: Request, facts: Facts, provider: Provider) -> Decision:
    """The registration as it is now (2.1, 2.2), or nothing (2.3)."""
    if facts.registered is None:
        return Decision(Empty(204), facts.writes, about(facts))
    members = information(facts.registered, configuration_address(facts.registered, provider))
    return Decision(Json(members), facts.writes, about(facts))


PHASES = Phases(load, decide, refuse, about, named)
