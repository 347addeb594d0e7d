"""Forms of ours come from pages of ours: what another site posts in a person's name is refused (RFC 6749 10.12)."""

from oidc_harness.protocol.errors import OAuthError
from oidc_harness.protocol.origin import origin_of
from oidc_harness.protocol.parameters import first
from oidc_harness.protocol.request import Request
from oidc_harness.protocol.spec import spec
from oidc_harness.provider.decision import Decision
from oidc_harness.web.pages.page import tell

_OWN_SITES = ("same-origin", "none")


def check_origin(request: Request, issuer: str) -> None:
    """Raise `OAuthError` where a browser says that a form was sent from elsewhere; what is no browser says nothing."""
    if request.method != "POST":
        return
    own, origin = origin_of(issuer), request.headers.get("Origin")
    if origin is not None and origin != own:
        raise _foreign(f"the form was sent from origin {origin!r}, expected {own!r}")
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None and site not in _OWN_SITES:
        raise _foreign(f"the browser calls the sender {site!r} (Sec-Fetch-Site), expected 'same-origin'")


def refuse_foreign_answer(request: Request, issuer: str) -> Decision | None:
    """The refusal of an answer to the logout page that comes from elsewhere; a client may post there to ask for one."""
    if first(request.form, "answer") is None:
        return None
    try:
        check_origin(request, issuer)
    except OAuthError as error:
        return tell(error)
    return None


def _foreign(found: str) -> OAuthError:
    return OAuthError(
        "access_denied",
        "the form was not sent from this provider's own page",
        detail=f"{found}. Open the page under the issuer's address and send the form there",
        where=spec("RFC6749-10.12"),
        status=403,
    )
