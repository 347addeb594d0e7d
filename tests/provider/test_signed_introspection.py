"""Introspection as a JWT (RFC 9701)."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from multidict import CIMultiDict

from oidc_harness.switches.signature import AlgNone, SigGarbage
from tests.flows.test_id_tokens import ALGORITHMS, MADE
from tests.protocol.jose_keys import key
from tests.support import jwt_oracle
from tests.support.client import Client, basic
from tests.support.http import Answer
from tests.support.refusals import refused
from tests.support.world import World

JWT = "application/token-introspection+jwt"


async def ask(client: Client, token: str, accept: Mapping[str, str] | str = JWT) -> Answer:
    """Introspect, and accept this."""
    headers = CIMultiDict([("Authorization", basic(client.id, client.secret))])
    headers.extend({"Accept": accept} if isinstance(accept, str) else accept)
    return await client.post("/introspect", [("token", token)], **headers)


async def told(client: Client, token: str, world: World) -> dict[str, Any]:
    """The claims that the oracle takes from signed introspection."""
    text = jwt_oracle.accept_jwt(await ask(client, token), JWT)
    assert jwt_oracle.header_of(text)["typ"] == "token-introspection+jwt"
    addressee = replace(client.addressee, alg=client.application.introspection_signed_response_alg or "RS256")
    return dict(jwt_oracle.verified(text, addressee, (await world.send("GET", "/jwks")).json))


async def test_the_claims(world: World) -> None:
    """RFC 9701 5: `iss`, `aud`, `iat` and the answer; no `sub` and no `exp` of its own."""
    client = await world.people()
    world.realm.clock.freeze()
    for token in ((await client.sign_in("openid email")).access, "unknown"):
        plain = (await client.introspect(token)).json
        assert await told(client, token, world) == {
            "iss": world.issuer,
            "aud": "web",
            "iat": world.now,
            "token_introspection": plain,
        }


async def test_it_is_for_who_asks(world: World) -> None:
    client, resource = await world.people(), await world.client(id="resource")
    claims = await told(resource, (await client.sign_in()).access, world)
    assert (claims["aud"], claims["token_introspection"]["client_id"]) == ("resource", "web")


@pytest.mark.parametrize("alg", ALGORITHMS)
async def test_every_algorithm_announced(alg: str, world: World) -> None:
    """RFC 9701 6, 7: RS256 unless registered otherwise, and never `none`."""
    if alg in MADE:
        await world.rotate(alg)
    client = await world.people(introspection_signed_response_alg=alg)
    metadata = (await world.send("GET", "/.well-known/openid-configuration")).json
    assert alg in metadata["introspection_signing_alg_values_supported"]
    assert "none" not in metadata["introspection_signing_alg_values_supported"]
    assert (await told(client, (await client.sign_in()).access, world))["token_introspection"]["active"] is True


ACCEPTED = [
    (JWT, True),
    (JWT.upper(), True),
    (f"{JWT};q=0.5", True),
    (f"{JWT}; q=0.5 , application/json;q=0.4", True),
    (f"application/json, {JWT}", True),
    (f"{JWT};q=0.9, application/json", False),
    (f"{JWT};q=0", False),
    (f"{JWT};q=0.000", False),
    (f"{JWT};q=nan", False),
    (f"{JWT};q=-1", False),
    (f"{JWT};q=", False),
    ("application/jwt", False),
    ("application/json", False),
    ("application/*", False),
    ("*/*", False),
    (";,;q=,", False),
    (",", False),
]


@pytest.mark.parametrize(("accept", "signed"), ACCEPTED)
async def test_who_gets_it(accept: str, signed: bool, world: World) -> None:
    """RFC 9701 4: who names it; everybody else gets what there has always been (RFC 9110 12.5.1)."""
    client = await world.people()
    answer = await ask(client, "unknown", accept)
    assert answer.headers["Content-Type"] == (JWT if signed else "application/json")
    if not signed:
        assert json.loads(answer.text) == {"active": False}


async def test_without_a_key_it_stays_json(world: World) -> None:
    """Nobody chose RS256: it is what there is unless one chooses. The metadata do not promise it then."""
    await world.add(key("ES256"))
    await world.realm.reload_keys()
    client = await world.people(id_token_signed_response_alg="ES256")
    token = (await client.sign_in()).access
    assert (await ask(client, token)).json["active"] is True
    metadata = (await world.send("GET", "/.well-known/openid-configuration")).json
    assert metadata["introspection_signing_alg_values_supported"] == ["ES256", "HS256", "HS384", "HS512"]


async def test_refusals_stay_json(world: World) -> None:
    client = await world.people()
    stranger = replace(client, secret="wrong")
    refused(await ask(stranger, "unknown"), "invalid_client", 401)
    refused(await ask(client, ""), "invalid_request")


@pytest.mark.parametrize("switch", [SigGarbage(), AlgNone()], ids=lambda switch: switch.name)
async def test_lies_about_id_tokens_leave_it_alone(switch: Any, world: World) -> None:
    client = await world.people()
    token = (await client.sign_in()).access
    world.realm.switchboard.arm(switch)
    assert (await told(client, token, world))["token_introspection"]["active"] is True
