"""A client that registers itself: what it sends, in the fewest words."""

import json
from collections.abc import Mapping
from typing import Any

from tests.support import records
from tests.support.http import Answer, Sent
from tests.support.world import World

JSON = {"Content-Type": "application/json"}


async def register(world: World, token: str | None = None, **members: Any) -> Answer:
    """Ask to be registered, with one redirect URI unless the members say otherwise."""
    metadata = {"redirect_uris": [records.REDIRECT_URI], **members}
    body = json.dumps(metadata).encode()
    headers = JSON if token is None else {**JSON, "Authorization": f"Bearer {token}"}
    return await world.send("POST", "/register", body=body, headers=headers)


async def registered(world: World, **members: Any) -> dict[str, Any]:
    """The client information response of a registration that has to be taken."""
    answer = await register(world, **members)
    assert answer.status == 201, answer.text
    return answer.json


async def manage(world: World, method: str, client: Mapping[str, Any], **changes: Any) -> Answer:
    """Read, update or delete a registration at its own address."""
    headers = {**JSON, "Authorization": f"Bearer {changes.pop('token', client['registration_access_token'])}"}
    body = json.dumps(changes).encode() if method == "PUT" else None
    return await world.http.send(Sent(method, client["registration_client_uri"], body=body, headers=headers))
