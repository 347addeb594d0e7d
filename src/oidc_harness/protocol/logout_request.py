"""The logout request: where may the browser go afterwards (OIDC RP-Initiated Logout 2, 3)."""

from oidc_harness.model.application import Application
from oidc_harness.protocol.errors import TellPerson
from oidc_harness.protocol.id_token_hint import Hint
from oidc_harness.protocol.redirect_uri import match_redirect_uri
from oidc_harness.protocol.spec import spec

_WHERE = spec("OIDCRPL-3")


def check_hint(hint: Hint | None, client_id: str | None) -> None:
    """A `client_id` beside a hint must name the hint's audience (OIDC RP-Initiated Logout 2). Raises `TellPerson`."""
    if hint is not None and client_id is not None and client_id != hint.client_id:
        raise TellPerson(
            "invalid_request",
            "client_id does not fit id_token_hint",
            detail=f"the hint was issued to {hint.client_id}, client_id is {client_id}",
            where=spec("OIDCRPL-2"),
        )


def return_target(uri: str | None, application: Application | None, hint: Hint | None) -> str | None:
    """Where to send the browser, or None for the page that says it is done.

    Raises `TellPerson`: nobody is sent to an unregistered place. Without a hint there is no proof that the request
    comes from the client, so the URI is not used (OIDC RP-Initiated Logout 3).
    """
    if uri is None or hint is None or application is None:
        return None
    registered = application.post_logout_redirect_uris or application.redirect_uris
    if match_redirect_uri(uri, registered, application):
        return uri
    raise TellPerson(
        "invalid_request",
        "post_logout_redirect_uri is not registered for this client",
        detail=f"came {uri!r}; registered for {application.id}: {', '.join(registered) or 'none'}",
        where=_WHERE,
    )
