"""Revocation endpoint — RFC 7009."""

from oidc_harness.model.application import Application
from oidc_harness.model.token import AccessToken
from oidc_harness.model.write import Swap, Write
from oidc_harness.protocol.about import About
from oidc_harness.protocol.difference import describe_difference
from oidc_harness.protocol.errors import invalid_grant
from oidc_harness.protocol.request import Request
from oidc_harness.protocol.spec import spec
from oidc_harness.provider.client import decide_for_client, load_named_client
from oidc_harness.provider.decision import Decision, Empty
from oidc_harness.provider.endpoint import Phases
from oidc_harness.provider.issued_token import IssuedTokenFacts, load_issued_token
from oidc_harness.provider.provider import Provider
from oidc_harness.provider.refusal import refuse_in_json
from oidc_harness.storage.port import Records


async def load(request: Request, records: Records, provider: Provider) -> IssuedTokenFacts:
    """The client and the token."""
    return await load_issued_token(request, records, provider.outside)


def about(facts: IssuedTokenFacts) -> About:
    """The asking client, and the flow of the token."""
    grant_id = facts.grant.id if facts.grant else None
    return About("revocation", facts.client.application, facts.standing.user, grant_id)


def decide(request: Request, facts: IssuedTokenFacts, provider: Provider) -> Decision:
    """The client's own token is revoked; an unknown one is no error (2.2).

    A deactivated client may do so too (B3): its tokens are dead, and a revocation takes rights and gives none.
    """

    def decide_revocation(application: Application) -> Decision:
        facts.client.parameters.required("token", spec("RFC7009-2.1"))
        _check_owner(facts, application)
        return Decision(Empty(), _revocation(facts, provider.now), about(facts))

    return decide_for_client(facts.client, "revocation", provider, decide_revocation)


def _check_owner(facts: IssuedTokenFacts, application: Application) -> None:
    token = facts.token
    if token is not None and token.application_id != application.id:
        raise invalid_grant(
            "the token belongs to another client",
            describe_difference("client of the token", token.application_id, application.id),
            spec("RFC7009-2.1"),
        )


def _revocation(facts: IssuedTokenFacts, now: int) -> tuple[Write, ...]:
    """A refresh token takes the whole grant with it, access tokens included (2.1)."""
    if isinstance(facts.token, AccessToken):
        return () if facts.token.revoked_at is not None else (Swap(facts.token.revoked(now)),)
    if facts.grant is None or facts.grant.revoked_at is not None:
        return ()
    return (Swap(facts.grant.revoked(now)),)


PHASES = Phases(load, decide, refuse_in_json, about, load_named_client)
