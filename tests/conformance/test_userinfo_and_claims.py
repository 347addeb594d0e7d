"""What the provider says of people, and where."""

import json

from tests.conformance.checks import CLAIMS_OF_SCOPE, check_claims
from tests.conformance.suite import Suite
from tests.support import jwt_oracle, oracle


async def _userinfo(suite: Suite, how: str) -> None:
    """Every way to ask gives the same JSON."""
    client = await suite.client()
    outcome = await client.sign_in(suite.person(), scope="openid profile email")
    told = oracle.accept_userinfo(await client.userinfo(outcome.access_token, how), outcome.claims["sub"])
    check_claims(told)
    assert told.keys() == {"sub"} | CLAIMS_OF_SCOPE["profile"] | CLAIMS_OF_SCOPE["email"]
    assert (await client.userinfo(outcome.access_token + "x", how)).status == 401


async def test_oidcc_userinfo_get(suite: Suite) -> None:
    await _userinfo(suite, "GET")


async def test_oidcc_userinfo_post_header(suite: Suite) -> None:
    await _userinfo(suite, "header")


async def test_oidcc_userinfo_post_body(suite: Suite) -> None:
    await _userinfo(suite, "body")


async def test_oidcc_userinfo_rs256(suite: Suite) -> None:
    assert "RS256" in suite.metadata["userinfo_signing_alg_values_supported"]
    client = await suite.client(userinfo_signed_response_alg="RS256")
    outcome = await client.sign_in(suite.person(), scope="openid email")
    text = jwt_oracle.accept_jwt(await client.userinfo(outcome.access_token))
    claims = jwt_oracle.accept_userinfo(text, outcome.claims["sub"], client.addressee, await suite.key_set())
    assert claims["email"] == "alice@people.example"


async def _scope(suite: Suite, *scopes: str) -> None:
    """The claims of the scopes, all of them, where they have to be; and of no other scope."""
    assert set(scopes) <= set(suite.metadata["scopes_supported"])
    client = await suite.client()
    told = await client.told(await client.sign_in(suite.person(), scope=" ".join(("openid", *scopes))))
    check_claims(told)
    expected = set().union(*(CLAIMS_OF_SCOPE[scope] for scope in scopes))
    assert told.keys() & set().union(*CLAIMS_OF_SCOPE.values()) == expected


async def test_oidcc_scope_profile(suite: Suite) -> None:
    await _scope(suite, "profile")


async def test_oidcc_scope_email(suite: Suite) -> None:
    await _scope(suite, "email")


async def test_oidcc_scope_address(suite: Suite) -> None:
    await _scope(suite, "address")


async def test_oidcc_scope_phone(suite: Suite) -> None:
    await _scope(suite, "phone")


async def test_oidcc_scope_all(suite: Suite) -> None:
    await _scope(suite, *CLAIMS_OF_SCOPE)


async def test_oidcc_claims_essential(suite: Suite) -> None:
    client = await suite.client()
    at_userinfo = suite.plan.response_type != "id_token"
    claims = {"userinfo" if at_userinfo else "id_token": {"name": {"essential": True}}}
    outcome = await client.sign_in(suite.person(), claims=json.dumps(claims))
    assert (await client.told(outcome))["name"] == "Alice Liddell"
    assert ("name" in outcome.claims) != at_userinfo
