"""Redemption: may this code or refresh token be exchanged, by whom, for what (RFC 6749 4.1.3, 6)."""

from dataclasses import dataclass

from oidc_harness.model.application import Application
from oidc_harness.model.code import Code
from oidc_harness.model.grant import Grant
from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.model.token import RefreshToken
from oidc_harness.model.write import Swap
from oidc_harness.protocol.about import About
from oidc_harness.protocol.difference import describe_difference
from oidc_harness.protocol.errors import OAuthError, invalid_grant, invalid_request, invalid_scope
from oidc_harness.protocol.parameters import Parameters
from oidc_harness.protocol.pkce import check_verifier, held_to
from oidc_harness.protocol.scope import parse_scope
from oidc_harness.protocol.spec import spec
from oidc_harness.protocol.standing import Standing, why_dead


@dataclass(frozen=True, slots=True, eq=False)
class RedemptionQuestion:
    """May the presented code or refresh token be redeemed now?"""

    about: About
    application: Application
    """The authenticated client."""
    parameters: Parameters
    presented: Code | RefreshToken | None
    grant: Grant | None
    standing: Standing
    policy: RealmPolicy
    now: int


@dataclass(frozen=True, slots=True)
class Redeemed:
    """What may be issued."""

    grant: Grant
    scopes: tuple[str, ...]


def redeem(question: RedemptionQuestion) -> Redeemed:
    """What the client gets for what it presented. Raises `invalid_grant`, which may revoke (RFC 6749 4.1.2, 5.2)."""
    if isinstance(question.presented, RefreshToken):
        return _redeem_refresh_token(question, question.presented)
    return _redeem_code(question, question.presented)


def _redeem_code(question: RedemptionQuestion, code: Code | None) -> Redeemed:
    if code is None or question.grant is None:
        raise _unknown("code")
    _check_owner("code", code.application_id, question.application)
    if code.spent_at is not None:
        raise _replayed(question, f"the code was redeemed at {code.spent_at}; a code works once", "RFC6749-4.1.2")
    _check_alive("code", code.expires_at, question, question.grant)
    _check_redirect_uri(question.parameters.get("redirect_uri"), code)
    check_verifier(question.parameters.get("code_verifier"), code, held_to(question.policy, question.application))
    return Redeemed(question.grant, question.grant.scopes)


def _redeem_refresh_token(question: RedemptionQuestion, token: RefreshToken) -> Redeemed:
    if question.grant is None:
        raise _unknown("refresh_token")
    _check_owner("refresh_token", token.application_id, question.application)
    if token.spent_at is not None and question.now >= token.spent_at + question.policy.refresh_grace:
        detail = f"the refresh token was exchanged for its successor at {token.spent_at}; the whole family is revoked"
        raise _replayed(question, detail, "RFC9700-4.14.2")
    _check_alive("refresh_token", token.expires_at, question, question.grant)
    return Redeemed(question.grant, _narrowed(question.parameters.get("scope"), token.scopes))


def _unknown(name: str) -> OAuthError:
    return invalid_grant(
        f"{name} is unknown", f"no {name} with this value was issued by this realm, or it expired long ago"
    )


def _check_owner(name: str, owner: str, application: Application) -> None:
    if owner != application.id:
        raise invalid_grant(
            f"{name} belongs to another client",
            describe_difference(f"client of the {name}", owner, application.id),
        )


def _replayed(question: RedemptionQuestion, detail: str, tag: str) -> OAuthError:
    """A second use revokes what the first one gave (F3, F6)."""
    error = invalid_grant("it was used before", detail, spec(tag))
    grant = question.grant
    if grant is None or grant.revoked_at is not None:
        return error
    return error.writing(Swap(grant.revoked(question.now)))


def _check_alive(name: str, expires_at: int | None, question: RedemptionQuestion, grant: Grant) -> None:
    if expires_at is not None and question.now >= expires_at:
        raise invalid_grant(
            f"{name} has expired", f"the {name} expired at {expires_at}; the realm's time is {question.now}"
        )
    reason = why_dead(grant, question.standing)
    if reason is not None:
        raise invalid_grant(f"{name} is no longer valid", reason)


def _check_redirect_uri(came: str | None, code: Code) -> None:
    where = spec("RFC6749-4.1.3")
    if came is None:
        raise invalid_request("redirect_uri is missing", f"expected {code.redirect_uri!r}, as in the request", where)
    if came != code.redirect_uri:
        raise invalid_grant("redirect_uri differs", describe_difference("redirect_uri", code.redirect_uri, came), where)


def _narrowed(asked: str | None, granted: tuple[str, ...]) -> tuple[str, ...]:
    """A refresh may ask for less than was granted, never for more (RFC 6749 6)."""
    if asked is None:
        return granted
    scopes = parse_scope(asked)
    beyond = [scope for scope in scopes if scope not in granted]
    if beyond:
        raise invalid_scope(
            "more scope than was granted",
            f"granted: {' '.join(granted)}; asked for besides: {' '.join(beyond)}",
        )
    return scopes
