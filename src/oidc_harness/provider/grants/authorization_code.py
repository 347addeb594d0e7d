"""Authorization code grant — RFC 6749 4.1.3, OIDC Core 3.1.3."""

from dataclasses import dataclass

from oidc_harness.model.application import Application
from oidc_harness.model.code import Code
from oidc_harness.model.grant import Grant
from oidc_harness.model.session import Session
from oidc_harness.model.write import Swap
from oidc_harness.protocol.about import About
from oidc_harness.protocol.fingerprint import fingerprint
from oidc_harness.protocol.parameters import Parameters
from oidc_harness.protocol.redemption import RedemptionQuestion
from oidc_harness.protocol.spec import spec
from oidc_harness.protocol.standing import Standing
from oidc_harness.provider.decision import Decision
from oidc_harness.provider.grants.grant_type import GrantType, TokenRequest, load_session_of, prolong, respond
from oidc_harness.provider.issue import Order, grants_refresh_token, outliving
from oidc_harness.provider.provider import Provider
from oidc_harness.provider.standing import load_standing
from oidc_harness.storage.port import Records


@dataclass(frozen=True, slots=True, eq=False)
class Facts:
    """The code, its grant, and the people behind it."""

    code: Code | None
    grant: Grant | None
    standing: Standing
    session: Session | None
    """In which the grant was made, while it lasts."""


async def load(parameters: Parameters, application: Application | None, records: Records, provider: Provider) -> Facts:
    """Look the code up."""
    text = parameters.get("code")
    code = await records.get(Code, fingerprint(text)) if text else None
    grant = await records.get(Grant, code.grant_id) if code else None
    return Facts(code, grant, await load_standing(grant, records, application), await load_session_of(grant, records))


def about(facts: Facts) -> About:
    """The flow of the code."""
    return About("token", facts.standing.application, facts.standing.user, facts.grant.id if facts.grant else None)


def decide(request: TokenRequest, facts: Facts, provider: Provider) -> Decision:
    """Redeem the code once (4.1.3), then issue (5.1)."""
    request.parameters.required("code", spec("RFC6749-4.1.3"))
    concerns = About("token", request.application, facts.standing.user, facts.grant.id if facts.grant else None)
    question = RedemptionQuestion(
        about=concerns,
        application=request.application,
        parameters=request.parameters,
        presented=facts.code,
        grant=facts.grant,
        standing=facts.standing,
        policy=provider.policy,
        now=provider.now,
    )
    redeemed = provider.conduct.redemption(question)
    order = Order(
        about=concerns,
        application=request.application,
        grant=redeemed.grant,
        user=facts.standing.user,
        scopes=redeemed.scopes,
        with_refresh_token=grants_refresh_token(request.application, redeemed.scopes, provider.policy),
        encryption=request.encryption,
    )
    grant = outliving(order, provider)
    spent = (Swap(facts.code.spent(provider.now, grant.expires_at)),) if facts.code else ()
    return respond(order, (*spent, *prolong(grant, order, facts.session)), provider)


AUTHORIZATION_CODE = GrantType(load, decide, about)
