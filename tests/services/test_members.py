"""The people of an application, and whether what was issued to them lives on."""

from collections.abc import Callable
from typing import Any

import pytest

from oidc_harness.model.application import Application
from oidc_harness.model.consent import Consent
from oidc_harness.model.grant import Grant
from oidc_harness.model.member import Member, member_id
from oidc_harness.model.user import User
from oidc_harness.protocol.standing import Standing, why_dead
from oidc_harness.services import applications, consents, members, sign_out, users
from oidc_harness.services.consents import Approval
from oidc_harness.services.errors import NotFound, Taken
from tests.services.conftest import Desk


@pytest.fixture
async def furnished(desk: Desk) -> Desk:
    """Ada and Bob are members of the shop."""
    await desk.application()
    for name in ("ada", "bob"):
        await desk.user(name)
        await desk.ask(members.add, "shop", name)
        await desk.ask(consents.remember, Approval("shop", name, ("openid",)))
    return desk


async def _standing(desk: Desk, user: str) -> Standing:
    return Standing(
        await desk.stored(Application, "shop"),
        await desk.stored(User, user),
        await desk.stored(Member, member_id("shop", user)),
    )


async def _grant(desk: Desk, user: str) -> Grant:
    standing = await _standing(desk, user)
    assert standing.application is not None
    assert standing.user is not None
    assert standing.member is not None
    return Grant(
        id=f"grant-of-{user}",
        application_id="shop",
        user_id=user,
        created_at=desk.now,
        application_generation=standing.application.generation,
        user_generation=standing.user.generation,
        member_generation=standing.member.generation,
    )


async def test_a_member_is_added_now(desk: Desk) -> None:
    await desk.application()
    await desk.user()
    member = await desk.ask(members.add, "shop", "ada", role="administrator")
    stored = await desk.stored(Member, member_id("shop", "ada"))
    assert stored == member
    assert (member.role, member.status, member.joined_at) == ("administrator", "active", desk.now)
    assert member.generation


async def test_nobody_is_added_twice(furnished: Desk) -> None:
    with pytest.raises(Taken, match="ada is a member of Shop already"):
        await furnished.ask(members.add, "shop", "ada")


@pytest.mark.parametrize(("application", "user"), [("shop", "eve"), ("mall", "ada")])
async def test_only_known_people_are_added_to_known_applications(furnished: Desk, application: str, user: str) -> None:
    with pytest.raises(NotFound):
        await furnished.ask(members.add, application, user)


async def test_roles_change(furnished: Desk) -> None:
    await furnished.ask(members.change_role, "shop", "ada", "administrator")
    assert (await furnished.ask(members.view, "shop", "ada")).role == "administrator"
    await furnished.ask(members.change_role, "shop", "ada", "member")
    assert (await furnished.ask(members.view, "shop", "ada")).role == "member"


async def test_members_are_listed_per_application_in_pages(furnished: Desk) -> None:
    await furnished.application(id="mall")
    await furnished.ask(members.add, "mall", "ada")
    first = await furnished.ask(members.list_page, "shop", limit=1)
    second = await furnished.ask(members.list_page, "shop", first[-1].id)
    assert [member.user_id for member in (*first, *second)] == ["ada", "bob"]
    with pytest.raises(NotFound):
        await furnished.ask(members.list_page, "unknown")


KILLS: list[tuple[Callable[..., Any], tuple[str, ...], str]] = [
    (members.block, ("shop", "ada"), "blocked in this application"),
    (members.end_sessions, ("shop", "ada"), "sessions of ada with this application were ended"),
    (members.remove, ("shop", "ada"), "was removed from the application"),
    (consents.withdraw, ("shop", "ada"), "sessions of ada with this application were ended"),
    (users.block, ("ada",), "user ada is blocked"),
    (users.delete, ("ada",), "user ada was deleted"),
    (sign_out.end_all_sessions, ("ada",), "all sessions of user ada were ended"),
]


@pytest.mark.parametrize(("service", "whom", "reason"), KILLS)
async def test_what_was_issued_to_one_member_dies(
    furnished: Desk, service: Callable[..., Any], whom: tuple[str, ...], reason: str
) -> None:
    ada, bob = await _grant(furnished, "ada"), await _grant(furnished, "bob")
    assert why_dead(ada, await _standing(furnished, "ada")) is None
    await furnished.ask(service, *whom)
    assert reason in (why_dead(ada, await _standing(furnished, "ada")) or "")
    assert why_dead(bob, await _standing(furnished, "bob")) is None


@pytest.mark.parametrize("service", [applications.deactivate, applications.delete])
async def test_what_was_issued_to_all_members_dies(furnished: Desk, service: Callable[..., Any]) -> None:
    grants = {name: await _grant(furnished, name) for name in ("ada", "bob")}
    await furnished.ask(service, "shop")
    for name, grant in grants.items():
        assert why_dead(grant, await _standing(furnished, name)) is not None


async def _block_and_unblock_member(desk: Desk) -> None:
    await desk.ask(members.block, "shop", "ada")
    await desk.ask(members.unblock, "shop", "ada")


async def _block_and_unblock_user(desk: Desk) -> None:
    await desk.ask(users.block, "ada")
    await desk.ask(users.unblock, "ada")


async def _deactivate_and_reactivate(desk: Desk) -> None:
    await desk.ask(applications.deactivate, "shop")
    await desk.ask(applications.reactivate, "shop")


async def _remove_and_add(desk: Desk) -> None:
    await desk.ask(members.remove, "shop", "ada")
    await desk.ask(members.add, "shop", "ada")


async def _end_sessions(desk: Desk) -> None:
    await desk.ask(members.end_sessions, "shop", "ada")


@pytest.mark.parametrize(
    "there_and_back",
    [
        _block_and_unblock_member,
        _block_and_unblock_user,
        _deactivate_and_reactivate,
        _remove_and_add,
        _end_sessions,
    ],
)
async def test_the_way_back_revives_nothing_and_lets_new_grants_live(
    furnished: Desk, there_and_back: Callable[[Desk], Any]
) -> None:
    old = await _grant(furnished, "ada")
    await there_and_back(furnished)
    standing = await _standing(furnished, "ada")
    assert why_dead(old, standing) is not None
    assert why_dead(await _grant(furnished, "ada"), standing) is None


async def test_blocking_twice_and_unblocking_twice_change_nothing_more(furnished: Desk) -> None:
    for service in (members.block, members.unblock):
        await furnished.ask(service, "shop", "ada")
        stored = await furnished.stored(Member, member_id("shop", "ada"))
        assert await furnished.ask(service, "shop", "ada") == stored


async def test_who_is_removed_is_asked_for_consent_again_and_keeps_the_account(furnished: Desk) -> None:
    await furnished.ask(members.remove, "shop", "ada")
    assert await furnished.stored(Consent, member_id("shop", "ada")) is None
    assert await furnished.stored(User, "ada") is not None
    assert await furnished.stored(Consent, member_id("shop", "bob")) is not None


@pytest.mark.parametrize(
    "service",
    [
        members.view,
        members.block,
        members.unblock,
        members.end_sessions,
        members.remove,
        lambda given, application, user: members.change_role(given, application, user, "member"),
    ],
)
async def test_an_unknown_member_is_not_found(furnished: Desk, service: Callable[..., Any]) -> None:
    with pytest.raises(NotFound, match="has no member 'eve'"):
        await furnished.ask(service, "shop", "eve")
