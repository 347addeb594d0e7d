"""Session: a signed-in browser."""

from dataclasses import dataclass
from typing import ClassVar

from oidc_harness.model.record import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Session(Record):
    """One sign-in of one user in one browser.

    `id` is the SHA-256 of the cookie's value, so that a copy of the store signs nobody in.
    """

    kind: ClassVar[str] = "session"
    indexes: ClassVar[tuple[str, ...]] = ("user_id",)

    sid: str
    """The session id clients see (OIDC Front-Channel Logout 3)."""
    user_id: str
    user_generation: str
    """`User.generation` at sign-in; a session of an older generation is dead."""
    auth_time: int
    """Seconds since 1970 of the last authentication (OIDC Core 2)."""
    amr: tuple[str, ...] = ("pwd",)
    acr: str = "1"
