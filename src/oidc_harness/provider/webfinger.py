"""WebFinger (RFC 7033, OIDC Discovery 2): which issuer an identifier of a person belongs to."""

from oidc_harness.protocol.about import About
from oidc_harness.protocol.request import Request
from oidc_harness.protocol.webfinger import descriptor
from oidc_harness.provider.decision import Decision, Json
from oidc_harness.provider.endpoint import Phases
from oidc_harness.provider.provider import Provider
from oidc_harness.provider.refusal import refuse_in_json
from oidc_harness.storage.port import Records

ABOUT = About("webfinger")
MEDIA_TYPE = "application/jrd+json"


async def load(request: Request, records: Records, provider: Provider) -> None:
    """Nobody is looked up: who is known here is not told (RFC 7033 9.1)."""


def about(facts: None) -> About:
    """Nobody in particular."""
    return ABOUT


def decide(request: Request, facts: None, provider: Provider) -> Decision:
    """The same answer for every name of this host; scripts of any origin may read it (RFC 7033 5)."""
    members = descriptor(request.query, provider.addresses.issuer)
    return Decision(Json(members, cacheable_seconds=0, media_type=MEDIA_TYPE), about=ABOUT)


PHASES = Phases(load, decide, refuse_in_json, about)
