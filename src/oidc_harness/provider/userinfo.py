"""Userinfo endpoint — OIDC Core 5.3."""

from dataclasses import dataclass

from oidc_harness.protocol.about import About
from oidc_harness.protocol.encryption import Encryption
from oidc_harness.protocol.errors import invalid_token
from oidc_harness.protocol.request import Request
from oidc_harness.protocol.subject import subject_of
from oidc_harness.protocol.token_use import TokenUseQuestion, presented_token
from oidc_harness.protocol.userinfo import UserinfoQuestion
from oidc_harness.provider.bearer import BearerFacts, load_bearer
from oidc_harness.provider.claim_sources import Telling, told_sources
from oidc_harness.provider.client_keys import load_encryption
from oidc_harness.provider.decision import Decision
from oidc_harness.provider.endpoint import Phases
from oidc_harness.provider.provider import Provider
from oidc_harness.provider.refusal import refuse_bearer
from oidc_harness.provider.userinfo_reply import Recipient, tell_person
from oidc_harness.storage.port import Records


@dataclass(frozen=True, slots=True, eq=False)
class Facts(BearerFacts):
    """The token, and how its client wants to be answered."""

    encryption: Encryption | None


async def load(request: Request, records: Records, provider: Provider) -> Facts:
    """The token as RFC 6750 2 lets it be sent, and what it stands for."""
    found = await load_bearer(presented_token(request), records)
    encryption = await load_encryption(found.standing.application, "userinfo", records, provider.outside)
    return Facts(found.token, found.grant, found.standing, encryption)


def about(facts: Facts) -> About:
    """The flow of the token."""
    grant_id = facts.grant.id if facts.grant else None
    return About("userinfo", facts.standing.application, facts.standing.user, grant_id)


def decide(request: Request, facts: Facts, provider: Provider) -> Decision:
    """May the token be used (5.3.1), then the claims (5.3.2)."""
    application, user = facts.standing.application, facts.standing.user
    concerns = about(facts)
    question = TokenUseQuestion(concerns, facts.token, facts.grant, facts.standing, "openid", provider.now)
    grant = provider.conduct.token_use(question)
    if application is None or user is None or facts.token is None:
        raise invalid_token("the access token has no user", "userinfo is about a person; this token has none")
    subject = subject_of(user, application, provider.subject_salt)
    scopes = facts.token.scopes
    sources = told_sources(Telling(concerns, application, grant, user), scopes, grant.claims.get("userinfo"), provider)
    claims = provider.conduct.userinfo(UserinfoQuestion(concerns, subject, grant, user, scopes, sources))
    return Decision(tell_person(claims, Recipient(application, facts.encryption), concerns, provider), about=concerns)


PHASES = Phases(load, decide, refuse_bearer, about)
