"""Logout notice: what a client is told when a session has ended (OIDC Back-Channel Logout 2.4, Front-Channel Logout 3).

By the back channel these are the claims of a logout token, by the front channel what is added to the client's URI.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from oidc_harness.model.application import Application
from oidc_harness.protocol.about import About

NAME = "backchannel_logout"
"""Under which exchanges stand in the journal that the provider began, to tell of a logout."""
EVENT = "http://schemas.openid.net/event/backchannel-logout"
LIFETIME_SECONDS = 120
"""At most two minutes are recommended (OIDC Back-Channel Logout 4)."""


@dataclass(frozen=True, slots=True, eq=False)
class LogoutNoticeQuestion:
    """What does the notice say?"""

    about: About
    channel: Literal["back", "front"]
    issuer: str
    subject: str
    application: Application
    sid: str | None
    """None: every session of the subject at this client ended."""
    token_id: str
    """For the back channel."""
    now: int


def claims(question: LogoutNoticeQuestion) -> Mapping[str, Any]:
    """What an honest notice says. A logout token never has a `nonce`, so that none passes for an ID token.

    In a front-channel URI both `iss` and `sid` stand, or none of them; they always do.
    """
    if question.channel == "front":
        return {"iss": question.issuer, "sid": question.sid}
    return {
        "iss": question.issuer,
        **_whom(question),
        "aud": question.application.id,
        "iat": question.now,
        "exp": question.now + LIFETIME_SECONDS,
        "jti": question.token_id,
        "events": {EVENT: {}},
    }


def _whom(question: LogoutNoticeQuestion) -> Mapping[str, str]:
    """`sub`, `sid` or both, as the application has it; never none of them (2.4)."""
    named = question.application.backchannel_logout_claims
    if question.sid is None or named == "sub":
        return {"sub": question.subject}
    return {"sid": question.sid} if named == "sid" else {"sub": question.subject, "sid": question.sid}
