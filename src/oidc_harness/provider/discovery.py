"""Provider metadata (OIDC Discovery 4, RFC 8414 3)."""

from oidc_harness.protocol.about import About
from oidc_harness.protocol.metadata import MetadataQuestion
from oidc_harness.protocol.request import Request
from oidc_harness.provider.decision import Decision, Json
from oidc_harness.provider.endpoint import Phases
from oidc_harness.provider.provider import Provider
from oidc_harness.provider.refusal import refuse_in_json
from oidc_harness.storage.port import Records

ABOUT = About("discovery")


async def load(request: Request, records: Records, provider: Provider) -> None:
    """Nothing is stored that the document needs."""


def about(facts: None) -> About:
    """Nobody in particular."""
    return ABOUT


def decide(request: Request, facts: None, provider: Provider) -> Decision:
    """The document; scripts of any origin may read it."""
    question = MetadataQuestion(
        about=ABOUT,
        addresses=provider.addresses,
        policy=provider.policy,
        algorithms=provider.keys.algorithms(),
        authentication_methods=provider.authentication_methods,
        encryption_algorithms=provider.keys.encryption_algorithms(),
    )
    return Decision(Json(provider.conduct.metadata(question), cacheable_seconds=0), about=ABOUT)


PHASES = Phases(load, decide, refuse_in_json, about)
