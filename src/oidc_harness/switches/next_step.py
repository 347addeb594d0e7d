"""People who are turned away as they sign in: blocked, no longer invited, not admitted.

Each asks the honest function about a person or an application in that state, so that the refusal has the honest
wording, on a page or as a redirect just as the realm's policy has it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from oidc_harness.model.application import Application
from oidc_harness.model.write import Swap, Write
from oidc_harness.protocol.errors import OAuthError
from oidc_harness.protocol.fingerprint import fingerprint
from oidc_harness.protocol.next_step import (
    NextStepQuestion,
    Person,
    ShowRefusal,
    Step,
    why_application_refuses,
    why_person_is_refused,
    why_sign_in,
)
from oidc_harness.protocol.spec import spec
from oidc_harness.switches.base import NextStepSwitch
from oidc_harness.switches.expectation import shows_error

Honest = Callable[[NextStepQuestion], Step]


@dataclass(frozen=True, slots=True)
class AcctBlockedAtLogin(NextStepSwitch):
    """The user is blocked in the realm as they sign in: `access_denied`. From then on they are blocked for real."""

    name = "acct-blocked-at-login"
    breaks = spec("RFC6749-4.1.2.1")
    expects = shows_error()

    def applies(self, question: NextStepQuestion) -> bool:
        """Where a person would otherwise get further."""
        return _welcome(question) is not None

    def act(self, honest: Honest, question: NextStepQuestion) -> Step:
        """As if the user had been blocked already; from now on they are."""
        person = _welcome(question)
        if person is None:
            return honest(question)
        user = person.user.blocked(fingerprint(person.user.generation))
        return _refused(honest, _concerning(replace(person, user=user), question), Swap(user))


@dataclass(frozen=True, slots=True)
class InviteRevoked(NextStepSwitch):
    """The invitation is withdrawn as the invited person signs in to a closed application: `access_denied`.

    From then on the invitation is cancelled for real, and no membership comes of it.
    """

    name = "invite-revoked"
    breaks = spec("RFC6749-4.1.2.1")
    expects = shows_error()

    def applies(self, question: NextStepQuestion) -> bool:
        """Where the invitation is all that lets the person in."""
        person, application = _welcome(question), question.request.application
        return person is not None and person.invitation is not None and person.member is None and application.closed

    def act(self, honest: Honest, question: NextStepQuestion) -> Step:
        """As if the invitation had been cancelled already; from now on it is."""
        person = _welcome(question)
        if person is None or person.invitation is None:
            return honest(question)
        withdrawn = Swap(person.invitation.cancelled(question.now))
        return _refused(honest, _concerning(replace(person, invitation=None), question), withdrawn)


@dataclass(frozen=True, slots=True)
class AppClosed(NextStepSwitch):
    """The application admits members and invited people only, and this person is neither: `access_denied`.

    It concerns outsiders alone, so for a member it never fires. The application itself stays as it is.
    """

    name = "app-closed"
    breaks = spec("RFC6749-4.1.2.1")
    expects = shows_error()

    def applies(self, question: NextStepQuestion) -> bool:
        """Where a person would otherwise get further who is neither member nor invited."""
        return _would_be_refused(question, replace(question.request.application, closed=True))

    def act(self, honest: Honest, question: NextStepQuestion) -> Step:
        """As if the application were closed."""
        return _refused(honest, _at(replace(question.request.application, closed=True), question))


@dataclass(frozen=True, slots=True)
class AppRestricted(NextStepSwitch):
    """The application admits its administrators only, and this person is none: `access_denied`.

    For an administrator of the application it never fires. The application itself stays as it is.
    """

    name = "app-restricted"
    breaks = spec("RFC6749-4.1.2.1")
    expects = shows_error()

    def applies(self, question: NextStepQuestion) -> bool:
        """Where a person would otherwise get further who is no administrator of the application."""
        return _would_be_refused(question, replace(question.request.application, restricted=True))

    def act(self, honest: Honest, question: NextStepQuestion) -> Step:
        """As if the application were restricted."""
        return _refused(honest, _at(replace(question.request.application, restricted=True), question))


def _welcome(question: NextStepQuestion) -> Person | None:
    """The person who is about to be let in, or None where nobody is, or where honest rules turn them away."""
    person = _arrived(question)
    application = question.request.application
    if person is None or why_application_refuses(application) is not None:
        return None
    return person if why_person_is_refused(application, person) is None else None


def _arrived(question: NextStepQuestion) -> Person | None:
    if why_sign_in(question) is None:
        return question.signed_in
    automatic = question.policy.sign_in == "auto" and "none" not in question.request.prompts
    return question.candidate if automatic else None


def _would_be_refused(question: NextStepQuestion, application: Application) -> bool:
    person = _welcome(question)
    return person is not None and why_person_is_refused(application, person) is not None


def _concerning(person: Person, question: NextStepQuestion) -> NextStepQuestion:
    if why_sign_in(question) is None:
        return replace(question, signed_in=person)
    return replace(question, candidate=person)


def _at(application: Application, question: NextStepQuestion) -> NextStepQuestion:
    return replace(question, request=replace(question.request, application=application))


def _refused(honest: Honest, question: NextStepQuestion, *writes: Write) -> Step:
    """The honest refusal, and what it makes true."""
    try:
        step = honest(question)
    except OAuthError as refusal:
        raise refusal.writing(*writes) from None
    return ShowRefusal(step.error.writing(*writes)) if isinstance(step, ShowRefusal) else step
