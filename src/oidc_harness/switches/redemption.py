"""Refresh tokens that no longer work.

Each asks the honest function about a state of things that is not the case yet, and makes it the case with the refusal:
the wording is that of an honest refusal, and later requests find what this one found.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from oidc_harness.model.token import RefreshToken
from oidc_harness.model.write import Swap, Write
from oidc_harness.protocol.errors import OAuthError
from oidc_harness.protocol.fingerprint import fingerprint
from oidc_harness.protocol.redemption import Redeemed, RedemptionQuestion
from oidc_harness.protocol.spec import spec
from oidc_harness.switches.base import RedemptionSwitch
from oidc_harness.switches.expectation import calls_at_most, ends_session

Honest = Callable[[RedemptionQuestion], Redeemed]
_GIVES_UP = ends_session() & calls_at_most(0, "token")


@dataclass(frozen=True, slots=True)
class RefreshInvalidGrant(RedemptionSwitch):
    """The authorization behind the refresh token is revoked at the moment the client refreshes: `invalid_grant`."""

    name = "refresh-invalid-grant"
    breaks = spec("RFC6749-5.2")
    expects = _GIVES_UP

    def applies(self, question: RedemptionQuestion) -> bool:
        """Refreshes by the client the token belongs to."""
        return _own_token(question) is not None and question.grant is not None

    def act(self, honest: Honest, question: RedemptionQuestion) -> Redeemed:
        """As if the grant had been revoked already; from now on it is."""
        grant = question.grant
        if grant is None:
            return honest(question)
        revoked = grant.revoked(question.now)
        return _made_true(honest, replace(question, grant=revoked), Swap(revoked))


@dataclass(frozen=True, slots=True)
class RefreshTokenExpired(RedemptionSwitch):
    """The refresh token has expired when the client uses it, long before its time: `invalid_grant`.

    With the condition `skip: 1` the first refresh still works, and so on. A refresh token that a conforming provider
    makes without any lifetime is policy of realm or application (a TTL of 0).
    """

    name = "refresh-token-expired"
    breaks = spec("RFC6749-5.2")
    expects = _GIVES_UP

    def applies(self, question: RedemptionQuestion) -> bool:
        """Refreshes by the client the token belongs to."""
        return _own_token(question) is not None

    def act(self, honest: Honest, question: RedemptionQuestion) -> Redeemed:
        """As if the token had expired already; from now on it has."""
        token = _own_token(question)
        if token is None:
            return honest(question)
        expired = replace(token, expires_at=question.now)
        return _made_true(honest, replace(question, presented=expired), Swap(expired))


@dataclass(frozen=True, slots=True)
class AcctBlockedOnRefresh(RedemptionSwitch):
    """The user is blocked at the moment the client refreshes: `invalid_grant`, and userinfo refuses too."""

    name = "acct-blocked-on-refresh"
    breaks = spec("RFC6749-5.2")
    expects = _GIVES_UP

    def applies(self, question: RedemptionQuestion) -> bool:
        """Refreshes by the client the token belongs to, for a user who is not blocked yet."""
        user = question.standing.user
        return _own_token(question) is not None and user is not None and user.status == "active"

    def act(self, honest: Honest, question: RedemptionQuestion) -> Redeemed:
        """As if the user had been blocked already; from now on they are."""
        user = question.standing.user
        if user is None:
            return honest(question)
        blocked = user.blocked(fingerprint(user.generation))
        standing = replace(question.standing, user=blocked)
        return _made_true(honest, replace(question, standing=standing), Swap(blocked))


def _own_token(question: RedemptionQuestion) -> RefreshToken | None:
    token = question.presented
    return token if isinstance(token, RefreshToken) and token.application_id == question.application.id else None


def _made_true(honest: Honest, question: RedemptionQuestion, write: Write) -> Redeemed:
    try:
        return honest(question)
    except OAuthError as refusal:
        raise refusal.writing(write) from None
