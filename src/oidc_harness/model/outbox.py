"""Outbox: what has to be sent to others, stored with the commit that is its reason and sent afterwards."""

from dataclasses import dataclass, replace
from typing import ClassVar, Literal

from oidc_harness.model.application import Application
from oidc_harness.model.record import Record

KEPT_SECONDS = 86_400
"""How long a notice is kept for people to look at."""
RETRY_AFTER_SECONDS = (10, 60, 600, 3600)
"""How long to wait after the first, second, … try that failed, by the realm's clock; then it is given up."""
DeliveryState = Literal["pending", "delivered", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LogoutNotice(Record):
    """One back-channel logout: a token to be made and posted (OIDC Back-Channel Logout 2.5).

    The token itself is made anew at each try, because it lives for two minutes only. Ids are in the order of time.
    """

    kind: ClassVar[str] = "logout_notice"
    indexes: ClassVar[tuple[str, ...]] = ("state", "application_id")

    application_id: str
    first_generation: str = ""
    """The application's: another one that has the same id later is told nothing of this."""
    url: str
    """Where to, as it was registered when the session ended. Once it is registered otherwise, nothing is sent."""
    user_id: str
    sid: str | None
    """The session that ended. None: all sessions of the user at this application."""
    created_at: int
    """Seconds since 1970 in the realm's time."""
    state: DeliveryState = "pending"
    attempts: int = 0
    next_try_at: int
    """Seconds since 1970 in the realm's time; means nothing once it is delivered or failed."""
    last_outcome: str = "not tried yet"
    """For people."""

    def is_for(self, application: Application) -> bool:
        """Whether this is the very application that the notice was written for, and it still wants it there."""
        is_same = application.first_generation == self.first_generation
        return is_same and application.backchannel_logout_uri == self.url

    def delivered(self, outcome: str) -> "LogoutNotice":
        """The client has taken it."""
        return replace(self, state="delivered", attempts=self.attempts + 1, last_outcome=outcome)

    def refused(self, outcome: str) -> "LogoutNotice":
        """Trying again would change nothing."""
        return replace(self, state="failed", attempts=self.attempts + 1, last_outcome=outcome)

    def put_off(self, outcome: str, now: int) -> "LogoutNotice":
        """To be tried again later, unless it was tried often enough."""
        if self.attempts >= len(RETRY_AFTER_SECONDS):
            return self.refused(outcome)
        later = now + RETRY_AFTER_SECONDS[self.attempts]
        return replace(self, attempts=self.attempts + 1, next_try_at=later, last_outcome=outcome)


def logout_notice(application: Application, user_id: str, sid: str | None, now: int, chance: str) -> LogoutNotice:
    """The notice that a session (None: every session) of a user ended, for an application that registered a URI.

    `chance` tells it from others of the same second.
    """
    return LogoutNotice(
        id=f"{now:012d}-{chance}",
        application_id=application.id,
        first_generation=application.first_generation,
        url=application.backchannel_logout_uri or "",
        user_id=user_id,
        sid=sid,
        created_at=now,
        next_try_at=now,
        expires_at=now + KEPT_SECONDS,
    )
