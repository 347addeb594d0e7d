"""Find the authorization request that waits in a browser."""

from hmac import compare_digest

from oidc_harness.model.interaction import Interaction
from oidc_harness.protocol.errors import TellPerson
from oidc_harness.protocol.fingerprint import fingerprint
from oidc_harness.protocol.parameters import first
from oidc_harness.protocol.request import Request
from oidc_harness.protocol.spec import spec
from oidc_harness.storage.port import Records


async def load_interaction(request: Request, records: Records, now: int) -> Interaction | None:
    """The request that the query names, or None where it names none.

    Raises `TellPerson` in any other browser than the one it was begun in, and when it took too long.
    """
    key = first(request.query, "interaction")
    if key is None:
        return None
    interaction = await records.get(Interaction, key)
    browser = fingerprint(request.cookies.get("browser", ""))
    if interaction is None or (interaction.expires_at or 0) <= now or not compare_digest(interaction.browser, browser):
        raise TellPerson(
            "invalid_request",
            "this sign-in cannot be continued",
            detail="it is over, took too long, or was begun in another browser; start again at the application",
            where=spec("OIDCC-3.1.2.3"),
        )
    return interaction
