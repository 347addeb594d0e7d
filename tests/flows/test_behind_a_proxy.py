"""A provider behind a reverse proxy that ends TLS: people sign in, and clients present certificates."""

import ssl
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.web.server import serving
from oidc_harness.web.settings import MutualTls, ServerSettings
from tests.support import records
from tests.support.certificates import Held, authority
from tests.support.http import Http, Sent
from tests.support.proxy import CA_FILE, Proxy, proxy
from tests.support.refusals import refused
from tests.support.world import World

FORM = [("grant_type", "client_credentials"), ("client_id", "web")]
MACHINE: dict[str, Any] = {
    "grant_types": ("client_credentials",),
    "response_types": (),
    "redirect_uris": (),
    "secret_hash": None,
}
CLIENTS = authority()
"""Who vouches for clients."""


@asynccontextmanager
async def behind(directory: Path, held: Held | None = None) -> AsyncIterator[tuple[World, Proxy]]:
    """A realm as clients see it that know the proxy alone, and may have a certificate."""
    (directory / "clients.pem").write_bytes(CLIENTS.held.pem)
    async with proxy(directory, CLIENTS) as front:
        mutual_tls = MutualTls(url=front.url, ca_file=str(directory / "clients.pem"))
        settings = ServerSettings(
            port=0, public_url=front.url, trusted_proxies=("127.0.0.1",), mutual_tls=mutual_tls, root_realm="shop"
        )
        async with serving(settings) as server:
            realm = await server.realms.make("shop", RealmPolicy())
            front.target = f"http://127.0.0.1:{server.port}"
            context = ssl.create_default_context(cafile=str(directory / CA_FILE))
            if held is not None:
                held.present(context, directory)
            async with Http(context) as http:
                yield World(realm, http), front


async def test_people_sign_in(tmp_path: Path) -> None:
    """All that pages and cookies say is of the address that people know; the journal has theirs."""
    async with behind(tmp_path) as (world, front):
        application = await world.people()
        sent = {"client_id": "web", "response_type": "code", "scope": "openid", "redirect_uri": records.REDIRECT_URI}
        begun = await world.get_page("/authorize", list(sent.items()))
        assert begun.location.startswith(f"{front.url}/login?")
        browser = dict([begun.set_cookies[0].partition(";")[0].split("=")])
        form = (await world.http.send(Sent("GET", begun.location, cookies=browser))).page.forms[0]
        assert form.action.startswith(f"{front.url}/login?")
        filled = [("username", records.ALICE), ("password", records.PASSWORD)]
        own = {"Origin": front.url}
        signed_in = await world.http.send(Sent("POST", form.action, form=filled, headers=own, cookies=browser))
        assert signed_in.location.startswith(f"{front.url}/authorize?")
        assert signed_in.cookie("oidc_session")
        assert all("; Secure" in cookie for cookie in (*begun.set_cookies, *signed_in.set_cookies))
        exchange = world.realm.journal.exchanges()[-1]
        assert (exchange.request.client_address, exchange.request.asked_at) == ("127.0.0.1", front.url)
        assert application.realm.issuer == front.url


async def test_a_form_from_elsewhere_is_refused(tmp_path: Path) -> None:
    """Also where it says that it was sent to the provider's inner address."""
    async with behind(tmp_path) as (world, front):
        for origin in (front.target, "https://evil.test"):
            answer = await world.send("POST", "/login", form=[("username", "a")], headers={"Origin": origin})
            assert answer.status == 403


async def test_clients_present_certificates_to_the_proxy(tmp_path: Path) -> None:
    held = CLIENTS.issue("CN=shop,O=Example")
    async with behind(tmp_path, held) as (world, _):
        fields = {"token_endpoint_auth_method": "tls_client_auth", "tls_client_auth_subject_dn": "CN=shop,O=Example"}
        await world.client(**MACHINE, **fields)
        aliases = (await world.send("GET", "/.well-known/openid-configuration")).json["mtls_endpoint_aliases"]
        answer = await world.http.send(Sent("POST", aliases["token_endpoint"], form=FORM))
        assert answer.json["token_type"] == "Bearer"


async def test_nobody_else_can_say_what_the_proxy_says(tmp_path: Path) -> None:
    """A client that knows the certificate of another one, and has not its key."""
    held = CLIENTS.issue("CN=shop,O=Example")
    claimed = f":{b64encode(held.der).decode()}:"
    async with behind(tmp_path) as (world, _):
        fields = {"token_endpoint_auth_method": "tls_client_auth", "tls_client_auth_subject_dn": "CN=shop,O=Example"}
        await world.client(**MACHINE, **fields)
        headers = {"Client-Cert": claimed, "X-Forwarded-For": "203.0.113.9"}
        answer = await world.send("POST", "/token", form=FORM, headers=headers)
        refused(answer, "invalid_client", 401)
        assert world.realm.journal.exchanges()[-1].request.client_address == "127.0.0.1"
