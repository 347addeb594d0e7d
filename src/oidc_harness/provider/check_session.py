"""The OP iframe, which clients ask whether somebody signed in or out in this browser (OIDC Session Management 3.2)."""

from oidc_harness.protocol.about import About
from oidc_harness.protocol.request import Request
from oidc_harness.provider.decision import Decision, Iframe
from oidc_harness.provider.endpoint import Phases
from oidc_harness.provider.provider import Provider
from oidc_harness.provider.refusal import refuse_in_json
from oidc_harness.storage.port import Records

ABOUT = About("check_session")
MAX_AGE = 3600
"""Seconds: the page is the same for everybody, and its script asks nobody but the browser."""


async def load(request: Request, records: Records, provider: Provider) -> None:
    """Nothing is stored that the page needs."""


def about(facts: None) -> About:
    """Nobody in particular."""
    return ABOUT


def decide(request: Request, facts: None, provider: Provider) -> Decision:
    """The page; any site may frame it, and only the client a session state was made for gets more than `changed`."""
    return Decision(Iframe(cacheable_seconds=MAX_AGE), about=ABOUT)


PHASES = Phases(load, decide, refuse_in_json, about)
