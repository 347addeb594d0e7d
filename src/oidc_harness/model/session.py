"""Session: a signed-in browser."""

from dataclasses import dataclass, replace
from typing import ClassVar

from oidc_harness.model.record import Record

MOST_APPLICATIONS = 100
"""Applications a session remembers that it reached."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session(Record):
    """One sign-in of one user in one browser.

    `id` is the SHA-256 of the cookie's value, so that a copy of the store signs nobody in.
    """

    kind: ClassVar[str] = "session"
    indexes: ClassVar[tuple[str, ...]] = ("user_id", "sid")

    sid: str
    """The session id clients see (OIDC Front-Channel Logout 3)."""
    user_id: str
    user_generation: str
    """`User.generation` at sign-in; a session of an older generation is dead."""
    auth_time: int
    """Seconds since 1970 of the last authentication (OIDC Core 2)."""
    amr: tuple[str, ...] = ("pwd",)
    acr: str = "1"
    application_ids: tuple[str, ...] = ()
    """The applications the person went to in this session: whom its end concerns (OIDC Back-Channel Logout 2.1)."""
    issued_until: int | None = 0
    """When the last of what was issued in this session will have expired. 0: nothing was; None: never."""

    def reaching(self, application_id: str) -> "Session":
        """The session after its person went to this application. Of too many, the first are forgotten."""
        if application_id in self.application_ids:
            return self
        return replace(self, application_ids=(*self.application_ids, application_id)[-MOST_APPLICATIONS:])

    def issuing(self, until: int | None) -> "Session":
        """The session after something was issued in it that lives until then (None: for ever)."""
        known = self.issued_until
        if known is None or (until is not None and until <= known):
            return self
        return replace(self, issued_until=until)
