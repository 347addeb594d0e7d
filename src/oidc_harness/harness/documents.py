"""Documents: what a realm said of itself, kept for as long as it would say the same again."""

from oidc_harness.harness.answered import Answered
from oidc_harness.harness.realm import Realm
from oidc_harness.provider.conduct import HONEST
from oidc_harness.provider.endpoint import Endpoint


def keep(realm: Realm, endpoint: Endpoint, answered: Answered) -> None:
    """Keep an answer in which no switch has had a hand, nor can have one at its delivery."""
    conduct = answered.provider.conduct
    honest = all(getattr(conduct, seam) is getattr(HONEST, seam) for seam in _seams(endpoint))
    if honest and not answered.recording.fired and answered.decision.error is None:
        realm.documents[endpoint.name] = answered


def find(realm: Realm, endpoint: Endpoint) -> Answered | None:
    """The answer that would be given again: the realm is the same, and no switch could act on it."""
    kept = realm.documents.get(endpoint.name)
    if kept is None or realm.switchboard.may_act(endpoint.name, _seams(endpoint)):
        return None
    of = kept.provider
    same = of.policy is realm.policy and of.keys is realm.keys and of.addresses is realm.addresses
    return kept if same else None


def _seams(endpoint: Endpoint) -> tuple[str, ...]:
    """Those that are reached by who asks for this document."""
    return ("delivery",) if endpoint.document is None else (endpoint.document, "delivery")
