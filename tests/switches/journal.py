"""Journals as data: exchanges in a few words, for rules that judge them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from oidc_harness.harness.journal import Observation
from oidc_harness.model.application import Application
from oidc_harness.model.user import User
from oidc_harness.protocol.about import About
from oidc_harness.protocol.delivery import Headers, HttpReply
from oidc_harness.protocol.errors import OAuthError, WrongMethod, invalid_grant
from oidc_harness.protocol.request import Pairs, Request
from oidc_harness.provider.exchange import Exchange, Fired
from tests.support import records

WEB = records.application()
ALICE = records.user()
FLOW = "grant-1"
ARMED = "a-switch-1"
FIRED = Fired(ARMED, "a-switch", "id_token", "the truth", "a lie")


@dataclass(frozen=True)
class Happened:
    """An exchange; what is not said is the usual: a success of Alice's flow with the application."""

    endpoint: str
    fired: bool = False
    grant_id: str | None = FLOW
    application: Application | None = WEB
    user: User | None = ALICE
    refused: bool = False
    error: OAuthError | None = None
    """The refusal, where it matters which."""
    form: Pairs = ()
    query: Pairs = ()
    headers: Mapping[str, str] | None = None
    status: int = 200
    reply_headers: Headers = ()
    members: Mapping[str, Any] | None = None
    at: int = 1_800_000_000
    real_at: float = 1_800_000_000.0
    method: str = "GET"
    deed: Fired = FIRED

    def exchange(self, number: int) -> Exchange:
        """As the journal keeps it."""
        return Exchange(
            number=number,
            endpoint=self.endpoint,
            request=Request(self.method, f"/{self.endpoint}", self.query, self.form, self.headers or {}),
            about=About(self.endpoint, self.application, self.user, self.grant_id),
            reply=HttpReply(self.status, self.reply_headers, b"", self.members),
            fired=(self.deed,) if self.fired else (),
            error=self.error or (invalid_grant("refused") if self.refused else None),
            at=self.at,
            real_at=self.real_at,
        )


@dataclass(frozen=True)
class Seen:
    """A look at the client: who is signed in there, None: nobody."""

    subject: str | None = None
    signed_in: bool | None = None
    """None: whether there is a subject."""


Line = Happened | Seen


def written(*lines: Line) -> tuple[tuple[Exchange, ...], tuple[Observation, ...]]:
    """The exchanges, numbered from 1, and what was seen between them."""
    exchanges: list[Exchange] = []
    observations = []
    for line in lines:
        if isinstance(line, Happened):
            exchanges.append(line.exchange(len(exchanges) + 1))
        else:
            signed_in = line.subject is not None if line.signed_in is None else line.signed_in
            observations.append(Observation(len(exchanges), 0, signed_in, line.subject))
    return tuple(exchanges), tuple(observations)


# The steps of a sign-in, from the browser's leaving to the claims.
ASKED = Happened("authorize", query=(("client_id", "web"), ("state", "s")))
AUTHORIZED = replace(ASKED, status=303, reply_headers=(("Location", "https://rp.example/callback?code=c-1&state=s"),))
REFUSED_THERE = replace(ASKED, grant_id=None, refused=True)
REDEEMED = Happened(
    "token",
    method="POST",
    form=(("grant_type", "authorization_code"), ("code", "c-1")),
    members={"access_token": "at-1", "refresh_token": "rt-1"},
)
USED = Happened("userinfo", headers={"Authorization": "Bearer at-1"}, members={"sub": ALICE.id})
RENEWED = Happened("token", method="POST", form=(("grant_type", "refresh_token"), ("refresh_token", "rt-1")))
KEYS = Happened("jwks", application=None, user=None, grant_id=None)
KEYS_BY_POST = replace(KEYS, method="POST", status=405, error=WrongMethod("POST", ("GET",)))
METADATA = replace(KEYS, endpoint="discovery")
NOBODY = Seen()
SHOWN = Seen(ALICE.id)


def lied(line: Happened, **changes: Any) -> Happened:
    """The same exchange, in which the switch fired."""
    return replace(line, fired=True, **changes)


def refused(line: Happened, **changes: Any) -> Happened:
    """The same exchange, which the provider refused."""
    return replace(line, refused=True, status=400, members={"error": "invalid_grant"}, **changes)
