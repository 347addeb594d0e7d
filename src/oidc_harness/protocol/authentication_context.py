"""Authentication contexts: which one an answer says a sign-in was of (OIDC Core 2, 3.1.2.1, 5.5.1.1)."""

from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.protocol.authorization_request import AuthorizationRequest
from oidc_harness.protocol.claims_request import is_essential, requested_values
from oidc_harness.protocol.errors import OAuthError
from oidc_harness.protocol.spec import spec


def check_reachable(request: AuthorizationRequest, policy: RealmPolicy) -> None:
    """Raises `unmet_authentication_requirements` where the realm reaches no essential `acr` (OIDC Core 5.5.1.1)."""
    wanted = requested_values(request.claims, "id_token", "acr")
    if not wanted or not is_essential(request.claims, "id_token", "acr") or _reached(wanted, policy) is not None:
        return
    raise OAuthError(
        "unmet_authentication_requirements",
        "the essential acr cannot be reached",
        detail=f"acr {wanted!r} is essential; this realm reaches {', '.join(policy.acr_values)} (policy acr_values)",
        where=spec("OIDCC-5.5.1.1"),
    )


def authentication_context(request: AuthorizationRequest, policy: RealmPolicy, otherwise: str) -> str:
    """The most wanted context that the realm reaches: of the claim `acr`, else of `acr_values`; `otherwise` none is."""
    wanted = requested_values(request.claims, "id_token", "acr") or request.acr_values
    return _reached(wanted, policy) or otherwise


def _reached(wanted: tuple[object, ...], policy: RealmPolicy) -> str | None:
    return next((each for each in wanted if isinstance(each, str) and each in policy.acr_values), None)
