"""Demands about who is signed in at the client afterwards. They rest on looks at the client, never on silence."""

from dataclasses import dataclass

from oidc_harness.provider.exchange import Exchange
from oidc_harness.switches.course import Course
from oidc_harness.switches.demand import Finding
from oidc_harness.switches.traces import refused, subject_in, uses_tokens
from oidc_harness.switches.traffic import Observed

_UNSEEN = "nobody looked whether the client shows somebody as signed in; let the probe or the test report it"


@dataclass(frozen=True, slots=True)
class RefusesSignIn:
    """No session comes of the flow, and nothing of it is used."""

    def describe(self) -> str:
        return "signs nobody in and uses none of the tokens it was given"

    def examine(self, course: Course) -> Finding:
        used = next((exchange for exchange in course.flow if uses_tokens(exchange)), None)
        if used is not None:
            return Finding("failed", _used(used), (course.start.number, used.number))
        return nobody_signed_in(course, course.observed)


@dataclass(frozen=True, slots=True)
class RefusesCallback:
    """The answer at the redirect URI is thrown away with the code in it."""

    def describe(self) -> str:
        return "does not redeem the code of this answer"

    def examine(self, course: Course) -> Finding:
        redeemed = course.at("token")
        if redeemed:
            reason = "the client redeemed the code of an answer it had to refuse"
            return Finding("failed", reason, (course.start.number, redeemed[0].number))
        return Finding("kept", "the code was not redeemed")


@dataclass(frozen=True, slots=True)
class SignsIn:
    """What was done is allowed or can be got over, so the sign-in must succeed."""

    def describe(self) -> str:
        return "signs the person in all the same"

    def examine(self, course: Course) -> Finding:
        looks = _before_next_login(course)
        if not looks:
            return Finding("open", _UNSEEN)
        look, expected = looks[-1], course.subjects()
        if not look.signed_in:
            return Finding("failed", "the client shows nobody as signed in", (course.start.number,))
        if look.subject is not None and expected and look.subject not in expected:
            reason = f"the client shows {look.subject!r} as signed in, expected {' or '.join(sorted(expected))!r}"
            return Finding("failed", reason, (course.start.number,))
        return Finding("met", f"the client shows {_whom(look)} as signed in", (course.start.number,))


@dataclass(frozen=True, slots=True)
class EndsSession:
    """Once the provider has refused the client's next request, nobody is signed in there any more."""

    def describe(self) -> str:
        return "has nobody signed in any more once the provider has refused its next request"

    def examine(self, course: Course) -> Finding:
        contact = next((exchange for exchange in (course.start, *course.flow) if refused(exchange)), None)
        if contact is None:
            return Finding("open", "the client has not asked the provider since, so it cannot know yet")
        since = tuple(look for look in course.observed if look.after >= contact.number)
        found = nobody_signed_in(course, since)
        told = f"the provider refused exchange {contact.number} ({contact.endpoint}); {found.reason}"
        return Finding(found.state, told, tuple(dict.fromkeys((*found.evidence, contact.number))))


@dataclass(frozen=True, slots=True)
class ShowsNobodyElse:
    """An answer about somebody else is thrown away."""

    def describe(self) -> str:
        return "never shows the person of that answer"

    def examine(self, course: Course) -> Finding:
        honest = {subject_in(deed.honest) for deed in course.deeds}
        others = {subject_in(deed.given) for deed in course.deeds} - honest
        fooled = next((look for look in course.observed if look.signed_in and look.subject in others), None)
        if fooled is not None:
            reason = f"the client shows {fooled.subject!r}, who is not the person of the ID token"
            return Finding("failed", reason, (course.start.number,))
        if any(look.signed_in for look in course.observed):
            reason = "the client has somebody signed in; whether it used the other claims of that answer is not seen"
            return Finding("open", reason)
        return nobody_signed_in(course, course.observed)


def _before_next_login(course: Course) -> tuple[Observed, ...]:
    """The looks that show what came of this flow: many clients drop their session when another login begins."""
    begun = next((exchange.number for exchange in course.authorizations()), None)
    return tuple(look for look in course.observed if look.signed_in or begun is None or look.after < begun)


def nobody_signed_in(course: Course, looks: tuple[Observed, ...]) -> Finding:
    """Whether the looks show that nobody came in by this flow. Somebody who was there before may have stayed."""
    if not looks:
        return Finding("open", _UNSEEN)
    showing = [look for look in looks if look.signed_in and not _stayed(look, course)]
    if not showing:
        return Finding("met", _none_came_in(looks), (course.start.number,))
    if _may_have_stayed(showing[0], course):
        reason = f"the client shows {_whom(showing[0])}, as it did before; try with a person who is not signed in there"
        return Finding("open", reason)
    reason = f"the client shows {_whom(showing[0])} as signed in"
    if any(not look.signed_in for look in looks):
        reason += ", although it was also reported that nobody is; a session that is seen decides"
    return Finding("failed", reason, (course.start.number,))


def _none_came_in(looks: tuple[Observed, ...]) -> str:
    stayed = next((look.subject for look in looks if look.signed_in), None)
    return f"the client still shows {stayed!r} and nobody else" if stayed else "the client shows nobody as signed in"


def _stayed(look: Observed, course: Course) -> bool:
    """Whether this is certainly the person who was signed in before, and not the one of this flow."""
    subjects = course.subjects()
    return _may_have_stayed(look, course) and bool(subjects) and look.subject not in subjects


def _may_have_stayed(look: Observed, course: Course) -> bool:
    before = course.before
    return before is not None and before.signed_in and look.subject is not None and before.subject == look.subject


def _used(exchange: Exchange) -> str:
    return f"the client used its tokens at {exchange.endpoint}, after an answer it had to refuse"


def _whom(look: Observed) -> str:
    return "somebody" if look.subject is None else repr(look.subject)
