"""What every client does, careful or careless: the steps of a sign-in and what is remembered between them."""

from collections.abc import Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from .registration import Registration

Document = dict[str, Any]
Pairs = Sequence[tuple[str, str]]
Clock = Callable[[], float]


class Refused(Exception):
    """A step that did not succeed; the session, when there is one, goes on.

    `code` is one word for programs, `reason` a sentence for people, `status` the HTTP status of the page that
    tells them: 400 when an answer is refused, 502 when the provider could not be used.
    """

    status = 400

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(f"{code}: {reason}")
        self.code = code
        self.reason = reason


class ProviderFault(Refused):
    """The provider could not be reached, or answered with something that is no answer."""

    status = 502


class SessionEnded(Refused):
    """The provider no longer stands behind this session: it has to be forgotten."""

    status = 401


@dataclass(frozen=True, slots=True)
class PendingLogin:
    """An authorization request that has not been answered yet (`started_at` in Unix seconds)."""

    state: str
    nonce: str
    code_verifier: str
    started_at: float
    wishes: Mapping[str, str] = field(default_factory=dict)
    attempt: int = 1


class StartAgain(Exception):
    """The client wants to send the browser off once more, without asking the person at it."""

    def __init__(self, previous: PendingLogin) -> None:
        super().__init__(f"attempt {previous.attempt} did not succeed")
        self.wishes = previous.wishes
        self.attempt = previous.attempt + 1


@dataclass(frozen=True, slots=True)
class Departure:
    """Where the browser is to be sent, and what has to be remembered until it comes back."""

    url: str
    pending: PendingLogin


@dataclass(slots=True)
class Session:
    """A signed-in person. `access_expires_at` is in Unix seconds, None when the provider did not say.

    A renewal changes it in place: a rotated refresh token must not be lost, whatever fails after it.
    """

    sub: str
    claims: Document
    id_token: str
    id_claims: Document
    access_token: str
    access_expires_at: float | None = None
    refresh_token: str | None = None


Ends = Callable[[Session], bool]
"""Which sessions of this client a logout token ends."""


@dataclass(frozen=True, slots=True)
class ApiAnswer:
    """What a protected resource said."""

    status: int
    body: Document


class Client(Protocol):
    """A relying party. It keeps nothing about a browser: that is handed in and handed back."""

    @property
    def registration(self) -> Registration:
        """What this client knows of itself."""

    async def begin(self, wishes: Mapping[str, str], attempt: int = 1) -> Departure:
        """Write an authorization request (OpenID Connect Core 3.1.2.1); raises Refused."""

    async def finish(self, answer: Pairs, pending: MutableMapping[str, PendingLogin]) -> Session:
        """Turn the parameters of a callback into a session (Core 3.1.2.5 to 3.1.3.7).

        `pending` holds the open logins of this very browser by state; the one that is answered is taken out.
        Raises Refused, or StartAgain.
        """

    async def refresh(self, session: Session) -> None:
        """Renew the tokens in the session (Core 12); raises Refused, or SessionEnded."""

    async def call_api(self, session: Session) -> ApiAnswer:
        """Call the protected resource with the token (RFC 6750 2.1); raises Refused, or SessionEnded."""

    async def logout_url(self, session: Session | None, state: str) -> str | None:
        """Where to send the browser to sign out at the provider too (RP-Initiated Logout 2), if anywhere."""

    async def told_of_logout(self, logout_token: str) -> Ends:
        """What the provider says has ended (Back-Channel Logout 2.6, 2.7); raises Refused."""

    async def close(self) -> None:
        """Give up the connections."""
