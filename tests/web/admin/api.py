"""The control API as a test speaks to it, and a realm in which every operation finds something to act on."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.support.http import Answer, Http, Sent

BASE = "/_harness/v1"
DOCUMENT = "/_harness/openapi.json"
REALM = "wonder"
NAMED: Mapping[str, str] = {
    "realm": REALM,
    "application": "web",
    "user": "user-alice",
    "switch": "iss-wrong",
}
"""What placeholders of a path may stand for there; an invitation, an armed switch and a key get ids of their own."""


@dataclass(frozen=True)
class Api:
    """Requests to one server's control API."""

    http: Http
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)

    async def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """One operation: its path, and a body that is made JSON unless it is bytes already."""
        content = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        kind = {} if content is None else {"Content-Type": "application/json"}
        sent = Sent(method, self.url + BASE + path, body=content, headers={**kind, **self.headers, **headers})
        return await self.http.send(sent)

    async def done(self, method: str, path: str, body: Any = None) -> Any:
        """One operation that has to succeed; what it answers."""
        answer = await self.ask(method, path, body)
        assert answer.status in (200, 201, 204), f"{method} {path}: {answer.status} {answer.text}"
        return json.loads(answer.text) if answer.text else None

    async def document(self) -> dict[str, Any]:
        """The OpenAPI document."""
        return (await self.http.send(Sent("GET", self.url + DOCUMENT))).json

    async def furnish(self, **policy: Any) -> dict[str, str]:
        """Make the realm with one of everything; gives what placeholders may stand for."""
        await self.done("POST", "/realms", {"name": REALM, "policy": policy})
        here = f"/realms/{REALM}"
        await self.done("POST", f"{here}/users", {"id": "user-alice", "email": "alice@people.example"})
        await self.done("POST", f"{here}/users", {"id": "user-hatter", "email": "hat@people.example"})
        await self.done(
            "POST", f"{here}/applications", {"id": "web", "name": "Web", "redirect_uris": ["https://rp.example/cb"]}
        )
        await self.done("POST", f"{here}/applications/web/members", {"user_id": "user-alice"})
        invited = await self.done("POST", f"{here}/applications/web/invitations", {"addresses": "bob@people.example"})
        armed = await self.done("POST", f"{here}/armed", {"switch": "iss-wrong"})
        key = await self.done("POST", f"{here}/keys", {"alg": "ES384"})
        return {**NAMED, "invitation": invited["sent"][0]["id"], "armed": armed["id"], "key": key["kid"]}
