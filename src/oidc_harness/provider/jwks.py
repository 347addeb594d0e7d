"""The key set (RFC 7517 5, OIDC Core 10.1)."""

from oidc_harness.protocol.about import About
from oidc_harness.protocol.key_set import KeySetQuestion
from oidc_harness.protocol.request import Request
from oidc_harness.provider.decision import Decision, Json
from oidc_harness.provider.endpoint import Phases
from oidc_harness.provider.provider import Provider
from oidc_harness.provider.refusal import refuse_in_json
from oidc_harness.storage.port import Records

ABOUT = About("jwks")


async def load(request: Request, records: Records, provider: Provider) -> None:
    """The key ring is at hand."""


def about(facts: None) -> About:
    """Nobody in particular."""
    return ABOUT


def decide(request: Request, facts: None, provider: Provider) -> Decision:
    """The public keys; scripts of any origin may read them."""
    document = provider.conduct.jwks(KeySetQuestion(ABOUT, provider.keys))
    age = provider.policy.jwks_max_age
    return Decision(Json(document, cacheable_seconds=age, media_type="application/jwk-set+json"), about=ABOUT)


PHASES = Phases(load, decide, refuse_in_json, about)
