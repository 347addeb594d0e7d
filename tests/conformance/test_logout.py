"""Signing out, by RP-initiated logout, and how other clients hear of it."""

import re
from collections.abc import Mapping
from html import unescape
from typing import Any
from urllib.parse import parse_qsl

from oic.oic.message import BackChannelLogoutRequest, FrontChannelLogoutRequest
from oic.utils.keyio import KeyJar

from tests.conformance import keys
from tests.conformance.client import Client
from tests.conformance.leaving import AFTERWARDS, Session
from tests.conformance.suite import Suite
from tests.support.elsewhere import Elsewhere
from tests.support.jwt_oracle import header_of
from tests.support.oracle import plain
from tests.support.request_objects import unsigned


async def _session(suite: Suite, **members: Any) -> Session:
    client, person = await suite.client(post_logout_redirect_uris=[AFTERWARDS], **members), suite.person()
    return Session(client, person, await client.sign_in(person))


async def test_oidcc_rp_initiated_logout_discovery_endpoint_verification(suite: Suite) -> None:
    assert suite.metadata["end_session_endpoint"].startswith("https://")


async def test_oidcc_rp_initiated_logout(suite: Suite) -> None:
    session = await _session(suite)
    assert len(session.state) == 128
    assert (await session.leave()).location == f"{AFTERWARDS}?state={session.state}"
    await session.is_over()


async def test_oidcc_rp_initiated_logout_no_state(suite: Suite) -> None:
    session = await _session(suite)
    assert (await session.leave(state=None)).location == AFTERWARDS
    await session.is_over()


async def test_oidcc_rp_initiated_logout_bad_post_logout_redirect_uri(suite: Suite) -> None:
    await (await _session(suite)).nobody_is_sent(post_logout_redirect_uri="https://suite.example/elsewhere")


async def test_oidcc_rp_initiated_logout_query_added_to_post_logout_redirect_uri(suite: Suite) -> None:
    await (await _session(suite)).nobody_is_sent(post_logout_redirect_uri=AFTERWARDS + "?foo=bar")


async def test_oidcc_rp_initiated_logout_modified_id_token_hint(suite: Suite) -> None:
    session = await _session(suite)
    await session.nobody_is_sent(id_token_hint=unsigned(dict(session.outcome.claims)))


async def test_oidcc_rp_initiated_logout_bad_id_token_hint(suite: Suite) -> None:
    session = await _session(suite)
    own = header_of(session.outcome.id_token)
    strange = keys.signed(session.outcome.claims, **own)
    await session.nobody_is_sent(id_token_hint=strange)


async def test_oidcc_rp_initiated_logout_no_id_token_hint(suite: Suite) -> None:
    await (await _session(suite)).nobody_is_sent(id_token_hint=None)


async def test_oidcc_rp_initiated_logout_no_params(suite: Suite) -> None:
    nothing = {"id_token_hint": None, "post_logout_redirect_uri": None, "state": None}
    await (await _session(suite)).is_told_to_be_over(**nothing)


async def test_oidcc_rp_initiated_logout_no_post_logout_redirect_uri(suite: Suite) -> None:
    await (await _session(suite)).is_told_to_be_over(post_logout_redirect_uri=None, state=None)


async def test_oidcc_rp_initiated_logout_only_state(suite: Suite) -> None:
    await (await _session(suite)).is_told_to_be_over(id_token_hint=None, post_logout_redirect_uri=None)


async def test_oidcc_frontchannel_logout_discovery_endpoint_verification(suite: Suite) -> None:
    assert suite.metadata["frontchannel_logout_supported"] is True
    assert suite.metadata["frontchannel_logout_session_supported"] is True


async def test_oidcc_frontchannel_rp_initiated_logout(suite: Suite) -> None:
    framed = {
        "frontchannel_logout_uri": "https://suite.example/frame?a=b",
        "frontchannel_logout_session_required": True,
    }
    session = await _session(suite, **framed)
    answer = await session.leave()
    [frame] = re.findall(r'<iframe src="([^"]*)"', answer.text)
    address, _, query = unescape(frame).partition("?")
    assert address == "https://suite.example/frame"
    told = FrontChannelLogoutRequest(**dict(parse_qsl(query)))
    assert told.verify()
    assert told.to_dict() == {"a": "b", "iss": suite.issuer, "sid": session.outcome.claims["sid"]}
    assert "frame-src https://suite.example" in answer.headers["Content-Security-Policy"]
    assert answer.page.link("logged-out-continue") == f"{AFTERWARDS}?state={session.state}"
    [refresh] = re.findall(r'<meta http-equiv="refresh" content="\d+; url=([^"]*)"', answer.text)
    assert unescape(refresh) == f"{AFTERWARDS}?state={session.state}"
    await session.is_over()


async def test_oidcc_backchannel_logout_discovery_endpoint_verification(suite: Suite) -> None:
    assert suite.metadata["backchannel_logout_supported"] is True
    assert suite.metadata["backchannel_logout_session_supported"] is True


async def test_oidcc_backchannel_rp_initiated_logout(suite: Suite, place: Elsewhere) -> None:
    place.documents["/back"] = ""
    told = {"backchannel_logout_uri": place.https + "/back", "backchannel_logout_session_required": True}
    session = await _session(suite, **told)
    answer = await session.leave()
    [form] = place.posted
    claims = await _logout_token(form, session.client)
    assert (claims["sid"], claims["sub"]) == (session.outcome.claims["sid"], session.outcome.claims["sub"])
    assert answer.location == f"{AFTERWARDS}?state={session.state}"
    await session.is_over()


async def _logout_token(form: Mapping[str, str], client: Client) -> Mapping[str, Any]:
    """The claims of a logout token that pyoidc takes (Back-Channel Logout 2.4, 2.6)."""
    assert form.keys() == {"logout_token"}
    jar = KeyJar()
    jar.import_jwks(await client.suite.key_set(), client.suite.issuer)
    request, skew = BackChannelLogoutRequest(**form), client.addressee.skew
    assert request.verify(iss=client.suite.issuer, aud=client.id, keyjar=jar, sigalg="RS256", skew=skew)
    claims = plain(form["logout_token"])
    assert claims["events"] == {"http://schemas.openid.net/event/backchannel-logout": {}}
    assert abs(claims["iat"] - client.suite.now) < 300
    assert claims["jti"]
    assert "nonce" not in claims
    return claims
