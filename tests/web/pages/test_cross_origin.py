"""A form of ours counts when it comes from our own page; a client's request may come from anywhere."""

from collections.abc import Mapping

import pytest

from oidc_harness.model.consent import Consent
from oidc_harness.model.interaction import Interaction
from oidc_harness.model.invitation import Invitation
from oidc_harness.model.session import Session
from oidc_harness.model.user import User
from oidc_harness.protocol.origin import origin_of
from tests.support import records
from tests.support.http import Answer, Pairs
from tests.web.pages.visitor import CALLBACK, Visitor, interaction_of

OWN = "own"
"""Stands for the realm's origin, whose port is known when the server runs."""

FOREIGN: list[Mapping[str, str]] = [
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://127.0.0.1:1"},
    {"Origin": "http://127.0.0.1"},
    {"Origin": "https://127.0.0.1.evil.example"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": OWN, "Sec-Fetch-Site": "cross-site"},
    {"Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"},
]
OURS: list[Mapping[str, str]] = [
    {},
    {"Origin": OWN},
    {"Sec-Fetch-Site": "same-origin"},
    {"Origin": OWN, "Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "none"},
]
FORMS: list[tuple[str, Pairs]] = [
    ("/login", [("username", "alice"), ("password", records.PASSWORD)]),
    ("/login", [("answer", "cancel")]),
    ("/sign_up", [("email", "dodo@people.example"), ("password", "race"), ("password_again", "race")]),
    ("/consent", [("answer", "approve")]),
]


async def _post(visitor: Visitor, path: str, query: Pairs, form: Pairs, headers: Mapping[str, str]) -> Answer:
    sent = {name: origin_of(visitor.world.issuer) if value == OWN else value for name, value in headers.items()}
    name = visitor.world.realm.name
    cookies = {f"oidc_{each}_{name}": value for each in ("browser", "session") if (value := visitor.cookie(each))}
    return await visitor.world.send("POST", path, query=query, form=form, headers=sent, cookies=cookies)


def _refused(answer: Answer) -> bool:
    if answer.status != 403 or not answer.page.has("error-page"):
        return False
    return "not sent from this provider's own page" in answer.text.replace("&#39;", "'")


@pytest.mark.parametrize("headers", FOREIGN)
@pytest.mark.parametrize(("path", "form"), FORMS)
async def test_a_form_from_elsewhere_changes_nothing(
    visitor: Visitor, path: str, form: Pairs, headers: Mapping[str, str]
) -> None:
    waiting = interaction_of(await visitor.start())
    assert _refused(await _post(visitor, path, [("interaction", waiting)], form, headers))
    assert await visitor.world.all(Session) == []
    assert len(await visitor.world.all(User)) == 1
    assert await visitor.world.all(Consent) == []
    assert (await visitor.world.get(Interaction, waiting)).answer is None
    assert visitor.world.last.error is not None


@pytest.mark.parametrize("headers", OURS)
@pytest.mark.parametrize(("path", "form"), FORMS)
async def test_a_form_of_ours_and_one_from_no_browser_are_taken(
    visitor: Visitor, path: str, form: Pairs, headers: Mapping[str, str]
) -> None:
    waiting = interaction_of(await visitor.start())
    answer = await _post(visitor, path, [("interaction", waiting)], form, headers)
    assert answer.location.startswith(f"{visitor.world.issuer}/authorize?interaction=")


@pytest.mark.parametrize("headers", FOREIGN)
async def test_an_invitation_is_not_accepted_from_elsewhere(visitor: Visitor, headers: Mapping[str, str]) -> None:
    await visitor.world.add(records.invitation(id="tea-party"))
    await visitor.log_in_anew()
    assert _refused(await _post(visitor, "/invitation", [("id", "tea-party")], [("answer", "accept")], headers))
    assert (await visitor.world.get(Invitation, "tea-party")).status == "pending"


@pytest.mark.parametrize("headers", FOREIGN)
async def test_the_logout_page_is_not_answered_from_elsewhere(visitor: Visitor, headers: Mapping[str, str]) -> None:
    await visitor.log_in_anew()
    page = (await visitor.agent.get(f"{visitor.world.issuer}/end_session")).page
    form, button = page.form_of("logout-confirm")
    answer = await _post(visitor, "/end_session", [], form.pairs({}, button), headers)
    assert _refused(answer)
    assert len(await visitor.world.all(Session)) == 1


@pytest.mark.parametrize("headers", OURS)
async def test_the_logout_page_is_answered_from_itself(visitor: Visitor, headers: Mapping[str, str]) -> None:
    await visitor.log_in_anew()
    page = (await visitor.agent.get(f"{visitor.world.issuer}/end_session")).page
    form, button = page.form_of("logout-confirm")
    answer = await _post(visitor, "/end_session", [], form.pairs({}, button), headers)
    assert answer.page.has("logged-out-page")
    assert await visitor.world.all(Session) == []


@pytest.mark.parametrize("headers", FOREIGN)
async def test_a_client_may_post_its_own_requests(visitor: Visitor, headers: Mapping[str, str]) -> None:
    request = [("client_id", visitor.application.id), ("response_type", "code"), ("redirect_uri", CALLBACK)]
    assert (await _post(visitor, "/authorize", [], request, headers)).status == 303
    assert not _refused(await _post(visitor, "/end_session", [], [("state", "x")], headers))


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("http://127.0.0.1:9400", "http://127.0.0.1:9400"),
        ("http://127.0.0.1:9400/realm", "http://127.0.0.1:9400"),
        ("https://op.example/realm", "https://op.example"),
        ("https://op.example:443", "https://op.example"),
        ("http://op.example:80/a", "http://op.example"),
        ("https://op.example:80", "https://op.example:80"),
        ("https://OP.example", "https://op.example"),
        ("http://[::1]:9400/a", "http://[::1]:9400"),
    ],
)
def test_the_origin_of_a_url_as_browsers_write_it(url: str, origin: str) -> None:
    assert origin_of(url) == origin
