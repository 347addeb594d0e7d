"""The page at the issuer itself, for people who follow it: what this is, and where to read on."""

from oidc_harness.protocol.about import About
from oidc_harness.protocol.request import Request
from oidc_harness.provider.decision import Decision, Page
from oidc_harness.provider.provider import Provider
from oidc_harness.provider.table import OPENID_CONFIGURATION
from oidc_harness.services.circumstances import Circumstances


async def show(request: Request, circumstances: Circumstances, provider: Provider, control: str | None) -> Decision:
    """The same for everybody: nothing is said of users and applications.

    `control`: where the pages of the server are, if whoever can come here may see them.
    """
    facts = {
        "discovery": provider.addresses.front_channel(OPENID_CONFIGURATION),
        "keys": provider.addresses.front_channel("/jwks"),
        "control": control,
    }
    return Decision(Page("home", facts), about=About("home"))
