"""Answered: a decision that was carried out."""

from dataclasses import dataclass

from oidc_harness.harness.recording import Recording
from oidc_harness.provider.decision import Decision
from oidc_harness.provider.provider import Provider


@dataclass(frozen=True, slots=True)
class Answered:
    """A decision that was carried out, and the provider that made it: how it is delivered is still for its conduct."""

    decision: Decision
    provider: Provider
    recording: Recording
