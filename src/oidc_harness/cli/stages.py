"""Stages: where scenarios are performed, with the bundled clients or with one of the user's."""

import re
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass

from oidc_harness.cli.browser_driver import BrowserDriver, ClientAddresses
from oidc_harness.harness.driver import CannotDo, Performance
from oidc_harness.harness.given import USUAL_ALG, RegisteredClient, with_client
from oidc_harness.harness.realm import Realm
from oidc_harness.harness.realms import Realms
from oidc_harness.harness.scenario_files import ScenarioFile
from oidc_harness.harness.seed import SeedError, seed
from oidc_harness.harness.world import RealmWorld, WrittenApplication
from oidc_harness.relying_party.application import Application
from oidc_harness.relying_party.careful import CarefulClient
from oidc_harness.relying_party.careless import CarelessClient
from oidc_harness.relying_party.client import Client, Clock
from oidc_harness.relying_party.registration import Registration
from oidc_harness.relying_party.serving import base_url, listen, serving
from oidc_harness.relying_party.user_agent import UserAgent

BUNDLED: dict[str, Callable[[Registration, Clock], Client]] = {"careful": CarefulClient, "careless": CarelessClient}
_AUTH_METHODS = ("none", "client_secret_basic", "client_secret_post", "client_secret_jwt")
_TEST_SECRET = "a-secret-of-64-characters-or-more-long-enough-for-every-hmac-algorithm"


@dataclass(frozen=True, slots=True)
class BundledStage:
    """One of our clients, its web application started anew for each run, each run in a realm of its own."""

    realms: Realms
    client_name: str
    timeout_seconds: float
    """How long the careful client waits for an answer."""
    numbers: Iterator[int]
    """Tells the realms of its runs apart."""

    @asynccontextmanager
    async def performance(self, file: ScenarioFile, world: RealmWorld) -> AsyncIterator[Performance]:
        """A fresh realm with this world and nothing armed, and the scenario's client with a fresh browser."""
        written = _application(file, world)
        with closing(listen()) as listener:
            url = base_url(listener)
            client = _bundled(written, url)
            name = f"{_slug(self.client_name, file.name)}-{next(self.numbers)}"
            async with temporary_realm(self.realms, name, with_client(world, written.id, client)) as realm:
                registration = _registration(written, client, realm, self.timeout_seconds)
                application = Application(BUNDLED[self.client_name](registration, realm.clock.now))
                async with serving(application.web_application(), listener), UserAgent() as agent:
                    driver = BrowserDriver(agent, ClientAddresses(url, *_PATHS))
                    yield Performance(realm, driver, written.id)


_PATHS = ("/login", "/whoami", "/refresh", "/api", "/logout")


@dataclass(frozen=True, slots=True)
class ForeignStage:
    """A client of the user's. It knows one issuer, so the realm under it is made anew for each run."""

    realms: Realms
    realm_name: str
    client: RegisteredClient
    addresses: ClientAddresses
    timeout_seconds: float
    """How long one of its pages may take."""

    @asynccontextmanager
    async def performance(self, file: ScenarioFile, world: RealmWorld) -> AsyncIterator[Performance]:
        """A fresh realm with this world and nothing armed, and the user's client with a fresh browser."""
        _check_kind(_written(file, world), self.client)
        registered = with_client(world, file.scenario.given.application, self.client)
        agent = UserAgent(self.timeout_seconds)
        try:
            async with temporary_realm(self.realms, self.realm_name, registered) as realm, agent:
                yield Performance(realm, BrowserDriver(agent, self.addresses), self.client.client_id)
        except SeedError as error:
            raise CannotDo(f"your client cannot be registered as this application: {error}") from None


@asynccontextmanager
async def temporary_realm(realms: Realms, name: str, world: RealmWorld) -> AsyncIterator[Realm]:
    """A realm with everything its world holds, for as long as the context lasts. Raises `SeedError`."""
    realm = await realms.make(name, world.policy, world.seed)
    try:
        await seed(realm, world)
        yield realm
    finally:
        await realms.drop(name)


def _written(file: ScenarioFile, world: RealmWorld) -> WrittenApplication:
    return next(each for each in world.applications if each.id == file.scenario.given.application)


def _check_kind(written: WrittenApplication, client: RegisteredClient) -> None:
    """A client of the user's is one registration. What is about another kind of client says nothing of it."""
    if written.public and client.secret is not None:
        raise CannotDo(
            "this is about a public client, and yours is registered with a secret; --client-secret '' says it has none"
        )
    if written.backchannel_logout_uri and client.backchannel_logout_uri is None:
        raise CannotDo("this is about a client that is told of logouts; --backchannel-logout-uri says where yours is")
    alg = written.id_token_signed_response_alg
    if alg not in (USUAL_ALG, client.id_token_alg):
        raise CannotDo(
            f"this is about a client whose ID tokens are signed with {alg}, and yours is registered for"
            f" {client.id_token_alg}; --id-token-alg says for which"
        )


def _application(file: ScenarioFile, world: RealmWorld) -> WrittenApplication:
    written = _written(file, world)
    if written.token_endpoint_auth_method not in _AUTH_METHODS:
        raise CannotDo(f"the bundled clients do not authenticate by {written.token_endpoint_auth_method}")
    return written


def _bundled(written: WrittenApplication, url: str) -> RegisteredClient:
    """A bundled client can be whatever the fixture says."""
    return RegisteredClient(
        client_id=written.id,
        secret=_secret(written),
        redirect_uri=f"{url}/callback",
        auth_method=written.token_endpoint_auth_method,
        id_token_alg=written.id_token_signed_response_alg,
        post_logout_redirect_uri=f"{url}/logged-out",
        backchannel_logout_uri=f"{url}/backchannel-logout",
    )


def _secret(written: WrittenApplication) -> str | None:
    return None if written.token_endpoint_auth_method == "none" else written.secret or _TEST_SECRET


def _registration(
    written: WrittenApplication, client: RegisteredClient, realm: Realm, timeout_seconds: float
) -> Registration:
    return Registration(
        issuer=realm.issuer,
        client_id=client.client_id,
        client_secret=client.secret,
        redirect_uri=client.redirect_uri,
        post_logout_redirect_uri=client.post_logout_redirect_uri or "",
        auth_method=written.token_endpoint_auth_method,
        id_token_alg=written.id_token_signed_response_alg,
        timeout_seconds=timeout_seconds,
    )


def _slug(*words: str) -> str:
    """As the names of realms are: small letters, digits and inner hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", "-".join(words).lower())[:50].strip("-")
