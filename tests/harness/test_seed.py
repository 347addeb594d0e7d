"""From a described realm to its records: through the services, all or nothing, and told where a rule does not hold."""

from dataclasses import replace
from typing import Any

import pytest

from oidc_harness.harness.realm import Realm
from oidc_harness.harness.scratch_realm import scratch_realm
from oidc_harness.harness.seed import SeedError, seed, user_id
from oidc_harness.harness.world import (
    RealmWorld,
    WrittenApplication,
    WrittenInvitation,
    WrittenMember,
    WrittenUser,
)
from oidc_harness.harness.yaml_files import path_text
from oidc_harness.model.application import Application
from oidc_harness.model.invitation import Invitation
from oidc_harness.model.member import Member
from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.model.user import Profile, User
from oidc_harness.protocol.fingerprint import fingerprint
from oidc_harness.services.sign_in import SignInRefused, authenticate

ANN = WrittenUser(username="ann", email="Ann@x.example", password="pw", profile=Profile(name="Ann"))
BOB = WrittenUser(id="bob", username="bob", email="bob@x.example", status="blocked")
WEB = WrittenApplication(id="web", name="Web", secret="s3cret", redirect_uris=("http://localhost/cb",))
NATIVE = WrittenApplication(
    id="native",
    name="Native",
    application_type="native",
    token_endpoint_auth_method="none",
    redirect_uris=("app.example:/cb",),
)


async def seeded(**parts: Any) -> Realm:
    world = RealmWorld(**parts)
    realm = await scratch_realm("a-realm", world)
    await seed(realm, world)
    return realm


async def test_users_can_sign_in_with_the_password_of_the_file() -> None:
    realm = await seeded(users=(ANN, BOB))
    async with realm.transaction() as circumstances:
        found = await authenticate(circumstances, "ann@x.example", "pw")
        blocked = await authenticate(circumstances, "bob", "pw")
    assert isinstance(found, User)
    assert (found.id, found.profile.name, found.test_password) == (user_id("ann"), "Ann", "pw")
    assert type(found) is User
    assert isinstance(blocked, SignInRefused)


async def test_the_id_of_a_user_is_the_one_given_or_the_same_at_every_start() -> None:
    first, second = await seeded(users=(ANN, BOB)), await seeded(users=(ANN, BOB))
    async with first.records() as ours, second.records() as theirs:
        assert await ours.get(User, "bob") is not None
        assert {user.id for user in await ours.find(User)} == {user.id for user in await theirs.find(User)}


async def test_applications_have_the_secret_of_the_file_and_keep_its_fingerprint_alone() -> None:
    realm = await seeded(applications=(WEB, NATIVE))
    async with realm.records() as records:
        web, native = await records.get(Application, "web"), await records.get(Application, "native")
    assert web is not None
    assert native is not None
    assert type(web) is Application
    assert (web.secret_hash, web.secret_sealed, native.secret_hash) == (fingerprint("s3cret"), None, None)


async def test_members_have_their_role_and_status() -> None:
    members = (
        WrittenMember(application_id="web", user="ANN@x.example", role="administrator"),
        WrittenMember(application_id="web", user="bob", status="blocked"),
    )
    realm = await seeded(users=(ANN, BOB), applications=(WEB,), members=members)
    async with realm.records() as records:
        found = {member.user_id: (member.role, member.status) for member in await records.find(Member)}
    assert found == {user_id("ann"): ("administrator", "active"), "bob": ("member", "blocked")}


async def test_invitations_are_pending_or_cancelled() -> None:
    invitations = (
        WrittenInvitation(application_id="web", email="New@x.example"),
        WrittenInvitation(application_id="web", email="old@x.example", status="cancelled"),
    )
    realm = await seeded(applications=(WEB,), invitations=invitations)
    async with realm.records() as records:
        found = {each.email: (each.status, each.email_key) for each in await records.find(Invitation)}
    assert found == {"New@x.example": ("pending", "new@x.example"), "old@x.example": ("cancelled", None)}


BROKEN: list[tuple[dict[str, Any], tuple[str | int, ...], str]] = [
    ({"users": (ANN, ANN)}, ("users", 1, "username"), "'ann' is in use by another user; choose another one"),
    ({"users": (BOB, replace(BOB, username="b"))}, ("users", 1, "id"), "'bob' is in use by another user"),
    (
        {"users": (ANN, WrittenUser(username="x", email="ann@X.example"))},
        ("users", 1, "email"),
        "'ann@x.example' is in use by another user",
    ),
    ({"users": (WrittenUser(username="x", email="xyz"),)}, ("users", 0, "email"), "is no e-mail address"),
    ({"applications": (WEB, WEB)}, ("applications", 1, "id"), "is in use by another application"),
    (
        {"applications": (WEB, WrittenApplication(id="b", name="B"))},
        ("applications", 1, "redirect_uris"),
        "is empty; the response type code needs at least one",
    ),
    (
        {
            "applications": (
                WrittenApplication(id="a", name="A", redirect_uris=("http://localhost/", "http://localhost/#x")),
            )
        },
        ("applications", 0, "redirect_uris", 1),
        "fragment",
    ),
    (
        {"policy": RealmPolicy(name_limit=2), "applications": (WEB,)},
        ("applications", 0, "name"),
        "has 3 characters; the limit of this realm is 2",
    ),
    ({"members": (WrittenMember(application_id="web", user="ann"),)}, ("members", 0, "user"), "'ann' is no user"),
    (
        {"users": (ANN,), "members": (WrittenMember(application_id="web", user="ann"),)},
        ("members", 0, "application_id"),
        "there is no application 'web'",
    ),
    (
        {
            "users": (ANN,),
            "applications": (WEB,),
            "members": (WrittenMember(application_id="web", user="ann"),) * 2,
        },
        ("members", 1, "user"),
        "ann is a member of Web already",
    ),
    (
        {"invitations": (WrittenInvitation(application_id="web", email="a@x.example"),)},
        ("invitations", 0, "application_id"),
        "there is no application 'web'",
    ),
    (
        {"applications": (WEB,), "invitations": (WrittenInvitation(application_id="web", email="a@x b@x"),)},
        ("invitations", 0, "email"),
        "is no e-mail address",
    ),
    (
        {"applications": (WEB,), "invitations": (WrittenInvitation(application_id="web", email="a@x.example"),) * 2},
        ("invitations", 1, "email"),
        "'a@x.example' has a pending invitation already",
    ),
    (
        {
            "applications": (WEB,),
            "invitations": (WrittenInvitation(application_id="web", email="a@x.example", status="accepted"),),
        },
        ("invitations", 0, "status"),
        "an invitation is accepted by signing in; write a member instead",
    ),
    ({"policy": RealmPolicy(default_persona="eve")}, ("policy", "default_persona"), "'eve' is no user of this realm"),
]


@pytest.mark.parametrize(("parts", "steps", "message"), BROKEN)
async def test_a_rule_that_does_not_hold(parts: dict[str, Any], steps: tuple[str | int, ...], message: str) -> None:
    world = RealmWorld(**parts)
    realm = await scratch_realm("a-realm", world)
    with pytest.raises(SeedError) as refused:
        await seed(realm, world)
    [fault] = refused.value.faults
    assert fault.steps == steps
    assert message in fault.message


async def test_every_rule_that_does_not_hold_is_told_and_what_follows_from_one_is_not() -> None:
    web = replace(WEB, name=" ", redirect_uris=("http://localhost/#x", "ftp://localhost/", "http://localhost/"))
    world = RealmWorld(
        policy=RealmPolicy(default_persona="eve"),
        users=(ANN, replace(BOB, email="nothing"), replace(ANN, email="a@x.example")),
        applications=(web, NATIVE),
        members=(
            WrittenMember(application_id="web", user="ann"),
            WrittenMember(application_id=NATIVE.id, user="bob"),
            WrittenMember(application_id=NATIVE.id, user="eve"),
        ),
        invitations=(WrittenInvitation(application_id="web", email="new@x.example"),),
    )
    realm = await scratch_realm("a-realm", world)
    with pytest.raises(SeedError) as refused:
        await seed(realm, world)
    assert [path_text(fault.steps) for fault in refused.value.faults] == [
        "users[1].email",
        "users[2].username",
        "applications[0].name",
        "applications[0].redirect_uris[0]",
        "applications[0].redirect_uris[1]",
        "members[2].user",
        "policy.default_persona",
    ]


async def test_secrets_that_nobody_wrote_are_made_and_told() -> None:
    world = RealmWorld(applications=(WEB, replace(WEB, id="other", secret=None), NATIVE))
    secrets = await seed(await scratch_realm("a-realm", world), world)
    assert (secrets["web"], len(secrets["other"]), NATIVE.id in secrets) == ("s3cret", 64, False)


async def test_nothing_is_half_written() -> None:
    world = RealmWorld(users=(ANN, BOB), applications=(WEB,), members=(WrittenMember(application_id="no", user="ann"),))
    realm = await scratch_realm("a-realm", world)
    with pytest.raises(SeedError):
        await seed(realm, world)
    async with realm.records() as records:
        assert [await records.find(kind) for kind in (User, Application, Member)] == [[], [], []]
