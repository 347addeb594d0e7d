"""What a grant type is given and gives."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from oidc_harness.model.application import Application
from oidc_harness.model.grant import Grant
from oidc_harness.model.session import Session
from oidc_harness.model.write import Swap, Write
from oidc_harness.protocol.about import About
from oidc_harness.protocol.encryption import Encryption
from oidc_harness.protocol.parameters import Parameters
from oidc_harness.provider.decision import Decision, Json
from oidc_harness.provider.issue import Order, issue
from oidc_harness.provider.provider import Provider
from oidc_harness.storage.port import Records


@dataclass(frozen=True, slots=True, eq=False)
class TokenRequest:
    """A token request whose client is authenticated and may use the grant type."""

    application: Application
    parameters: Parameters
    encryption: Encryption | None
    """How the client wants its ID tokens encrypted."""


@dataclass(frozen=True, slots=True, eq=False)
class GrantType:
    """One way to get tokens: `load` gathers what is stored, `decide` applies the section."""

    load: Callable[[Parameters, Application | None, Records, Provider], Awaitable[Any]]
    decide: Callable[[TokenRequest, Any, Provider], Decision]
    about: Callable[[Any], About]
    """Whom the loaded facts concern, so that a refusal can be told apart in the journal too."""


async def load_session_of(grant: Grant | None, records: Records) -> Session | None:
    """The session in which the grant was made, if it is still there."""
    if grant is None or grant.sid is None:
        return None
    return next(iter(await records.find(Session, sid=grant.sid, limit=1)), None)


def prolong(grant: Grant, order: Order, session: Session | None) -> tuple[Write, ...]:
    """Keep the order's grant as long as `grant`, the same one, is to live; its session has to know of that."""
    if grant is order.grant:
        return ()
    known = None if session is None else session.issuing(grant.expires_at)
    return (Swap(grant),) if known is None or known is session else (Swap(grant), Swap(known))


def respond(order: Order, writes: tuple[Write, ...], provider: Provider) -> Decision:
    """Issue what was ordered and answer with it (RFC 6749 5.1)."""
    issued = issue(order, provider)
    return Decision(Json(issued.members), writes + issued.writes, order.about)
