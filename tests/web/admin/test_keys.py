"""The signing keys of a realm over HTTP: their public side, and rotation."""

import pytest

from tests.support.http import Http, Sent
from tests.web.admin.api import Api
from tests.web.admin.cases import Case, check, done, refused
from tests.web.admin.test_realms import NO_REALM, NOWHERE

ALGORITHMS = "'RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'ES256K' or 'EdDSA'"
FIRST = [{"alg": alg, "status": "current"} for alg in ("RS256", "PS256", "ES256", "EdDSA")]
CASES = [
    done("listKeys", FIRST),
    refused("listKeys", 404, *NO_REALM, **NOWHERE),
    done("rotateKey", [*FIRST, {"alg": "ES384", "status": "current"}], {"alg": "ES384"}),
    refused("rotateKey", 400, "alg", "is missing", {}),
    refused("rotateKey", 400, "alg", f'found "none"; expected {ALGORITHMS}', {"alg": "none"}),
    refused("rotateKey", 404, *NO_REALM, {"alg": "ES256"}, **NOWHERE),
]


@pytest.mark.parametrize("case", CASES, ids=str)
async def test_case(api: Api, case: Case) -> None:
    await check(api, case)


@pytest.mark.parametrize("alg", ["RS256", "ES256", "EdDSA", "ES256K", "PS512"])
async def test_the_key_before_stays_published(api: Api, http: Http, alg: str) -> None:
    await api.furnish()
    before = await api.done("GET", "/realms/wonder/keys")
    after = await api.done("POST", "/realms/wonder/keys/rotate", {"alg": alg})
    assert after == await api.done("GET", "/realms/wonder/keys")
    (new,) = [each for each in after if each["kid"] not in {key["kid"] for key in before}]
    assert (new["alg"], new["status"]) == (alg, "current")
    others = [{**key, "status": "retired"} if key["alg"] == alg else key for key in before]
    assert [each for each in after if each != new] == others
    published = (await http.send(Sent("GET", f"{api.url}/wonder/jwks"))).json["keys"]
    assert [key["kid"] for key in published] == [key["kid"] for key in after]


async def test_an_application_may_ask_for_what_the_realm_has_a_key_for(api: Api) -> None:
    """A12, at registration and at an edit."""
    await api.furnish()
    application = {"name": "New", "redirect_uris": ["https://rp.example/cb"], "id_token_signed_response_alg": "ES384"}
    requests = [
        ("POST", "/realms/wonder/applications", {**application, "id": "new"}),
        ("PATCH", "/realms/wonder/applications/web", {"id_token_signed_response_alg": "ES384"}),
    ]
    for method, path, body in requests:
        answer = await api.ask(method, path, body)
        assert answer.status == 400
        assert "signs with RS256, PS256, ES256, EdDSA, HS256, HS384, HS512, none" in answer.text
    await api.done("POST", "/realms/wonder/keys/rotate", {"alg": "ES384"})
    for method, path, body in requests:
        await api.done(method, path, body)


async def test_only_the_public_side_is_shown(api: Api) -> None:
    await api.furnish()
    for key in await api.done("POST", "/realms/wonder/keys/rotate", {"alg": "EdDSA"}):
        assert set(key) == {"kid", "alg", "status", "created_at"}
