"""Apache's mod_auth_openidc, Debian's package: people sign in through pages, by every response type, and out again."""

import html
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import parse_qsl, quote_plus, urlencode, urlsplit

import pytest
from joserfc.jwk import RSAKey

from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.relying_party.browser import Visit
from oidc_harness.relying_party.user_agent import LOGIN_PAGE, UserAgent
from tests.support import records
from tests.support.world import MakeWorld, World

from .apache import Apache, apache_command, folder_of_apache, running_apache
from .programs import free_port

pytestmark = pytest.mark.interop

RESPONSES = [
    ("code", "query"),
    ("code", "fragment"),
    ("code", "form_post"),
    ("id_token", "fragment"),
    ("id_token token", "form_post"),
    ("code id_token", "fragment"),
    ("code id_token", "form_post"),
    ("code token", "fragment"),
    ("code id_token token", "form_post"),
]


@dataclass(frozen=True)
class Site:
    """A website that nobody may see who is not signed in, and a browser in front of it."""

    world: World
    apache: Apache
    browser: UserAgent

    @property
    def inside(self) -> str:
        """What only those see who are signed in."""
        return self.apache.base + "/inside"

    async def sign_in(self, start: str | None = None) -> Mapping[str, Any]:
        """Open the website and sign in at the provider; gives what the website knows of its visitor."""
        visit = await self.browser.sign_in(start or self.inside, records.ALICE, records.PASSWORD)
        if visit.page.url.startswith(self.apache.callback + "#"):
            visit = await self._run_script(visit)
        return self._known(visit)

    async def refresh(self, told: Mapping[str, Any]) -> Mapping[str, Any]:
        """Let Apache fetch new tokens; gives what the website knows then."""
        query = {"refresh": self.inside, "access_token": told["OIDC_access_token"]}
        return self._known(await self.browser.get(f"{self.apache.callback}?{urlencode(query)}"))

    async def sign_out(self) -> Visit:
        """Let Apache end its session and the provider's."""
        return await self.browser.sign_out(f"{self.apache.callback}?logout={quote_plus(self.apache.base)}/goodbye")

    async def is_signed_in(self) -> bool:
        """Whether the website opens without anything at the provider."""
        hops = (await self.browser.get(self.inside)).hops
        return not any(hop.url.startswith(self.world.issuer) for hop in hops)

    async def _run_script(self, visit: Visit) -> Visit:
        """What the page for an answer in the fragment does by itself: post its form with what is there."""
        [form] = visit.page.forms
        answer = parse_qsl(urlsplit(visit.page.url).fragment, keep_blank_values=True)
        return await self.browser.post(self.apache.callback, [*form.pairs({}), *answer])

    def _known(self, visit: Visit) -> Mapping[str, Any]:
        assert not self.apache.complaints
        assert visit.page.url == self.inside, visit
        told: Mapping[str, Any] = json.loads(visit.page.text)
        return told


Open: TypeAlias = Callable[..., Awaitable[Site]]


@pytest.fixture
async def open_site(make_world: MakeWorld, tmp_path: Path) -> AsyncIterator[Open]:
    """Opens a website: `registered` is what differs in its registration, where `{base}` is its address."""
    command = apache_command()
    async with AsyncExitStack() as stack:

        async def open_it(registered: Mapping[str, Any] | None = None, **settings: str) -> Site:
            world, port = await make_world(RealmPolicy()), free_port()
            base = f"http://localhost:{port}"
            await world.people(**_registration(base, registered or {}))
            module = {
                "OIDCProviderMetadataURL": world.issuer + "/.well-known/openid-configuration",
                "OIDCClientID": records.CLIENT_ID,
                "OIDCClientSecret": records.SECRET,
                "OIDCScope": '"openid email offline_access"',
                # Refresh tokens are for those who ask for consent (OIDC Core 11).
                "OIDCAuthRequestParams": "prompt=consent",
                **settings,
            }
            apache = await stack.enter_async_context(running_apache(command, tmp_path, port, module))
            return Site(world, apache, await stack.enter_async_context(UserAgent()))

        yield open_it


def _registration(base: str, differing: Mapping[str, Any]) -> dict[str, Any]:
    usual = {"redirect_uris": (f"{base}/callback",), "post_logout_redirect_uris": (f"{base}/goodbye",)}
    there = {
        name: value.replace("{base}", base) if isinstance(value, str) else value for name, value in differing.items()
    }
    return {**usual, **there}


@pytest.mark.parametrize(("response_type", "response_mode"), RESPONSES)
async def test_a_person_signs_in_and_out(response_type: str, response_mode: str, open_site: Open) -> None:
    settings = {"OIDCResponseType": f'"{response_type}"', "OIDCResponseMode": response_mode}
    registered: dict[str, Any] = {"response_types": (response_type,)}
    if "code" in response_type.split():
        registered["pkce"], settings["OIDCPKCEMethod"] = "S256", "S256"
    if response_type != "code":
        registered["grant_types"] = ("authorization_code", "implicit", "refresh_token")
    site = await open_site(registered, **settings)
    assert not await site.is_signed_in()

    told = await site.sign_in()
    assert (told["OIDC_CLAIM_sub"], told["OIDC_CLAIM_iss"]) == ("user-alice", site.world.issuer)
    assert told["OIDC_CLAIM_email"] == "alice@people.example"
    assert await site.is_signed_in()

    goodbye = await site.sign_out()
    assert goodbye.page.url == site.apache.base + "/goodbye"
    assert (await site.browser.get(site.inside)).page.has(LOGIN_PAGE)
    assert not site.apache.complaints


async def test_the_session_gets_new_tokens(open_site: Open) -> None:
    site = await open_site()
    before = await site.sign_in()
    after = await site.refresh(before)
    assert after["OIDC_access_token"] != before["OIDC_access_token"]
    assert (await site.refresh(after))["OIDC_CLAIM_sub"] == "user-alice"


@pytest.mark.parametrize("alg", ["RS256", "PS512", "ES256", "HS256"])
async def test_the_session_ends_by_the_back_channel(alg: str, open_site: Open) -> None:
    registered = {"backchannel_logout_uri": "{base}/callback?logout=backchannel", "id_token_signed_response_alg": alg}
    site = await open_site(registered)
    if alg not in ("RS256", "HS256"):
        await site.world.rotate(alg)
    await site.sign_in()
    assert await site.is_signed_in()

    await site.browser.sign_out(site.world.issuer + "/end_session")
    assert not await site.is_signed_in()
    assert not site.apache.complaints


async def test_the_session_ends_by_the_front_channel(open_site: Open) -> None:
    registered = {"frontchannel_logout_uri": "{base}/callback?logout=get", "frontchannel_logout_session_required": True}
    site = await open_site(registered)
    await site.sign_in()

    goodbye = await site.browser.sign_out(site.world.issuer + "/end_session")
    [frame] = re.findall(r'<iframe src="([^"]+)"', goodbye.page.text)
    assert await site.is_signed_in()
    await site.browser.get(html.unescape(frame))
    assert not await site.is_signed_in()
    assert not site.apache.complaints


async def test_everything_is_signed_and_encrypted(open_site: Open, tmp_path: Path) -> None:
    key = RSAKey.generate_key(2048, {"kid": "apache"})
    for name, private in (("private", True), ("public", False)):
        (tmp_path / f"{name}.pem").write_bytes(key.as_pem(private=private))
    registered = {
        "jwks": (key.as_dict(private=False),),
        "token_endpoint_auth_method": "private_key_jwt",
        "request_object_signing_alg": "RS256",
        "id_token_encrypted_response_alg": "RSA-OAEP",
        "id_token_encrypted_response_enc": "A256GCM",
        "userinfo_signed_response_alg": "RS256",
        "userinfo_encrypted_response_alg": "RSA-OAEP",
    }
    site = await open_site(
        registered,
        OIDCPrivateKeyFiles=f"apache#{tmp_path}/private.pem",
        OIDCPublicKeyFiles=f"apache#{tmp_path}/public.pem",
        OIDCProviderTokenEndpointAuth="private_key_jwt",
        OIDCUserInfoSignedResponseAlg="RS256",
        OIDCUserInfoEncryptedResponseAlg="RSA-OAEP",
        OIDCRequestObject=json.dumps(json.dumps(REQUEST_OBJECT)),
    )
    told = await site.sign_in()
    assert (told["OIDC_CLAIM_sub"], told["OIDC_CLAIM_email"]) == ("user-alice", "alice@people.example")
    first = next(exchange for exchange in site.world.exchanges if exchange.endpoint == "authorize")
    assert "request" in dict(first.request.query)
    assert (await site.refresh(told))["OIDC_access_token"] != told["OIDC_access_token"]


REQUEST_OBJECT = {
    "copy_from_request": ["response_type", "client_id", "redirect_uri", "scope", "state", "nonce", "prompt"],
    "crypto": {"sign_alg": "RS256"},
    "request_object_type": "request",
}


async def test_apache_registers_itself(make_world: MakeWorld, tmp_path: Path) -> None:
    world, port = await make_world(RealmPolicy(dynamic_registration="open")), free_port()
    await world.add(records.user())
    registration = {
        "backchannel_logout_uri": f"http://localhost:{port}/callback?logout=backchannel",
        # The module would give its own address, and one by http is none that a third party may be told (OIDC Core 4).
        "initiate_login_uri": "https://localhost/callback",
    }
    async with AsyncExitStack() as stack:
        settings = {
            "OIDCMetadataDir": stack.enter_context(folder_of_apache()),
            "OIDCScope": '"openid email"',
            "OIDCPKCEMethod": "S256",
            "OIDCResponseType": '"code id_token"',
            "OIDCProviderRegistrationEndpointJson": json.dumps(json.dumps(registration)),
        }
        apache = await stack.enter_async_context(running_apache(apache_command(), tmp_path, port, settings))
        site = Site(world, apache, await stack.enter_async_context(UserAgent()))
        # It asks for the provider first.
        [form] = (await site.browser.get(site.inside)).page.forms
        told = await site.sign_in(f"{form.action}?{urlencode(form.pairs({'iss': world.issuer}))}")
        assert told["OIDC_CLAIM_email"] == "alice@people.example"

        await site.browser.sign_out(world.issuer + "/end_session")
        [asked_again] = (await site.browser.get(site.inside)).page.forms
        assert asked_again.action == form.action
