"""A provider with one application and one person, and a client's web application in front of it."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from oidc_harness.harness.postman import send_due
from oidc_harness.harness.realm import Realm
from oidc_harness.model import application as model
from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.model.user import User
from oidc_harness.model.write import Add, Swap
from oidc_harness.protocol.fingerprint import fingerprint
from oidc_harness.relying_party.application import Application
from oidc_harness.relying_party.browser import Visit
from oidc_harness.relying_party.client import Client, Clock, Document
from oidc_harness.relying_party.registration import Registration
from oidc_harness.relying_party.serving import base_url, listen, serving
from oidc_harness.relying_party.user_agent import UserAgent
from oidc_harness.services import members
from oidc_harness.web.server import serving as serving_provider
from oidc_harness.web.settings import OutboundPolicy, ServerSettings

SECRET = "a-client-secret-of-more-than-thirty-two-bytes"
AUTOMATIC = RealmPolicy(sign_in="auto", default_persona="ann", consent="implied", refresh_tokens="always")

Make = Callable[[Registration, Clock], Client]


@dataclass
class World:
    """Everything a test looks at."""

    realm: Realm
    url: str
    agent: UserAgent
    client: Client

    async def login(self, query: str = "") -> Visit:
        """Sign in through the client."""
        return await self.agent.get(f"{self.url}/login{query}")

    async def signed_in_as(self) -> str | None:
        """Whom the client shows."""
        return (await self.agent.probe(f"{self.url}/whoami")).sub

    async def post(self, path: str) -> Visit:
        """Use one of the client's buttons."""
        return await self.agent.post(f"{self.url}{path}", [])

    async def end_sessions(self) -> None:
        """End Ann's sessions with the application at the provider, which tells the client where it is to be told."""
        await self.realm.transact(lambda given: members.end_sessions(given, "client-1", "user-ann"))
        await send_due(self.realm)

    def codes(self) -> list[str]:
        """The codes that were sent to the token endpoint, in their order."""
        exchanges = self.realm.journal.exchanges()
        forms = [dict(each.request.form) for each in exchanges if each.endpoint == "token"]
        return [form["code"] for form in forms if "code" in form]

    def asked(self, endpoint: str, **form: str) -> int:
        """How many requests to an endpoint the realm has answered, those with these fields."""
        wanted = set(form.items())
        return sum(
            exchange.endpoint == endpoint and wanted <= set(exchange.request.form)
            for exchange in self.realm.journal.exchanges()
        )

    async def change(self, record: Any) -> None:
        """Swap a record for a changed copy."""
        async with self.realm.records() as records:
            records.write(Swap(record))

    async def user(self) -> User:
        """Ann, as she is stored."""
        async with self.realm.records() as records:
            found = await records.get(User, "user-ann")
        assert found is not None
        return found

    async def application(self) -> model.Application:
        """The application, as it is stored."""
        async with self.realm.records() as records:
            found = await records.get(model.Application, "client-1")
        assert found is not None
        return found


@dataclass(frozen=True)
class Settings:
    """What differs from the usual world."""

    policy: RealmPolicy = AUTOMATIC
    application: Document = field(default_factory=dict)
    registration: Document = field(default_factory=dict)
    is_told: bool = False
    """Whether the client is told of logouts by the back channel."""


class Open(Protocol):
    """The fixture that opens worlds."""

    async def __call__(self, make: Make, settings: Settings | None = None) -> World: ...


@asynccontextmanager
async def world(make: Make, settings: Settings | None = None) -> AsyncIterator[World]:
    """Serve a provider and a client, with a browser that has seen neither."""
    chosen = settings or Settings()
    async with serving_provider(ServerSettings(port=0, outbound=OutboundPolicy(allow_private=True))) as provider:
        realm = await provider.realms.make("default", chosen.policy)
        listener = listen()
        own = base_url(listener)
        registration = _registration(realm, own, chosen)
        await _fill(realm, registration, chosen)
        client = make(registration, realm.clock.now)
        async with serving(Application(client).web_application(), listener) as url, UserAgent() as agent:
            yield World(realm, url, agent, client)


def _registration(realm: Realm, own: str, settings: Settings) -> Registration:
    registration = Registration(
        issuer=realm.issuer,
        client_id="client-1",
        client_secret=SECRET,
        redirect_uri=f"{own}/callback",
        post_logout_redirect_uri=f"{own}/logged-out",
        timeout_seconds=5.0,
    )
    return replace(registration, **settings.registration)


async def _fill(realm: Realm, registration: Registration, settings: Settings) -> None:
    async with realm.transaction() as circumstances:
        application = model.Application(
            id=registration.client_id,
            name="A client",
            redirect_uris=(registration.redirect_uri,),
            post_logout_redirect_uris=(registration.post_logout_redirect_uri,),
            secret_hash=fingerprint(SECRET),
            secret_sealed=circumstances.seal(SECRET),
        )
        if settings.is_told:
            told = registration.redirect_uri.replace("/callback", "/backchannel-logout")
            application = replace(application, backchannel_logout_uri=told)
        user = User(
            id="user-ann",
            username="ann",
            email="ann@example.org",
            email_key="ann@example.org",
            test_password="a known test value",
        )
        circumstances.records.write(Add(replace(application, **settings.application)))
        circumstances.records.write(Add(user))
