"""The life of an application, from its registration to its end."""

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import pytest

from oidc_harness.model.application import Application
from oidc_harness.model.consent import Consent
from oidc_harness.model.invitation import Invitation
from oidc_harness.model.member import Member
from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.services import applications, consents, invitations, members
from oidc_harness.services.applications import EDITABLE, FIXED, KEPT
from oidc_harness.services.consents import Approval
from oidc_harness.services.errors import Invalid, NotFound, ServiceError, Taken
from oidc_harness.storage.port import Conflict
from tests.services.conftest import WEB, Desk


async def test_an_application_is_stored_as_it_was_drafted(desk: Desk) -> None:
    created = (await desk.ask(applications.create, replace(WEB, closed=True))).application
    stored = await desk.stored(Application, "shop")
    assert stored == created
    assert replace(created, secret_hash=None, generation="", first_generation="") == replace(WEB, closed=True)


async def test_an_id_is_generated_where_none_is_given(desk: Desk) -> None:
    first = await desk.application(id="")
    second = await desk.application(id="")
    assert first.id != second.id
    assert len(first.id) >= 20


async def test_fields_that_the_services_keep_are_ignored_in_a_draft(desk: Desk) -> None:
    draft = replace(WEB, version=7, expires_at=1, secret_hash="x", secret_sealed="y", generation="z")
    application = (await desk.ask(applications.create, draft)).application
    assert (application.version, application.expires_at, application.secret_sealed) == (0, None, None)
    assert application.secret_hash != "x"
    assert application.generation != "z"


async def test_an_application_made_anew_under_its_old_id_does_not_revive_old_tokens(desk: Desk) -> None:
    first = await desk.application()
    await desk.ask(applications.delete, "shop")
    assert (await desk.application()).generation != first.generation


async def test_a_used_id_is_taken(desk: Desk) -> None:
    first = await desk.application()
    with pytest.raises(Taken, match="'shop' is in use") as refusal:
        await desk.application(name="Other")
    assert refusal.value.field == "id"
    assert await desk.stored(Application, "shop") == first


async def test_of_two_who_ask_for_one_id_at_once_one_gets_it(desk: Desk) -> None:
    late, early = (replace(WEB, name=name) for name in ("Late", "Early"))
    with pytest.raises(Conflict):
        await desk.overtake(
            lambda circumstances: applications.create(circumstances, late),
            lambda circumstances: applications.create(circumstances, early),
        )
    stored = await desk.stored(Application, "shop")
    assert stored is not None
    assert stored.name == "Early"


async def test_a_refused_draft_leaves_nothing_behind(desk: Desk) -> None:
    with pytest.raises(Invalid):
        await desk.application(name="")
    assert await desk.count(Application) == 0


async def test_an_edit_changes_what_it_names_and_nothing_else(desk: Desk) -> None:
    before = await desk.application(description="Old", closed=True)
    result = await desk.ask(applications.edit, "shop", {"description": "New", "restricted": True})
    assert result.secret is None
    stored = await desk.stored(Application, "shop")
    assert stored == replace(before, version=1, description="New", restricted=True)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"redirect_uris": ("https://a.example/#",)}, "redirect_uris[0]"),
        ({"id": "other"}, "id"),
        ({"status": "deactivated"}, "status"),
        ({"generation": "x"}, "generation"),
        ({"secret_hash": "x"}, "secret_hash"),
        ({"colour": "red"}, "colour"),
    ],
)
async def test_an_edit_that_breaks_a_rule_changes_nothing(desk: Desk, changes: dict[str, Any], field: str) -> None:
    before = await desk.application()
    with pytest.raises(Invalid) as refusal:
        await desk.ask(applications.edit, "shop", changes)
    assert refusal.value.field == field
    assert await desk.stored(Application, "shop") == before


def test_every_field_is_editable_fixed_or_kept() -> None:
    assert {*EDITABLE, *FIXED, *KEPT} == {field.name for field in fields(Application)}
    assert not FIXED & KEPT


async def test_deactivating_kills_what_was_issued_and_forgets_consents(desk: Desk) -> None:
    before = await desk.application()
    for number in range(103):
        await desk.ask(consents.remember, Approval("shop", f"user-{number}", ("openid",)))
    await desk.ask(consents.remember, Approval("other", "user-1", ("openid",)))
    deactivated = await desk.ask(applications.deactivate, "shop")
    assert deactivated.status == "deactivated"
    assert deactivated.generation != before.generation
    assert await desk.count(Consent, application_id="shop") == 0
    assert await desk.count(Consent, application_id="other") == 1


async def test_reactivating_opens_the_application_and_revives_nothing(desk: Desk) -> None:
    before = await desk.application()
    deactivated = await desk.ask(applications.deactivate, "shop")
    reactivated = await desk.ask(applications.reactivate, "shop")
    assert reactivated.status == "active"
    assert reactivated.generation == deactivated.generation != before.generation


async def test_doing_it_twice_changes_nothing_more(desk: Desk) -> None:
    active = await desk.application()
    assert await desk.ask(applications.reactivate, "shop") == active
    await desk.ask(applications.deactivate, "shop")
    deactivated = await desk.stored(Application, "shop")
    assert await desk.ask(applications.deactivate, "shop") == deactivated


async def _furnish(desk: Desk) -> None:
    for application in ("shop", "other"):
        await desk.application(id=application)
    await desk.user()
    for application in ("shop", "other"):
        await desk.ask(members.add, application, "ada")
        await desk.ask(consents.remember, Approval(application, "ada", ("openid",)))
        await desk.ask(invitations.invite, application, "bob@example.com")


async def test_deleting_takes_everything_of_the_application_along_and_nothing_else(desk: Desk) -> None:
    await _furnish(desk)
    await desk.ask(applications.delete, "shop")
    assert await desk.stored(Application, "shop") is None
    for kind in (Member, Consent, Invitation):
        assert await desk.count(kind, application_id="shop") == 0
        assert await desk.count(kind, application_id="other") == 1


async def test_a_policy_protects_applications_with_users(desk: Desk) -> None:
    await _furnish(desk)
    desk.policy = RealmPolicy(deletion="refuse_with_users")
    with pytest.raises(Taken, match="Shop still has users; remove them"):
        await desk.ask(applications.delete, "shop")
    assert await desk.count(Invitation, application_id="shop") == 1
    await desk.ask(members.remove, "shop", "ada")
    await desk.ask(applications.delete, "shop")
    assert await desk.stored(Application, "shop") is None


async def test_a_list_is_paged_by_id(desk: Desk) -> None:
    for id in ("b", "c", "a"):
        await desk.application(id=id)
    first = await desk.ask(applications.list_page, limit=2)
    second = await desk.ask(applications.list_page, first[-1].id, 2)
    assert [application.id for application in (*first, *second)] == ["a", "b", "c"]


@pytest.mark.parametrize(
    "service",
    [
        applications.view,
        applications.deactivate,
        applications.reactivate,
        applications.delete,
        applications.regenerate_secret,
        applications.read_secret,
        lambda circumstances, id: applications.edit(circumstances, id, {}),
    ],
)
async def test_an_unknown_application_is_not_found(desk: Desk, service: Callable[..., Any]) -> None:
    refused: type[ServiceError] = NotFound
    with pytest.raises(refused, match="no application 'shop'"):
        await desk.ask(service, "shop")
