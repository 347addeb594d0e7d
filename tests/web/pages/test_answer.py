"""Requests to pages are carried out whole or not at all, however many come at once and whatever they look like."""

import asyncio
from typing import Any

import pytest

from oidc_harness.model.invitation import Invitation
from oidc_harness.model.member import Member
from oidc_harness.model.session import Session
from oidc_harness.model.user import User
from tests.support import records
from tests.support.http import FORM, Answer, Pairs
from tests.web.pages.conftest import MakeVisitor
from tests.web.pages.visitor import Visitor, interaction_of

CROWD = 8
DODO = [("email", "dodo@people.example"), ("password", "race"), ("password_again", "race")]


def _cookies(visitor: Visitor) -> dict[str, str]:
    name = visitor.world.realm.name
    return {f"oidc_{each}_{name}": value for each in ("browser", "session") if (value := visitor.cookie(each))}


async def _post(visitor: Visitor, path: str, query: Pairs, form: Pairs) -> Answer:
    return await visitor.world.send("POST", path, query=query, form=form, cookies=_cookies(visitor))


async def test_of_many_who_register_one_name_one_gets_it(make_visitor: MakeVisitor) -> None:
    crowd = [await make_visitor() for _ in range(CROWD)]
    waiting = [interaction_of(await each.start()) for each in crowd]
    answers = await asyncio.gather(
        *(_post(each, "/sign_up", [("interaction", id)], DODO) for each, id in zip(crowd, waiting, strict=True))
    )
    assert sorted(answer.status for answer in answers) == [303] + [400] * (CROWD - 1)
    refused = [answer for answer in answers if answer.status == 400]
    assert all("in use" in answer.page.text_of("register-email-fault") for answer in refused)
    assert sorted(user.email for user in await crowd[0].world.all(User)) == ["alice@people.example", DODO[0][1]]
    assert len(await crowd[0].world.all(Session)) == 1


async def test_an_invitation_accepted_many_times_at_once_gives_access_once(visitor: Visitor) -> None:
    await visitor.world.add(records.invitation(id="tea-party"))
    await visitor.log_in_anew()
    answers = await asyncio.gather(
        *(_post(visitor, "/invitation", [("id", "tea-party")], [("answer", "accept")]) for _ in range(CROWD))
    )
    assert {answer.status for answer in answers} == {303}
    assert len(await visitor.world.all(Member)) == 1
    assert (await visitor.world.get(Invitation, "tea-party")).status == "accepted"


async def test_a_login_form_sent_many_times_at_once_goes_on(visitor: Visitor) -> None:
    waiting = interaction_of(await visitor.start())
    form = [("username", "alice"), ("password", records.PASSWORD)]
    answers = await asyncio.gather(*(_post(visitor, "/login", [("interaction", waiting)], form) for _ in range(CROWD)))
    assert {answer.status for answer in answers} == {303}
    assert len({answer.cookie("oidc_session") for answer in answers}) == CROWD


@pytest.mark.parametrize("path", ["/login", "/sign_up", "/consent", "/invitation"])
@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"body": b"\xff\xfe", "headers": {"Content-Type": FORM}}, 400),
        ({"body": b"{}", "headers": {"Content-Type": "application/json"}}, 400),
        ({"body": b"a=" + b"b" * 300_000, "headers": {"Content-Type": FORM}}, 413),
        ({"body": b"&".join(b"a%d=b" % number for number in range(2000)), "headers": {"Content-Type": FORM}}, 400),
    ],
)
async def test_what_cannot_be_read_is_answered_by_a_page(
    visitor: Visitor, path: str, sent: dict[str, Any], status: int
) -> None:
    answer = await visitor.world.send("POST", path, **sent)
    assert answer.status == status
    assert answer.page.has("error-page")
    assert visitor.world.last.error is not None


@pytest.mark.parametrize("path", ["/login", "/sign_up", "/consent", "/invitation"])
@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS"])
async def test_other_methods_are_not_offered(visitor: Visitor, path: str, method: str) -> None:
    answer = await visitor.world.send(method, path)
    assert (answer.status, answer.headers["Allow"]) == (405, "GET, HEAD, POST")
    assert answer.page.text_of("error-code") == "invalid_request"
