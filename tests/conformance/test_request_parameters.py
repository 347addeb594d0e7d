"""Parameters of the authorization request: some do no harm, and two must be right."""

from urllib.parse import urlsplit

from tests.conformance.checks import check_told_client, check_told_person
from tests.conformance.client import Asked
from tests.conformance.suite import Suite


async def test_oidcc_response_type_missing(suite: Suite) -> None:
    client, person = await suite.client(), suite.person()
    asked = await client.ask(person, response_type=None)
    if asked.answer.status == 400:
        check_told_person(asked.answer)
        return
    told = asked.answer.redirect
    assert told.mode == ("form_post" if suite.plan.form_post else "query")
    error = check_told_client(told.parameters, asked.request["state"], suite.issuer)
    assert error in ("unsupported_response_type", "invalid_request")


async def test_oidcc_ensure_request_without_nonce_succeeds_for_code_flow(suite: Suite) -> None:
    client = await suite.client()
    assert "nonce" not in (await client.sign_in(suite.person(), nonce=None)).claims


async def test_oidcc_ensure_request_without_nonce_fails(suite: Suite) -> None:
    client, person = await suite.client(), suite.person()
    asked = await client.ask(person, nonce=None)
    answer = await person.sign_in(asked.answer)
    assert answer.redirect.mode == suite.plan.response_mode
    error = check_told_client(answer.redirect.parameters, asked.request["state"], suite.issuer)
    assert error == "invalid_request"


async def _does_no_harm(suite: Suite, **parameter: str) -> None:
    """The login page is shown, and the sign-in works."""
    client, person = await suite.client(), suite.person()
    await client.told(await client.sign_in(person, scope="openid email", **parameter))
    assert person.seen[0] == "login-page"


async def test_oidcc_claims_locales(suite: Suite) -> None:
    await _does_no_harm(suite, claims_locales="se")


async def test_oidcc_ui_locales(suite: Suite) -> None:
    await _does_no_harm(suite, ui_locales="se")


async def test_oidcc_display_page(suite: Suite) -> None:
    await _does_no_harm(suite, display="page")


async def test_oidcc_display_popup(suite: Suite) -> None:
    await _does_no_harm(suite, display="popup")


async def test_oidcc_login_hint(suite: Suite) -> None:
    await _does_no_harm(suite, login_hint=f"buffy@{urlsplit(suite.issuer).hostname}")


async def test_oidcc_ensure_request_with_acr_values_succeeds(suite: Suite) -> None:
    client = await suite.client()
    values = suite.metadata["acr_values_supported"]
    outcome = await client.sign_in(suite.person(), acr_values=" ".join(values))
    assert outcome.claims["acr"] in values


async def test_oidcc_ensure_request_with_unknown_parameter_succeeds(suite: Suite) -> None:
    await _does_no_harm(suite, extra="foobar")


async def test_oidcc_ensure_registered_redirect_uri(suite: Suite) -> None:
    """Signed in or not."""
    client, person = await suite.client(), suite.person()
    registered = client.metadata["redirect_uris"][0]
    for _ in range(2):
        for other in (f"{registered}/{suite.random()}", f"{registered}?a=b", registered.upper()):
            check_told_person((await client.ask(person, redirect_uri=other)).answer)
        asked = await client.ask(person)
        await client.accept(Asked(asked.request, await person.sign_in(asked.answer)))
