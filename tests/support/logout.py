"""Clients that are told of the end of a session: where they are asked, and how what they are told is judged."""

import asyncio
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from joserfc import jws
from joserfc.errors import SecurityWarning
from joserfc.jwk import import_key
from oic.oic.message import BackChannelLogoutRequest, LogoutToken
from oic.utils.keyio import KeyJar

from oidc_harness.harness.postman import send_due
from oidc_harness.model.outbox import LogoutNotice
from oidc_harness.protocol.jose import decode_unverified
from oidc_harness.web.settings import OutboundPolicy
from tests.support.client import Client
from tests.support.http import Answer, Sent
from tests.support.oracle import NOT_SIGNED_IN_PYOIDC
from tests.support.world import World

PRIVATE = OutboundPolicy(allow_private=True)
AFTERWARDS = "https://rp.example/signed-out"


@dataclass
class Listener:
    """A server of clients: answers with one status after the other, the last again and again, and keeps all forms."""

    base: str = ""
    statuses: list[int] = field(default_factory=lambda: [200])
    forms: list[dict[str, str]] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    """The paths asked, with their queries."""
    asked: asyncio.Event = field(default_factory=asyncio.Event)

    async def answer(self, request: web.BaseRequest) -> web.Response:
        """Keep what came; hang up without an answer for the status 0."""
        assert request.method == "POST"
        assert request.content_type == "application/x-www-form-urlencoded"
        self.asked.set()
        self.heard.append(request.path_qs)
        self.forms.append({name: str(value) for name, value in (await request.post()).items()})
        status = self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]
        if status == 0 and request.transport is not None:
            request.transport.abort()
        return web.Response(status=status or 500, headers={"Cache-Control": "no-store"})


@asynccontextmanager
async def listening() -> AsyncIterator[Listener]:
    """A listener on a free port."""
    listener = Listener()
    runner = web.ServerRunner(web.Server(listener.answer), shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    listener.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield listener
    finally:
        await runner.cleanup()


async def accept_logout_token(form: dict[str, str], client: Client) -> dict[str, Any]:
    """The claims of a logout token that a careful client takes (OIDC Back-Channel Logout 2.4, 2.6)."""
    assert form.keys() == {"logout_token"}
    token, alg = form["logout_token"], expected_algorithm(client)
    keys = (await client.http.send(Sent("GET", client.realm.issuer + "/jwks"))).json
    judge = _judged_by_joserfc if alg in NOT_SIGNED_IN_PYOIDC else _judged_by_pyoidc
    claims = judge(token, alg, keys, client)
    header, _ = decode_unverified(token)
    assert (header["alg"], header["typ"]) == (alg, "logout+jwt")
    assert claims["exp"] - claims["iat"] == 120
    assert "nonce" not in claims
    return claims


def expected_algorithm(client: Client) -> str:
    """As ID tokens are signed, and never unsigned."""
    own = client.application.id_token_signed_response_alg
    return "RS256" if own == "none" else own


def _judged_by_pyoidc(token: str, alg: str, keys: Any, client: Client) -> dict[str, Any]:
    jar = KeyJar()
    jar.import_jwks(keys, client.realm.issuer)
    if alg.startswith("HS"):
        jar.add_symmetric("", client.secret, ["ver"])
    request = BackChannelLogoutRequest(logout_token=token)
    assert request.verify(iss=client.realm.issuer, aud=client.id, keyjar=jar, sigalg=alg, skew=client.addressee.skew)
    claims: dict[str, Any] = request["logout_token"].to_dict()
    claims["aud"] = claims["aud"][0]
    return claims


def _judged_by_joserfc(token: str, alg: str, keys: Any, client: Client) -> dict[str, Any]:
    """pyoidc has no such signatures, and judges the claims alone."""
    [jwk] = [key for key in keys["keys"] if key["kid"] == decode_unverified(token)[0]["kid"]]
    with warnings.catch_warnings():
        # joserfc warns of the name EdDSA, which RFC 9864 replaces by Ed25519; OpenID Connect still uses the old one.
        warnings.simplefilter("ignore", SecurityWarning)
        jws.deserialize_compact(token, import_key(jwk), algorithms=[alg])
    claims = dict(decode_unverified(token)[1])
    assert LogoutToken(**claims).verify(iss=client.realm.issuer, aud=client.id, skew=client.addressee.skew)
    return claims


async def told_client(world: World, listener: Listener, id: str = "web", **changes: Any) -> Client:
    """An application that wants to be told."""
    usual = {"backchannel_logout_uri": f"{listener.base}/{id}?of=client", "post_logout_redirect_uris": (AFTERWARDS,)}
    return await world.client(**{"id": id, **usual, **changes})


async def leave(world: World, cookies: dict[str, str], hint: str) -> Answer:
    query = [("id_token_hint", hint), ("post_logout_redirect_uri", AFTERWARDS), ("state", "s")]
    return await world.get_page("/end_session", query, cookies)


async def settled(world: World, *states: str) -> list[LogoutNotice]:
    """The notices of the realm after its outbox was looked through, which must leave them in these states."""
    await send_due(world.realm)
    notices = await world.all(LogoutNotice)
    assert sorted(notice.state for notice in notices) == sorted(states)
    return notices
