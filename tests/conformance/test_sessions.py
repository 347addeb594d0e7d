"""A browser in which somebody is signed in, or nobody: what is asked again, and what is not."""

from tests.conformance.checks import NOT_SIGNED_IN, check_told_client
from tests.conformance.suite import Suite

AUTH_TIME = {"require_auth_time": True}
"""So that there is one to be compared."""


async def test_oidcc_prompt_login(suite: Suite) -> None:
    client, person = await suite.client(**AUTH_TIME), suite.person()
    first = await client.sign_in(person)
    await suite.wait(2)
    second = await client.sign_in(person, prompt="login")
    assert person.seen.count("login-page") == 2
    assert second.claims["sub"] == first.claims["sub"]
    assert second.claims["auth_time"] > first.claims["auth_time"]


async def test_oidcc_prompt_none_not_logged_in(suite: Suite) -> None:
    client, person = await suite.client(), suite.person()
    asked = await client.ask(person, prompt="none")
    assert person.seen == []
    assert asked.answer.redirect.mode == suite.plan.response_mode
    assert len(asked.request["state"]) == 128
    error = check_told_client(asked.answer.redirect.parameters, asked.request["state"], suite.issuer)
    assert error in NOT_SIGNED_IN


async def test_oidcc_prompt_none_logged_in(suite: Suite) -> None:
    client, person = await suite.client(**AUTH_TIME), suite.person()
    first = await client.sign_in(person)
    person.seen.clear()
    await suite.wait(2)
    second = await client.accept(await client.ask(person, prompt="none"))
    assert person.seen == []
    for name in ("sub", "auth_time"):
        assert second.claims[name] == first.claims[name]


async def test_oidcc_max_age_1(suite: Suite) -> None:
    client, person = await suite.client(**AUTH_TIME), suite.person()
    first = await client.sign_in(person)
    await suite.wait(2)
    second = await client.sign_in(person, max_age="1")
    assert person.seen.count("login-page") == 2
    assert second.claims["sub"] == first.claims["sub"]
    assert second.claims["auth_time"] == suite.now
    assert second.claims["auth_time"] > first.claims["auth_time"]


async def test_oidcc_max_age_10000(suite: Suite) -> None:
    client, person = await suite.client(), suite.person()
    first = await client.sign_in(person, max_age="15000")
    person.seen.clear()
    await suite.wait(2)
    second = await client.accept(await client.ask(person, max_age="10000"))
    assert person.seen == []
    assert second.claims["auth_time"] == first.claims["auth_time"] == suite.now - 2


async def test_oidcc_id_token_hint(suite: Suite) -> None:
    client, person = await suite.client(), suite.person()
    first = await client.sign_in(person)
    second = await client.accept(await client.ask(person, prompt="none", id_token_hint=first.id_token))
    assert second.claims["sub"] == first.claims["sub"]
