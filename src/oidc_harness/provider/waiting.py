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
    interaction = await _named(request, records, now)
    if interaction is not None:
        _check_browser(interaction, request)
    return interaction


async def load_continued(request: Request, records: Records, now: int) -> Interaction | None:
    """The same for the authorization endpoint, which also takes up a request that no browser is known of yet.

    Only the browser that posted it was told its id, which nobody can guess.
    """
    interaction = await _named(request, records, now)
    if interaction is not None and interaction.browser:
        _check_browser(interaction, request)
    return interaction


async def _named(request: Request, records: Records, now: int) -> Interaction | None:
    key = first(request.query, "interaction")
    if key is None:
        return None
    interaction = await records.get(Interaction, key)
    if interaction is None:
        raise _over("it is over already, or there never was one")
    if interaction.expires_at is not None and interaction.expires_at <= now:
        waited = f"begun at {interaction.created_at}, it could wait until {interaction.expires_at}"
        raise _over(f"it took too long: {waited}, and the realm's time is {now}")
    return interaction


_OTHER_BROWSER = "it was begun in another browser, or another profile of this one"
_NO_COOKIE = (
    "this browser sent no cookie: it keeps none, or the sign-in was begun in another browser, "
    "or under another host name than the issuer's"
)


def _check_browser(interaction: Interaction, request: Request) -> None:
    cookie = request.cookies.get("browser", "")
    if not compare_digest(interaction.browser, fingerprint(cookie)):
        raise _over(_OTHER_BROWSER if cookie else _NO_COOKIE)


def _over(reason: str) -> TellPerson:
    return TellPerson(
        "invalid_request",
        "this sign-in cannot be continued",
        detail=f"{reason}; start again at the application",
        where=spec("OIDCC-3.1.2.3"),
    )
