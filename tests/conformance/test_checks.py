"""The checks that every module makes, each where it sees the most."""

from tests.conformance import checks
from tests.conformance.client import Asked
from tests.conformance.suite import Suite
from tests.support.refusals import refused

MUCH = "openid profile email address phone offline_access"


async def test_check_registration(suite: Suite) -> None:
    """What can be asked for at once is told, can be read, and is gone when the client is deleted."""
    client = await suite.client(
        client_uri="https://suite.example/",
        post_logout_redirect_uris=["https://suite.example/out"],
        request_uris=["https://suite.example/request"],
        subject_type="pairwise",
        id_token_signed_response_alg="PS256",
        require_auth_time=True,
    )
    again = await client.manage("GET")
    assert again.status == 200
    once = {"client_secret", "client_secret_expires_at", "registration_access_token"}
    kept = client.registration.keys() - once
    assert {name: again.json.get(name) for name in kept} == {name: client.registration[name] for name in kept}
    await client.sign_in(suite.person())
    gone = await client.manage("DELETE")
    assert (gone.status, gone.text) == (204, "")
    assert (await client.manage("GET")).status == 401
    checks.check_told_person((await client.ask(suite.person())).answer)


async def test_check_id_token(suite: Suite) -> None:
    """With every claim that a request can bring into it, of a second sign-in too."""
    client, person = await suite.client(), suite.person()
    for _ in range(2):
        outcome = await client.sign_in(person, scope=MUCH, prompt="consent", max_age="10000", acr_values="1")
        assert outcome.claims["iss"] == suite.issuer
        assert outcome.claims["exp"] - outcome.claims["iat"] <= 3600
        assert outcome.claims["iat"] - outcome.claims["auth_time"] in (0, 3)
        await suite.wait(3)


async def test_check_authorization_response(suite: Suite) -> None:
    """A state that has to be encoded comes back as it was, and none that was not sent."""
    client, person = await suite.client(), suite.person()
    state = " ä&=+%#\"'<>?/" + suite.random()
    asked = await client.ask(person, state=state)
    await client.accept(Asked(asked.request, await person.sign_in(asked.answer)))
    without = (await client.ask(person, state=None)).answer.redirect
    assert without.mode == suite.plan.response_mode
    assert without.parameters["iss"] == suite.issuer
    assert "state" not in without.parameters


async def test_check_token_response(suite: Suite) -> None:
    client = await suite.client(**suite.grants("refresh_token"))
    outcome = await client.sign_in(suite.person(), scope=MUCH, prompt="consent")
    assert outcome.tokens.keys() == {"access_token", "token_type", "expires_in", "refresh_token", "scope", "id_token"}
    assert set(outcome.tokens["scope"].split()) == set(MUCH.split())


async def test_check_error_responses(suite: Suite) -> None:
    """At the authorization endpoint by redirect, by page; at the others in JSON."""
    client, person = await suite.client(), suite.person()
    for wrong, error in (
        ({"scope": "open\\id"}, "invalid_scope"),
        ({"prompt": "none login"}, "invalid_request"),
        ({"response_type": "magic"}, "unsupported_response_type"),
        ({"max_age": "never"}, "invalid_request"),
    ):
        asked = await client.ask(person, **wrong)
        parameters = asked.answer.redirect.parameters
        assert checks.check_told_client(parameters, asked.request["state"], suite.issuer) == error
    checks.check_told_person((await client.ask(person, client_id="nobody")).answer)
    answer = await person.open(suite.metadata["authorization_endpoint"], [*client.request(prompt="login").items()])
    denied = await person.press(answer, "login-cancel")
    assert denied.redirect.parameters["error"] == "access_denied"
    refused(
        await client.redeem("no-such-code"), "invalid_grant" if "code" in suite.plan.words else "unauthorized_client"
    )
