"""Where a web application may be answered that gets tokens through the browser (OIDC Registration 2)."""

from urllib.parse import urlsplit

from oidc_harness.model.application import Application
from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.services.addresses import shown
from oidc_harness.services.errors import Invalid


def check_web_redirect_uris(application: Application, policy: RealmPolicy) -> None:
    """Where the policy asks for it: https, and not `localhost`, for a web application that is implicit."""
    if policy.web_redirect_uris == "any" or application.application_type != "web":
        return
    if "implicit" not in application.grant_types:
        return
    faults = [
        Invalid(f"{shown(uri)}: {fault} (policy web_redirect_uris)", field=f"redirect_uris[{index}]")
        for index, uri in enumerate(application.redirect_uris)
        if (fault := _why_not(uri)) is not None
    ]
    if faults:
        faults[0].others = tuple(faults[1:])
        raise faults[0]


def _why_not(uri: str) -> str | None:
    """None too for what is no URI: another rule says so."""
    try:
        parts = urlsplit(uri)
        host = (parts.hostname or "").rstrip(".")
    except ValueError:
        return None
    if parts.scheme != "https":
        return "must be https, because a web application with an implicit response type gets tokens there"
    if host == "localhost":
        return "must not be localhost, where a web application with an implicit response type cannot be"
    return None
