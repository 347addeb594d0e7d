"""A provider with realms, and real client applications in front of them."""

from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.relying_party.application import Application
from oidc_harness.relying_party.careful import CarefulClient
from oidc_harness.relying_party.registration import Registration
from oidc_harness.relying_party.serving import base_url, listen, serving
from oidc_harness.web.server import Server
from tests.support import records
from tests.support.client import Client
from tests.support.http import Http
from tests.support.world import World

PATIENT_SECONDS = 30.0


@dataclass(frozen=True)
class Shop:
    """A client's web application, and the realm in which its customers sign in."""

    world: World
    client: Client
    url: str

    @property
    def issuer(self) -> str:
        return self.world.issuer


@dataclass(frozen=True)
class Town:
    """One server and everything around it."""

    server: Server
    http: Http
    _open_shops: AsyncExitStack = field(repr=False)

    async def realm(self, name: str = "looking-glass", policy: RealmPolicy | None = None) -> World:
        """A realm in which Alice signs in through pages."""
        world = World(await self.server.realms.make(name, policy or RealmPolicy()), self.http)
        await world.add(records.user())
        return world

    async def shop(self, world: World, host: str = "127.0.0.1", **changes: Any) -> Shop:
        """Open an application. Under `localhost` it is another site than the provider, and not only another origin."""
        listener = listen()
        url = base_url(listener).replace("127.0.0.1", host)
        returns = {"redirect_uris": (f"{url}/callback",), "post_logout_redirect_uris": (f"{url}/logged-out",)}
        client = await world.client(**{**returns, **changes})
        application = Application(CarefulClient(_registration(world, client, url), world.realm.clock.now))
        await self._open_shops.enter_async_context(serving(application.web_application(), listener))
        return Shop(world, client, url)


def _registration(world: World, client: Client, url: str) -> Registration:
    return Registration(
        issuer=world.issuer,
        client_id=client.id,
        client_secret=client.secret,
        redirect_uri=f"{url}/callback",
        post_logout_redirect_uri=f"{url}/logged-out",
        timeout_seconds=PATIENT_SECONDS,
    )
