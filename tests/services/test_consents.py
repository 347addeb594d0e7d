"""What a person says on the consent page, and how long it holds."""

import pytest

from oidc_harness.model.consent import Consent
from oidc_harness.model.interaction import Interaction
from oidc_harness.model.member import member_id
from oidc_harness.model.write import Add
from oidc_harness.services import consents
from oidc_harness.services.consents import Approval
from oidc_harness.services.errors import NotFound
from oidc_harness.storage.port import Conflict
from tests.services.conftest import Desk

WAITING = Interaction(id="request", browser="b", parameters=(("scope", "openid"),), application_id="shop", created_at=1)
KEY = member_id("shop", "ada")


@pytest.fixture
async def asked(desk: Desk) -> Desk:
    async with desk.transaction() as circumstances:
        circumstances.records.write(Add(WAITING))
    return desk


async def test_yes_is_noted_with_the_request_and_remembered(asked: Desk) -> None:
    consent = await asked.ask(consents.approve, WAITING, Approval("shop", "ada", ("openid", "email"), ("name",)))
    assert await asked.stored(Consent, KEY) == consent
    assert (consent.scopes, consent.claims, consent.given_at) == (("openid", "email"), ("name",), asked.now)
    answered = await asked.stored(Interaction, "request")
    assert answered is not None
    assert (answered.answer, answered.user_id) == ("approved", "ada")
    assert answered.parameters == WAITING.parameters


async def test_no_is_noted_and_takes_nothing_back(asked: Desk) -> None:
    earlier = await asked.ask(consents.remember, Approval("shop", "ada", ("openid",)))
    await asked.ask(consents.deny, WAITING, "ada")
    answered = await asked.stored(Interaction, "request")
    assert answered is not None
    assert (answered.answer, answered.user_id) == ("denied", "ada")
    assert await asked.stored(Consent, KEY) == earlier


async def test_of_two_answers_to_one_request_one_counts(asked: Desk) -> None:
    await asked.ask(consents.deny, WAITING, "ada")
    with pytest.raises(Conflict):
        await asked.ask(consents.approve, WAITING, Approval("shop", "ada", ("openid",)))
    assert await asked.stored(Consent, KEY) is None


async def test_a_second_approval_widens_the_first(desk: Desk) -> None:
    await desk.ask(consents.remember, Approval("shop", "ada", ("openid", "email"), ("name",)))
    desk.now += 60
    await desk.ask(consents.remember, Approval("shop", "ada", ("openid", "phone"), ("birthdate",)))
    stored = await desk.stored(Consent, KEY)
    assert stored is not None
    assert stored.scopes == ("openid", "email", "phone")
    assert stored.claims == ("name", "birthdate")
    assert stored.given_at == desk.now


async def test_a_consent_is_between_one_person_and_one_application(desk: Desk) -> None:
    for application, user in (("shop", "ada"), ("shop", "bob"), ("mall", "ada")):
        await desk.ask(consents.remember, Approval(application, user, ("openid",)))
    await desk.ask(consents.withdraw, "shop", "ada")
    assert await desk.count(Consent) == 2
    assert await desk.stored(Consent, KEY) is None


async def test_what_was_never_given_cannot_be_withdrawn(desk: Desk) -> None:
    with pytest.raises(NotFound, match="has given application 'shop' no consent"):
        await desk.ask(consents.withdraw, "shop", "ada")
