"""The suite: a realm under test that it knows by its URL, the operator's hand on the realm's clock, and clients."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter

from oidc_harness.client import NewApplication, RealmControl
from tests.conformance import keys
from tests.conformance.checks import check_error, check_registration
from tests.conformance.client import Client
from tests.conformance.person import Person
from tests.conformance.plans import Plan
from tests.support.http import Answer, Http, Sent

CALLBACK = "https://suite.example/callback"
JSON = {"Content-Type": "application/json"}
_WRITTEN = TypeAdapter(NewApplication)


@dataclass
class Suite:
    """One module's realm. `now` is the realm's time, which stands still."""

    plan: Plan
    issuer: str
    http: Http
    control: RealmControl
    now: int
    metadata: Mapping[str, Any]

    async def wait(self, seconds: int) -> None:
        """Let time go by in the realm."""
        self.now = (await self.control.advance(seconds)).now

    @staticmethod
    def random() -> str:
        """128 characters, for a state or nonce."""
        return secrets.token_hex(64)

    def person(self) -> Person:
        """Somebody at a browser that nobody has used yet."""
        return Person(self.http, self.issuer)

    async def client(self, **members: Any) -> Client:
        """A client of this plan with these metadata: registered beforehand by the operator, or by itself."""
        metadata = self._usual(members)
        if self.plan.registration == "static":
            return Client(self, metadata, await self._registered_beforehand(metadata))
        return Client(self, metadata, check_registration(await self._register(metadata), metadata))

    async def not_registered(self, error: str, **members: Any) -> None:
        """Check that no client can be registered with these metadata (RFC 7591 3.2.2)."""
        answer = await self._register(self._usual(members))
        assert (answer.status, answer.json["error"]) == (400, error)
        check_error(answer)

    def grants(self, *more: str) -> dict[str, list[str]]:
        """The grant types that the response type needs, and these."""
        by_code = ["authorization_code"] if "code" in self.plan.words else []
        return {"grant_types": [*by_code, *(["implicit"] if self.plan.words != {"code"} else []), *more]}

    def _usual(self, members: Mapping[str, Any]) -> dict[str, Any]:
        key = {} if "jwks_uri" in members else {"jwks": {"keys": [keys.public()]}}
        return {
            "client_name": "Certification suite",
            "redirect_uris": [CALLBACK],
            "response_types": [self.plan.response_type],
            "token_endpoint_auth_method": self.plan.client_authentication,
            "contacts": ["certification@suite.example"],
            **self.grants(),
            **key,
            **members,
        }

    async def _register(self, metadata: Mapping[str, Any]) -> Answer:
        body = json.dumps(metadata).encode()
        return await self.http.send(Sent("POST", self.metadata["registration_endpoint"], body=body, headers=JSON))

    async def _registered_beforehand(self, metadata: Mapping[str, Any]) -> Mapping[str, Any]:
        fields = {**metadata, "name": metadata["client_name"], "jwks": metadata["jwks"]["keys"]}
        del fields["client_name"]
        made = await self.control.create_application(_WRITTEN.validate_python(fields))
        return {"client_id": made.application.id, "client_secret": made.secret}

    async def key_set(self) -> dict[str, Any]:
        """The provider's public keys, as they stand at jwks_uri now."""
        return (await self.http.send(Sent("GET", self.metadata["jwks_uri"]))).json
