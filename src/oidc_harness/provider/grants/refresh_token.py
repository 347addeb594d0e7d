"""Refresh token grant — RFC 6749 6, OIDC Core 12, RFC 9700 4.14."""

from dataclasses import dataclass

from oidc_harness.model.application import Application
from oidc_harness.model.grant import Grant
from oidc_harness.model.session import Session
from oidc_harness.model.token import RefreshToken
from oidc_harness.model.write import Swap
from oidc_harness.protocol.about import About
from oidc_harness.protocol.errors import invalid_grant
from oidc_harness.protocol.fingerprint import fingerprint
from oidc_harness.protocol.parameters import Parameters
from oidc_harness.protocol.redemption import RedemptionQuestion
from oidc_harness.protocol.spec import spec
from oidc_harness.protocol.standing import Standing
from oidc_harness.provider.decision import Decision
from oidc_harness.provider.grants.grant_type import GrantType, TokenRequest, load_session_of, prolong, respond
from oidc_harness.provider.issue import Order, outliving
from oidc_harness.provider.provider import Provider
from oidc_harness.provider.standing import load_standing
from oidc_harness.storage.port import Records


@dataclass(frozen=True, slots=True, eq=False)
class Facts:
    """The refresh token, its grant, and the people behind it."""

    token: RefreshToken | None
    grant: Grant | None
    standing: Standing
    session: Session | None
    """In which the grant was made, while it lasts."""


async def load(parameters: Parameters, application: Application | None, records: Records, provider: Provider) -> Facts:
    """Look the token up."""
    text = parameters.get("refresh_token")
    token = await records.get(RefreshToken, fingerprint(text)) if text else None
    grant = await records.get(Grant, token.grant_id) if token else None
    return Facts(token, grant, await load_standing(grant, records, application), await load_session_of(grant, records))


def about(facts: Facts) -> About:
    """The flow of the token."""
    return About("token", facts.standing.application, facts.standing.user, facts.grant.id if facts.grant else None)


def decide(request: TokenRequest, facts: Facts, provider: Provider) -> Decision:
    """Check the token, spend it where the realm rotates, issue its successor (F3).

    The grant lives as long as the newest token under it.
    """
    request.parameters.required("refresh_token", spec("RFC6749-6"))
    if facts.token is None:
        raise invalid_grant("refresh_token is unknown", "no such refresh token was issued here, or it expired long ago")
    concerns = About("token", request.application, facts.standing.user, facts.grant.id if facts.grant else None)
    question = RedemptionQuestion(
        about=concerns,
        application=request.application,
        parameters=request.parameters,
        presented=facts.token,
        grant=facts.grant,
        standing=facts.standing,
        policy=provider.policy,
        now=provider.now,
    )
    redeemed = provider.conduct.redemption(question)
    rotates = provider.policy.refresh_rotation
    order = Order(
        about=concerns,
        application=request.application,
        grant=redeemed.grant,
        user=facts.standing.user,
        scopes=redeemed.scopes,
        with_refresh_token=rotates,
        encryption=request.encryption,
        refreshed=True,
    )
    # Within the grace it was spent before, and the grace runs from the first use.
    spent = (Swap(facts.token.spent(provider.now)),) if rotates and facts.token.spent_at is None else ()
    prolonged = prolong(outliving(order, provider), order, facts.session)
    return respond(order, (*spent, *prolonged), provider)


REFRESH_TOKEN = GrantType(load, decide, about)
