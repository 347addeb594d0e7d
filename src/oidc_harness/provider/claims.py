"""Claims endpoint: the realm as a claims provider, for clients that were sent here for claims (OIDC Core 5.6.2)."""

from dataclasses import dataclass

from oidc_harness.model.grant import Grant
from oidc_harness.protocol.about import About
from oidc_harness.protocol.claim_sources import asked_names, read_claims_token, sources_of
from oidc_harness.protocol.errors import invalid_token
from oidc_harness.protocol.request import Request
from oidc_harness.protocol.spec import spec
from oidc_harness.protocol.standing import Standing, why_dead
from oidc_harness.protocol.token_use import presented_token
from oidc_harness.provider.claim_sources import said_claims
from oidc_harness.provider.decision import Decision, Jwt
from oidc_harness.provider.endpoint import Phases
from oidc_harness.provider.provider import Provider
from oidc_harness.provider.refusal import refuse_bearer
from oidc_harness.provider.signing import Document, sign
from oidc_harness.provider.standing import load_standing
from oidc_harness.storage.port import Records


@dataclass(frozen=True, slots=True, eq=False)
class Facts:
    """The source that a token is for, its grant, and the people behind that."""

    source: str
    grant: Grant | None
    standing: Standing


async def load(request: Request, records: Records, provider: Provider) -> Facts:
    """What the presented token stands for (RFC 6750 2)."""
    grant_id, source = read_claims_token(presented_token(request), provider.subject_salt) or ("", "")
    grant = await records.get(Grant, grant_id) if grant_id else None
    return Facts(source, grant, await load_standing(grant, records))


def about(facts: Facts) -> About:
    """The flow in which the token was handed out."""
    return About("claims", facts.standing.application, facts.standing.user, facts.grant.id if facts.grant else None)


def decide(request: Request, facts: Facts, provider: Provider) -> Decision:
    """May the token be used, then what was asked for of this source, signed."""
    grant, user, application = facts.grant, facts.standing.user, facts.standing.application
    if grant is None or user is None or application is None:
        raise invalid_token("the access token is unknown", "no _claim_sources of this realm had it, or long ago")
    if (reason := _why_over(grant, facts.standing, provider.now)) is not None:
        raise invalid_token("the access token is expired or revoked", reason)
    source = user.claim_sources.get(facts.source)
    asked = asked_names(grant.scopes, grant.claims.get("userinfo"), grant.claims.get("id_token"))
    names = sources_of(user, asked).get(facts.source, ())
    if source is None or not source.distributed or not names:
        detail = f"user {user.username} has no distributed claims of {facts.source} that were asked for"
        raise invalid_token("the access token is for nothing", detail, spec("OIDCC-5.6.2"))
    claims = said_claims(source, names, provider)
    text = sign(Document(about(facts), application, "claims", claims), provider)
    return Decision(Jwt(text, claims), about=about(facts))


def _why_over(grant: Grant, standing: Standing, now: int) -> str | None:
    if grant.expires_at is not None and now >= grant.expires_at:
        return f"everything under this grant expired at {grant.expires_at}; the realm's time is {now}"
    return why_dead(grant, standing)


PHASES = Phases(load, decide, refuse_bearer, about)
