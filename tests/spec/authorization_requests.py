"""A usual authorization request, put to the rule that accepts or refuses it."""

from typing import Any

from oidc_harness.model.application import Application
from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.protocol.about import About
from oidc_harness.protocol.authorization_request import AuthorizationRequest, AuthorizationRequestQuestion, accept
from oidc_harness.protocol.parameters import Parameters
from tests.support import records
from tests.support.client import changed

CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
USUAL = {
    "client_id": "web",
    "response_type": "code",
    "scope": "openid",
    "redirect_uri": records.REDIRECT_URI,
    "state": "state-of-the-art",
}


def ask(changes: dict[str, Any], application: Application | None = None) -> AuthorizationRequest:
    pairs = tuple(changed(USUAL, changes))
    known = application or records.application()
    parameters = Parameters(pairs)
    named = known if parameters.get("client_id") == known.id else None
    return accept(AuthorizationRequestQuestion(About(), parameters, named, RealmPolicy()))
