"""The form of a userinfo response: JSON, or the JWT that the client registered for (OIDC Core 5.3.2)."""

from collections.abc import Mapping
from typing import Any

from oidc_harness.model.application import Application
from oidc_harness.protocol.about import About
from oidc_harness.protocol.userinfo import addressed
from oidc_harness.provider.decision import Json, Jwt
from oidc_harness.provider.provider import Provider
from oidc_harness.provider.signing import Document, sign


def tell_person(told: Mapping[str, Any], application: Application, concerns: About, provider: Provider) -> Json | Jwt:
    """The claims as this client takes them."""
    if application.userinfo_signed_response_alg is None:
        return Json(told)
    claims = addressed(told, provider.issuer, application.id)
    return Jwt(sign(Document(concerns, application, "userinfo", claims), provider), claims)
