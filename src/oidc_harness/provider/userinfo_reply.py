"""The form of a userinfo response: JSON, or what the client registered for (OIDC Core 5.3.2)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from oidc_harness.model.application import Application
from oidc_harness.protocol.about import About
from oidc_harness.protocol.encryption import Encryption, encrypt
from oidc_harness.protocol.userinfo import addressed
from oidc_harness.provider.decision import Json, Jwt
from oidc_harness.provider.provider import Provider
from oidc_harness.provider.signing import Document, sign


@dataclass(frozen=True, slots=True, eq=False)
class Recipient:
    """Who is told, and how it is encrypted for them."""

    application: Application
    encryption: Encryption | None


def tell_person(told: Mapping[str, Any], recipient: Recipient, concerns: About, provider: Provider) -> Json | Jwt:
    """The claims as this client takes them: open, signed, encrypted, or signed and then encrypted."""
    application, encryption = recipient.application, recipient.encryption
    if application.userinfo_signed_response_alg is not None:
        claims = addressed(told, provider.issuer, application.id)
        text = sign(Document(concerns, application, "userinfo", claims), provider)
        return Jwt(text if encryption is None else encrypt(text, encryption), claims)
    if encryption is not None:
        return Jwt(encrypt(json.dumps(told), encryption, cty=None), told)
    return Json(told)
