"""Interaction: an authorization request that waits for a person."""

from dataclasses import dataclass, replace
from typing import ClassVar, Literal

from oidc_harness.model.record import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Interaction(Record):
    """The request as it came, and what the person has done about it so far.

    Pages do what the person asks for, note here what it has to do with this request, and send the browser back to the
    authorization endpoint, which decides anew.
    """

    kind: ClassVar[str] = "interaction"

    browser: str
    """SHA-256 of the browser's cookie: nobody else can go on with this request. Empty while it is not known yet: the
    request was posted from another site, so that no cookie came along."""
    parameters: tuple[tuple[str, str], ...]
    """Every parameter of the request, in order, to the letter. Of a request with a request object, what both together
    say: the object is not looked at again, however long the person takes."""
    application_id: str
    created_at: int
    signed_in: str | None = None
    """Id of the session in which the person authenticated for this very request (satisfies `prompt=login`)."""
    answer: Literal["approved", "denied"] | None = None
    """What the person said on the consent page, if anything."""
    user_id: str | None = None
    """Who said it."""

    def answered(self, answer: Literal["approved", "denied"], user_id: str) -> "Interaction":
        """The request after this person said yes or no to it (F1, F2)."""
        return replace(self, answer=answer, user_id=user_id)
