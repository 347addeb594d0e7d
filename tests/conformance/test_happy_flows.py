"""Sign-ins as they should be, and codes that were used."""

from tests.conformance.client import Asked
from tests.conformance.suite import Suite
from tests.support.jwt_oracle import header_of
from tests.support.refusals import refused

VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


async def test_oidcc_server(suite: Suite) -> None:
    client, person = await suite.client(), suite.person()
    outcome = await client.sign_in(person, scope="openid email")
    assert person.seen == ["login-page", "consent-page"]
    assert (await client.told(outcome))["email"] == "alice@people.example"
    # A second sign-in has nothing in common with the first but the person.
    again = await client.sign_in(person, scope="openid email")
    assert again.claims["sub"] == outcome.claims["sub"]
    for name in ("code", "access_token", "id_token"):
        assert {name} & outcome.parameters.keys() == {name} & again.parameters.keys()
        assert name not in again.parameters or again.parameters[name] != outcome.parameters[name]


async def test_oidcc_server_client_secret_post(suite: Suite) -> None:
    client = await suite.client(token_endpoint_auth_method="client_secret_post")
    await client.told(await client.sign_in(suite.person()))


async def test_oidcc_alternate_happy_flow(suite: Suite) -> None:
    client, person = await suite.client(), suite.person()
    request = client.request(scope="phone email openid")
    reversed_pairs = [*reversed(request.items())]
    answer = await person.sign_in(await person.open(suite.metadata["authorization_endpoint"], reversed_pairs))
    told = await client.told(await client.accept(Asked(request, answer)))
    assert {"email", "phone_number"} <= told.keys()


async def test_oidcc_ensure_post_request_succeeds(suite: Suite) -> None:
    """From the client's own page, so from another origin than the provider's."""
    client, person = await suite.client(), suite.person()
    for _ in range(2):
        request = client.request()
        url = suite.metadata["authorization_endpoint"]
        answer = await person.sign_in(await person.post(url, [*request.items()], "https://suite.example"))
        await client.accept(Asked(request, answer))
    assert person.seen.count("login-page") == 1


async def test_oidcc_ensure_request_with_valid_pkce_succeeds(suite: Suite) -> None:
    client, person = await suite.client(), suite.person()
    challenge = {"code_challenge": CHALLENGE, "code_challenge_method": "S256"}
    first = await client.ask(person, **challenge)
    asked = Asked(first.request, await person.sign_in(first.answer))
    await client.accept(asked, code_verifier=VERIFIER)
    without = await client.ask(person, **challenge)
    refused(await client.redeem(without.answer.redirect.parameters["code"]), "invalid_grant")


async def test_oidcc_codereuse(suite: Suite) -> None:
    client = await suite.client()
    outcome = await client.sign_in(suite.person())
    refused(await client.redeem(outcome.parameters["code"]), "invalid_grant")


async def test_oidcc_codereuse_30seconds(suite: Suite) -> None:
    client = await suite.client(**suite.grants("refresh_token"))
    outcome = await client.sign_in(suite.person(), scope="openid offline_access", prompt="consent")
    assert (await client.userinfo(outcome.access_token)).status == 200
    await suite.wait(30)
    refused(await client.redeem(outcome.parameters["code"]), "invalid_grant")
    assert (await client.userinfo(outcome.access_token)).status == 401
    refused(await client.refresh(outcome.tokens["refresh_token"]), "invalid_grant")


async def test_oidcc_idtoken_signature(suite: Suite) -> None:
    client = await suite.client()
    header = header_of((await client.sign_in(suite.person())).id_token)
    assert header["alg"] == "RS256"
    assert header["kid"] in {key["kid"] for key in (await suite.key_set())["keys"]}


async def test_oidcc_idtoken_rs256(suite: Suite) -> None:
    client = await suite.client(id_token_signed_response_alg="RS256")
    assert client.registration["id_token_signed_response_alg"] == "RS256"
    assert header_of((await client.sign_in(suite.person())).id_token)["alg"] == "RS256"


async def test_oidcc_idtoken_unsigned(suite: Suite) -> None:
    assert "none" in suite.metadata["id_token_signing_alg_values_supported"]
    client = await suite.client(id_token_signed_response_alg="none")
    token = (await client.sign_in(suite.person())).id_token
    assert (header_of(token)["alg"], token.split(".")[2]) == ("none", "")
