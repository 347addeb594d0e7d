"""Introspection endpoint — RFC 7662, RFC 9701."""

from collections.abc import Mapping
from typing import Any

from oidc_harness.model.application import Application
from oidc_harness.model.token import AccessToken
from oidc_harness.protocol.about import About
from oidc_harness.protocol.accept import asks_for
from oidc_harness.protocol.errors import invalid_client
from oidc_harness.protocol.introspection import MEDIA_TYPE, IntrospectionQuestion, LiveToken, addressed
from oidc_harness.protocol.request import Request
from oidc_harness.protocol.signature import introspection_algorithm, introspection_algorithms
from oidc_harness.protocol.spec import spec
from oidc_harness.protocol.standing import why_dead
from oidc_harness.protocol.subject import subject_of
from oidc_harness.protocol.token_use import why_token_dead
from oidc_harness.provider.client import check_open, decide_for_client, load_named_client, registered_method
from oidc_harness.provider.decision import Decision, Json, Jwt
from oidc_harness.provider.endpoint import Phases
from oidc_harness.provider.issued_token import IssuedTokenFacts, load_issued_token
from oidc_harness.provider.provider import Provider
from oidc_harness.provider.refusal import refuse_in_json
from oidc_harness.provider.signing import Document, sign
from oidc_harness.storage.port import Records


async def load(request: Request, records: Records, provider: Provider) -> IssuedTokenFacts:
    """The client and the token."""
    return await load_issued_token(request, records, provider.outside)


def about(facts: IssuedTokenFacts) -> About:
    """The asking client, and the flow of the token."""
    grant_id = facts.grant.id if facts.grant else None
    return About("introspection", facts.client.application, facts.standing.user, grant_id)


def decide(request: Request, facts: IssuedTokenFacts, provider: Provider) -> Decision:
    """Only an active client that proves itself is told (2.1, B3); every dead token looks the same (2.2)."""

    def decide_introspection(application: Application) -> Decision:
        _check_proof(application)
        check_open(application)
        facts.client.parameters.required("token", spec("RFC7662-2.1"))
        concerns = about(facts)
        question = IntrospectionQuestion(concerns, provider.issuer, _live(facts, provider))
        told = provider.conduct.introspection(question)
        if asks_for(request, MEDIA_TYPE, "application/json") and _has_key(application, provider):
            return Decision(_signed(told, application, concerns, provider), about=concerns)
        return Decision(Json(told), about=concerns)

    return decide_for_client(facts.client, "introspection", provider, decide_introspection)


def _has_key(application: Application, provider: Provider) -> bool:
    """RS256 is what nobody chose, so there may be no key; what is accepted may be disregarded (RFC 9110 12.5.1)."""
    return introspection_algorithm(application) in introspection_algorithms(provider.keys.algorithms())


def _signed(told: Mapping[str, Any], application: Application, concerns: About, provider: Provider) -> Jwt:
    """The same answer as evidence: who says it, to whom, and when (RFC 9701 5)."""
    claims = addressed(told, provider.issuer, application.id, provider.now)
    return Jwt(sign(Document(concerns, application, "introspection", claims), provider), claims, MEDIA_TYPE)


def _check_proof(application: Application) -> None:
    if registered_method(application, "introspection") == "none":
        detail = f"application {application.id} authenticates with none here; introspection asks for a proof"
        raise invalid_client("a public client may not introspect", detail, spec("RFC7662-2.1"))


def _live(facts: IssuedTokenFacts, provider: Provider) -> LiveToken | None:
    token, grant, standing = facts.token, facts.grant, facts.standing
    if token is None or grant is None or _why_dead(facts, provider.now) is not None:
        return None
    subject = grant.application_id
    if standing.user is not None and standing.application is not None:
        subject = subject_of(standing.user, standing.application, provider.subject_salt)
    return LiveToken(token, grant, standing.user, subject)


def _why_dead(facts: IssuedTokenFacts, now: int) -> str | None:
    token, grant = facts.token, facts.grant
    if token is None or grant is None:
        return "unknown"
    if isinstance(token, AccessToken):
        return why_token_dead(token, grant, facts.standing, now)
    if token.spent_at is not None:
        return "spent"
    if token.expires_at is not None and now >= token.expires_at:
        return "expired"
    return why_dead(grant, facts.standing)


PHASES = Phases(load, decide, refuse_in_json, about, load_named_client)
