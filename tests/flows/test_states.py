"""People and applications that change in the middle of a flow: what happens at the next step (B and C rows, A16)."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from oidc_harness.model.application import Application
from oidc_harness.model.consent import Consent
from oidc_harness.model.invitation import Invitation
from oidc_harness.model.member import Member
from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.model.session import Session
from oidc_harness.model.user import User
from tests.support import records
from tests.support.client import Client
from tests.support.refusals import refused, refused_bearer, told_client, told_person
from tests.support.world import AUTOMATIC, MakeWorld, World

FORM = RealmPolicy(consent="implied")
OFFLINE = "openid offline_access"
Change = Callable[[World], Awaitable[object]]


@dataclass(frozen=True)
class Case:
    """Something that happens, and what each endpoint says afterwards."""

    name: str
    change: Change
    token: tuple[str, int] = ("invalid_grant", 400)
    """What the token endpoint says of code and refresh token: code and status."""
    sign_in: str | None = None
    """What a new authorization request is told; None: it succeeds."""


async def block_user(world: World) -> None:
    await world.put((await world.get(User, "user-alice")).blocked("2"))


async def block_member(world: World) -> None:
    await world.put((await world.get(Member, "web~user-alice")).blocked("2"))


async def end_sessions_of_member(world: World) -> None:
    await world.put((await world.get(Member, "web~user-alice")).signed_out("2"))


async def end_sessions_of_user(world: World) -> None:
    await world.put((await world.get(User, "user-alice")).signed_out("2"))


async def remove_member(world: World) -> None:
    await world.remove(Member, "web~user-alice")


async def remove_user(world: World) -> None:
    await world.remove(User, "user-alice")


async def deactivate(world: World) -> None:
    await world.put((await world.get(Application, "web")).deactivated("2"))


async def delete(world: World) -> None:
    await world.remove(Application, "web")


CASES = [
    Case("the user is blocked", block_user, sign_in="access_denied"),
    Case("the member is blocked", block_member, sign_in="access_denied"),
    Case("the sessions with the application are ended", end_sessions_of_member),
    Case("all sessions of the user are ended", end_sessions_of_user),
    Case("the member is removed", remove_member),
    Case("the user is deleted", remove_user, sign_in="access_denied"),
    Case("the application is deactivated", deactivate, ("unauthorized_client", 400), "unauthorized_client"),
    Case("the application is deleted", delete, ("invalid_client", 401), "a page"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_in_the_middle_of_a_flow(case: Case, world: World) -> None:
    client = await world.people()
    resource = await world.client(id="resource")
    tokens, code = await client.sign_in(OFFLINE), await client.code()
    await case.change(world)
    refused(await client.redeem(code), *case.token)
    refused(await client.refresh(tokens.refresh), *case.token)
    refused_bearer(await client.userinfo(tokens.access), "invalid_token", 401)
    for token in (tokens.access, tokens.refresh):
        assert (await resource.introspect(token)).json == {"active": False}
    answer = await client.authorize()
    if case.sign_in == "a page":
        told_person(answer)
    elif case.sign_in is not None:
        told_client(answer, case.sign_in, world.issuer)
    else:
        renewed = await client.sign_in(OFFLINE)
        assert await client.lives(renewed.access)
        # What died stays dead.
        assert not await client.lives(tokens.access)


async def unblock_user(world: World) -> None:
    await world.put((await world.get(User, "user-alice")).unblocked())


async def unblock_member(world: World) -> None:
    await world.put((await world.get(Member, "web~user-alice")).unblocked())


async def reactivate(world: World) -> None:
    await world.put((await world.get(Application, "web")).reactivated())


@pytest.mark.parametrize(
    ("change", "undo"), [(block_user, unblock_user), (block_member, unblock_member), (deactivate, reactivate)]
)
async def test_what_died_stays_dead(change: Change, undo: Change, world: World) -> None:
    """B3, C7."""
    client = await world.people()
    tokens, code = await client.sign_in(OFFLINE), await client.code()
    await change(world)
    await undo(world)
    refused(await client.redeem(code), "invalid_grant")
    refused(await client.refresh(tokens.refresh), "invalid_grant")
    assert not await client.lives(tokens.access)
    assert await client.lives((await client.sign_in()).access)


async def test_a_deactivated_application_shows_itself_closed(make_world: MakeWorld) -> None:
    """B3: the person reads it, and may go back to the client, which is told."""
    world = await make_world(FORM)
    client = await world.people()
    cookies = await world.sign_in(records.user())
    await deactivate(world)
    for given in (cookies, {}):
        answer = await client.authorize(cookies=given)
        assert (answer.status, answer.page.text_of("error-code")) == (403, "unauthorized_client")
        back = answer.page.link("return-to-application")
        assert back.startswith(f"{records.REDIRECT_URI}?error=unauthorized_client")
        assert "state=state-of-the-art" in back
    told_client(await client.authorize(cookies=cookies, prompt="none"), "unauthorized_client", world.issuer)


OUTSIDERS: list[tuple[dict[str, Any], dict[str, Any] | None, bool]] = [
    ({}, None, True),
    ({"closed": True}, None, False),
    ({"closed": True}, {}, True),
    ({"restricted": True}, None, False),
    ({"restricted": True}, {}, False),
    ({"restricted": True}, {"role": "administrator"}, True),
    ({"closed": True}, {"status": "blocked"}, False),
    ({"restricted": True}, {"role": "administrator", "status": "blocked"}, False),
]


@pytest.mark.parametrize(("application", "member", "gets_in"), OUTSIDERS)
async def test_who_gets_in(
    application: dict[str, Any], member: dict[str, Any] | None, gets_in: bool, make_world: MakeWorld
) -> None:
    """B4, B5, C7: on the page with a way back, and by redirect where nobody is to be shown a page."""
    world = await make_world(FORM)
    await world.add(records.user())
    client = await world.client(**application)
    if member is not None:
        await world.add(records.member(**member))
    cookies = await world.sign_in(records.user())
    answer = await client.authorize(cookies=cookies)
    if gets_in:
        assert "code" in answer.redirect.parameters
        return
    assert (answer.status, answer.page.has("error-page")) == (403, True)
    assert "error=access_denied" in answer.page.link("return-to-application")
    told_client(await client.authorize(cookies=cookies, prompt="none"), "access_denied", world.issuer)
    world.realm.policy = AUTOMATIC
    told_client(await client.authorize(), "access_denied", world.issuer)
    assert await world.all(Consent) == []


INVITATIONS: list[tuple[dict[str, Any], dict[str, Any], bool]] = [
    ({}, {}, True),
    ({"status": "cancelled"}, {}, False),
    ({"status": "accepted", "accepted_by": "user-bob"}, {}, False),
    ({"application_id": "other"}, {}, False),
    ({"email": "ALICE@people.example"}, {}, True),
    ({"email_key": "bob@people.example"}, {}, False),
    ({}, {"email_verified": False}, False),
]


@pytest.mark.parametrize(("invitation", "user", "gets_in"), INVITATIONS)
async def test_who_is_invited_gets_in(
    invitation: dict[str, Any], user: dict[str, Any], gets_in: bool, world: World
) -> None:
    """D4, D5, D7: pending, for this application, to exactly this verified address."""
    await world.add(records.user(**user), records.invitation(**invitation))
    client = await world.client(closed=True)
    answer = await client.authorize()
    if not gets_in:
        told_client(answer, "access_denied", world.issuer)
        assert await world.all(Member) == []
        return
    assert "code" in answer.redirect.parameters
    [accepted] = await world.all(Invitation)
    assert (accepted.status, accepted.accepted_by, accepted.settled_at) == ("accepted", "user-alice", world.now)
    # A member now, the invitation is no longer needed.
    await world.remove(Invitation, accepted.id)
    assert (await client.sign_in()).claims["sub"] == "user-alice"


async def test_an_invitation_counts_however_many_were_settled_before(world: World) -> None:
    settled = (records.invitation(id=f"{number:03}").cancelled(world.now) for number in range(150))
    await world.add(records.user(), *settled, records.invitation())
    client = await world.client(closed=True)
    assert "code" in (await client.authorize()).redirect.parameters


async def test_a_revoked_invitation_between_request_and_sign_in(make_world: MakeWorld) -> None:
    world = await make_world(FORM)
    await world.add(records.user(), records.invitation())
    client = await world.client(closed=True)
    cookies = await world.sign_in(records.user())
    [invitation] = await world.all(Invitation)
    await world.put(invitation.cancelled(world.now))
    assert (await client.authorize(cookies=cookies)).status == 403


async def test_closing_does_not_throw_members_out(world: World) -> None:
    client = await world.people()
    tokens = await client.sign_in(OFFLINE)
    await world.change(Application, "web", closed=True)
    assert await client.lives((await client.renew(tokens)).access)
    assert (await client.sign_in()).claims["sub"] == "user-alice"


DEAD_SESSIONS: list[tuple[type[Session] | type[User], dict[str, Any]]] = [
    (Session, {"expires_at": 5}),
    (Session, {"user_id": "user-nobody"}),
    (User, {"generation": "2"}),
    (User, {"status": "blocked"}),
]


@pytest.mark.parametrize(("kind", "changes"), DEAD_SESSIONS)
async def test_a_dead_session_signs_nobody_in(kind: type[Any], changes: dict[str, Any], make_world: MakeWorld) -> None:
    world = await make_world(FORM)
    client: Client = await world.people()
    cookies = await world.sign_in(records.user())
    assert "code" in (await client.authorize(cookies=cookies, prompt="none")).redirect.parameters
    [record] = await world.all(kind)
    await world.put(replace(record, **changes))
    told_client(await client.authorize(cookies=cookies, prompt="none"), "login_required", world.issuer)
    answer = await client.authorize(cookies=cookies)
    assert answer.location.startswith(f"{world.issuer}/login?")


async def test_a_guessed_session_signs_nobody_in(make_world: MakeWorld) -> None:
    world = await make_world(FORM)
    client = await world.people()
    cookies = await world.sign_in(records.user())
    [session] = await world.all(Session)
    [(name, _)] = cookies.items()
    for value in (session.id, session.sid, "c" * 42, "c" * 44, session.user_id):
        answer = await client.authorize(cookies={name: value}, prompt="none")
        told_client(answer, "login_required", world.issuer)
