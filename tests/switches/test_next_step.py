"""People who are turned away: the refusal is the honest one, on a page or by redirect as the realm has it."""

from dataclasses import replace
from typing import Any

import pytest

from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.model.write import Swap
from oidc_harness.protocol.errors import OAuthError
from oidc_harness.protocol.fingerprint import fingerprint
from oidc_harness.protocol.next_step import AskConsent, NextStepQuestion, Person, ShowRefusal
from oidc_harness.provider.conduct import HONEST
from oidc_harness.switches.base import NextStepSwitch
from oidc_harness.switches.next_step import AcctBlockedAtLogin, AppClosed, AppRestricted, InviteRevoked
from tests.support import records
from tests.switches import questions
from tests.switches.questions import ALICE, MEMBER, NOW

OUTSIDER = Person(ALICE)
INVITATION = records.invitation()
INVITED = Person(ALICE, invitation=INVITATION)
CLOSED = records.application(closed=True)
AUTOMATIC: dict[str, Any] = {"policy": RealmPolicy(sign_in="auto"), "session": None, "signed_in": None}
BLOCKED = Swap(ALICE.blocked(fingerprint(ALICE.generation)))

REFUSALS: list[tuple[NextStepSwitch, Person, dict[str, Any], str, tuple[Swap, ...]]] = [
    (AcctBlockedAtLogin(), Person(ALICE, MEMBER), {}, "the user is blocked", (BLOCKED,)),
    (AppClosed(), OUTSIDER, {}, "the application is closed to outsiders", ()),
    (AppRestricted(), Person(ALICE, MEMBER), {}, "only administrators may sign in", ()),
    (
        InviteRevoked(),
        INVITED,
        {"application": CLOSED},
        "the application is closed to outsiders",
        (Swap(INVITATION.cancelled(NOW)),),
    ),
]
CASES = pytest.mark.parametrize(
    ("switch", "person", "changes", "description", "writes"), REFUSALS, ids=[row[0].name for row in REFUSALS]
)


@CASES
def test_refused_on_a_page(switch: NextStepSwitch, person: Person, changes: Any, description: str, writes: Any) -> None:
    question = questions.next_step(signed_in=person, **changes)
    assert isinstance(HONEST.next_step(question), AskConsent)
    assert switch.applies(question)
    step = switch.act(HONEST.next_step, question)
    assert isinstance(step, ShowRefusal)
    assert (step.error.code, step.error.description, step.error.writes) == ("access_denied", description, writes)


@CASES
def test_refused_by_redirect(
    switch: NextStepSwitch, person: Person, changes: Any, description: str, writes: Any
) -> None:
    question = questions.next_step(candidate=person, **AUTOMATIC, **changes)
    assert switch.applies(question)
    with pytest.raises(OAuthError) as caught:
        switch.act(HONEST.next_step, question)
    assert (caught.value.code, caught.value.description, caught.value.writes) == ("access_denied", description, writes)


ADMINISTRATOR = Person(ALICE, replace(MEMBER, role="administrator"))
BLOCKED_BEFORE = Person(replace(ALICE, status="blocked"), MEMBER)
NOBODY = {"session": None, "signed_in": None}
SILENT = replace(questions.next_step().request, prompts=frozenset({"none"}))


@pytest.mark.parametrize(
    ("switch", "question"),
    [
        (AcctBlockedAtLogin(), questions.next_step(**NOBODY)),
        (AcctBlockedAtLogin(), questions.next_step(signed_in=BLOCKED_BEFORE)),
        (AcctBlockedAtLogin(), questions.next_step(application=records.application(status="deactivated"))),
        (AcctBlockedAtLogin(), questions.next_step(candidate=OUTSIDER, **AUTOMATIC, request=SILENT)),
        (AcctBlockedAtLogin(), questions.next_step(candidate=OUTSIDER, **NOBODY)),
        (AppClosed(), questions.next_step()),
        (AppClosed(), questions.next_step(signed_in=INVITED)),
        (AppClosed(), questions.next_step(signed_in=OUTSIDER, application=CLOSED)),
        (AppRestricted(), questions.next_step(signed_in=ADMINISTRATOR)),
        (InviteRevoked(), questions.next_step(signed_in=INVITED)),
        (InviteRevoked(), questions.next_step(signed_in=OUTSIDER)),
        (InviteRevoked(), questions.next_step(application=CLOSED)),
        (InviteRevoked(), questions.next_step(application=CLOSED, signed_in=replace(INVITED, member=MEMBER))),
    ],
    ids=lambda case: getattr(case, "name", "asked"),
)
def test_who_is_not_concerned(switch: NextStepSwitch, question: NextStepQuestion) -> None:
    assert not switch.applies(question)
