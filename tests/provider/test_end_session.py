"""The end session endpoint (OIDC RP-Initiated Logout 1.0): who is sent where, and who is asked first."""

from dataclasses import dataclass
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from oidc_harness.harness.shipped_keys import keys_for
from oidc_harness.model.application import Application
from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.model.session import Session
from oidc_harness.model.user import User
from oidc_harness.protocol.jose import base64url, sign
from tests.support import assertions, records
from tests.support.client import Client, Tokens, changed
from tests.support.http import Answer
from tests.support.refusals import told_person
from tests.support.world import MakeWorld, World

FORM = RealmPolicy(consent="implied")
AFTERWARDS = "https://rp.example/signed-out"
STATE = "s" * 128


@dataclass(frozen=True)
class SignedIn:
    """A browser in which Alice has signed in at an application."""

    world: World
    client: Client
    tokens: Tokens
    cookies: dict[str, str]

    async def leave(self, method: str = "GET", **changes: Any) -> Answer:
        """Go to the endpoint as the application asks for it; None leaves a parameter out."""
        usual = {"id_token_hint": self.tokens.id_token, "post_logout_redirect_uri": AFTERWARDS, "state": STATE}
        pairs = changed(usual, changes)
        place: dict[str, Any] = {"query": pairs} if method == "GET" else {"form": pairs}
        return await self.world.send(method, "/end_session", cookies=self.cookies, **place)

    async def press(self, answer: Answer, button: str, **changes: str) -> Answer:
        """Answer the question on the page."""
        form, control = answer.page.form_of(button)
        pairs = [(name, changes.get(name, value)) for name, value in form.pairs({}, control)]
        assert form.action == f"{self.world.issuer}/end_session"
        return await self.world.send("POST", "/end_session", form=pairs, cookies=self.cookies)

    async def is_signed_in(self) -> bool:
        """Whether `prompt=none` gets an answer in this browser."""
        answer = await self.client.authorize(cookies=self.cookies, prompt="none")
        error = answer.redirect.parameters.get("error")
        assert error in (None, "login_required")
        return error is None


@pytest.fixture
async def signed_in(make_world: MakeWorld) -> SignedIn:
    return await sign_in(await make_world(FORM))


async def sign_in(world: World, **application: Any) -> SignedIn:
    await world.add(records.user())
    client = await world.client(**{"post_logout_redirect_uris": (AFTERWARDS,), **application})
    cookies = await world.sign_in(records.user())
    return SignedIn(world, client, await client.sign_in(cookies=cookies), cookies)


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_the_hint_proves_it_and_the_browser_goes_back(method: str, signed_in: SignedIn) -> None:
    answer = await signed_in.leave(method)
    assert answer.location == f"{AFTERWARDS}?state={STATE}"
    assert answer.cookie("oidc_session_") == ""
    assert not await signed_in.is_signed_in()
    assert await signed_in.world.all(Session) == []


async def test_without_state_none_is_made_up(signed_in: SignedIn) -> None:
    assert (await signed_in.leave(state=None)).location == AFTERWARDS
    assert not await signed_in.is_signed_in()


async def test_it_may_be_asked_for_twice(signed_in: SignedIn) -> None:
    await signed_in.leave()
    assert (await signed_in.leave()).location == f"{AFTERWARDS}?state={STATE}"
    signed_in.cookies.clear()
    assert (await signed_in.leave()).location == f"{AFTERWARDS}?state={STATE}"


async def test_an_expired_hint_is_still_a_hint(signed_in: SignedIn) -> None:
    signed_in.world.realm.clock.advance(10 * 3600)
    assert (await signed_in.leave()).location.startswith(AFTERWARDS)


@pytest.mark.parametrize(
    "uri",
    [
        "https://attacker.example/",
        AFTERWARDS + "/",
        AFTERWARDS + "?a=b",
        AFTERWARDS + "#",
        AFTERWARDS.upper(),
        records.REDIRECT_URI,
        "//rp.example/signed-out",
        "javascript:alert(1)",
    ],
)
async def test_nobody_is_sent_to_an_unregistered_place(uri: str, signed_in: SignedIn) -> None:
    told_person(await signed_in.leave(post_logout_redirect_uri=uri))
    assert await signed_in.is_signed_in()
    signed_in.cookies.clear()
    told_person(await signed_in.leave(post_logout_redirect_uri=uri))


async def test_where_none_is_registered_the_redirect_uris_serve(make_world: MakeWorld) -> None:
    signed_in = await sign_in(await make_world(FORM), post_logout_redirect_uris=())
    told_person(await signed_in.leave())
    answer = await signed_in.leave(post_logout_redirect_uri=records.REDIRECT_URI)
    assert answer.location == f"{records.REDIRECT_URI}?state={STATE}"


def foreign_hints(signed_in: SignedIn) -> dict[str, str]:
    """Hints that this provider has not issued."""
    header, payload, signature = signed_in.tokens.id_token.split(".")
    claims = dict(signed_in.tokens.claims)
    [own, *_] = keys_for(signed_in.world.realm.name)
    ec = assertions.key("ES256", own.kid)
    by_public_key = OctKey.import_key(own.public_jwk)
    return {
        "alg none": ".".join((base64url(b'{"alg":"none"}'), payload, "")),
        "its signature cut off": f"{header}.{payload}.",
        "another key": jwt.encode({"alg": "ES256", "kid": own.kid}, claims, ec, algorithms=["ES256"]),
        "the public key as a secret": jwt.encode({"alg": "HS256"}, claims, by_public_key, algorithms=["HS256"]),
        "changed claims": f"{header}.{payload[:-4]}AAAA.{signature}",
        "another issuer": sign({**claims, "iss": "https://elsewhere.example"}, key=own),
        "no subject": sign({"iss": claims["iss"], "aud": claims["aud"]}, key=own),
        "an audience that is no text": sign({**claims, "aud": {"a": 1}}, key=own),
        "no token": "hint",
        "an access token": signed_in.tokens.access,
    }


@pytest.mark.parametrize(
    "what",
    [
        "alg none",
        "its signature cut off",
        "another key",
        "the public key as a secret",
        "changed claims",
        "another issuer",
        "no subject",
        "an audience that is no text",
        "no token",
        "an access token",
    ],
)
async def test_a_hint_that_is_not_ours_leads_nowhere(what: str, signed_in: SignedIn) -> None:
    hint = foreign_hints(signed_in)[what]
    told_person(await signed_in.leave(id_token_hint=hint))
    assert await signed_in.is_signed_in()
    signed_in.cookies.clear()
    told_person(await signed_in.leave(id_token_hint=hint))


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    "changes",
    [
        {"id_token_hint": None},
        {"id_token_hint": None, "client_id": "web"},
        {"id_token_hint": None, "client_id": "unknown"},
        {"id_token_hint": None, "post_logout_redirect_uri": "https://attacker.example/"},
        {"id_token_hint": None, "post_logout_redirect_uri": None, "state": None},
        {"id_token_hint": None, "post_logout_redirect_uri": None},
    ],
)
async def test_without_a_hint_the_person_is_asked(changes: dict[str, Any], method: str, signed_in: SignedIn) -> None:
    question = await signed_in.leave(method, **changes)
    assert (question.status, question.page.has("logout-page")) == (200, True)
    assert await signed_in.is_signed_in()
    answer = await signed_in.press(question, "logout-confirm")
    # Signed out, and sent nowhere: nothing proves that the client asked. The person is told so.
    assert (answer.status, answer.page.has("logged-out-page")) == (200, True)
    kept_from = changes.get("post_logout_redirect_uri", AFTERWARDS)
    assert answer.page.has("logged-out-kept-here") == (kept_from is not None)
    if kept_from is not None:
        assert kept_from in answer.page.text_of("logged-out-kept-here")
    assert not await signed_in.is_signed_in()


async def test_with_the_hint_alone_the_page_says_so(signed_in: SignedIn) -> None:
    answer = await signed_in.leave(post_logout_redirect_uri=None)
    assert (answer.status, answer.page.has("logged-out-page")) == (200, True)
    assert not await signed_in.is_signed_in()


async def test_the_person_may_stay(signed_in: SignedIn) -> None:
    question = await signed_in.leave(id_token_hint=None)
    answer = await signed_in.press(question, "logout-cancel")
    assert answer.status == 200
    assert "Location" not in answer.headers
    assert await signed_in.is_signed_in()


@pytest.mark.parametrize("confirmation", ["", "wrong", "é", "A" * 43])
async def test_no_other_page_answers_in_the_name_of_the_person(confirmation: str, signed_in: SignedIn) -> None:
    question = await signed_in.leave(id_token_hint=None)
    again = await signed_in.press(question, "logout-confirm", confirmation=confirmation)
    assert again.page.has("logout-page")
    assert await signed_in.is_signed_in()


async def test_the_hint_of_another_session_is_no_proof(signed_in: SignedIn) -> None:
    """It may be Alice's in another browser: this one is asked, and then sent to the registered place."""
    world = signed_in.world
    elsewhere = await world.sign_in(records.user(), "d" * 43)
    others = await signed_in.client.sign_in(cookies=elsewhere)
    question = await signed_in.leave(id_token_hint=others.id_token)
    assert question.page.has("logout-page")
    answer = await signed_in.press(question, "logout-confirm")
    assert answer.location == f"{AFTERWARDS}?state={STATE}"
    assert not await signed_in.is_signed_in()
    assert len(await world.all(Session)) == 1


async def test_the_hint_of_another_person_is_no_proof(signed_in: SignedIn) -> None:
    world = signed_in.world
    await world.add(records.user("bob"))
    elsewhere = await world.sign_in(records.user("bob"), "b" * 43)
    others = await signed_in.client.sign_in(cookies=elsewhere)
    assert (await signed_in.leave(id_token_hint=others.id_token)).page.has("logout-page")
    assert await signed_in.is_signed_in()


async def test_the_client_id_must_be_that_of_the_hint(signed_in: SignedIn) -> None:
    await signed_in.world.client(id="other", post_logout_redirect_uris=(AFTERWARDS,))
    for client_id in ("other", "unknown"):
        told_person(await signed_in.leave(client_id=client_id))
    assert await signed_in.is_signed_in()
    assert (await signed_in.leave(client_id="web")).status == 303


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("changes", [{"state": ["a", "b"]}, {"id_token_hint": ["a", "b"]}, {"x": ["a", "b"]}])
async def test_a_repeated_parameter_is_refused(changes: dict[str, Any], method: str, signed_in: SignedIn) -> None:
    told_person(await signed_in.leave(method, **changes))
    assert await signed_in.is_signed_in()


@pytest.mark.parametrize("alg", ["RS256", "PS256", "ES256", "EdDSA", "HS256", "HS512"])
@pytest.mark.parametrize("client_id", [None, "web"])
async def test_a_hint_of_every_algorithm(alg: Any, client_id: str | None, make_world: MakeWorld) -> None:
    signed_in = await sign_in(await make_world(FORM), id_token_signed_response_alg=alg)
    assert (await signed_in.leave(client_id=client_id)).location == f"{AFTERWARDS}?state={STATE}"
    assert not await signed_in.is_signed_in()


async def test_the_application_or_the_person_may_be_gone(signed_in: SignedIn) -> None:
    await signed_in.world.remove(User, "user-alice")
    assert (await signed_in.leave()).status == 303
    await signed_in.world.remove(Application, "web")
    answer = await signed_in.leave()
    assert answer.page.has("logged-out-page")


async def test_what_was_given_for_longer_lives_on(signed_in: SignedIn) -> None:
    """The session ends, not the grant: `offline_access` is meant to outlive it (OIDC Core 11)."""
    tokens = await signed_in.client.sign_in("openid offline_access", cookies=signed_in.cookies)
    await signed_in.leave()
    await signed_in.client.renew(tokens)


async def test_the_other_browser_stays_signed_in(signed_in: SignedIn) -> None:
    elsewhere = await signed_in.world.sign_in(records.user(), "d" * 43)
    await signed_in.leave()
    answer = await signed_in.client.authorize(cookies=elsewhere, prompt="none")
    assert "code" in answer.redirect.parameters
