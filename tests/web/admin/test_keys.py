"""The keys of a realm over HTTP: their public side, and rotation."""

from typing import Any

import pytest

from tests.support.http import Http, Sent
from tests.web.admin.api import Api
from tests.web.admin.cases import Case, Step, check, done, refused
from tests.web.admin.test_realms import NO_REALM, NOWHERE

ALGORITHMS = (
    "'RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'ES256K', 'EdDSA', 'RSA-OAEP' or"
    " 'ECDH-ES'"
)
BEGUN = [{"alg": alg, "status": "current"} for alg in ("RS256", "PS256", "ES256", "EdDSA", "RSA-OAEP", "ECDH-ES")]
FIRST = [*BEGUN, {"alg": "ES384", "status": "next"}]
"""With the one that every furnished realm has published."""
FULL = "the key set has 100 keys, and cannot have more; remove retired ones first"
INSTEAD = "use another key of this algorithm, which retires this one"
BEFORE = "use another one, or retire it, before it is removed"
USED: Step = ("useKey", None)
ASKING: Step = (
    "createApplication",
    {"id": "es", "name": "ES", "redirect_uris": ["https://rp.example/cb"], "id_token_signed_response_alg": "ES384"},
)
NO_KEY = ("", "there is no key 'none-such' in this realm")
NONE_SUCH: dict[str, Any] = {"path": {"key": "none-such"}}
CASES = [
    done("listKeys", FIRST),
    refused("listKeys", 404, *NO_REALM, **NOWHERE),
    done("rotateKey", [*FIRST, {"alg": "ES512", "status": "current"}], {"alg": "ES512"}),
    done("publishKey", {"alg": "RS256", "status": "next"}, {"alg": "RS256"}),
    done("publishKey", {"alg": "ECDH-ES", "status": "next"}, {"alg": "ECDH-ES"}),
    refused("publishKey", 400, "alg", f'found "none"; expected {ALGORITHMS}', {"alg": "none"}),
    refused("publishKey", 404, *NO_REALM, {"alg": "ES256"}, **NOWHERE),
    done("useKey", [*BEGUN, {"alg": "ES384", "status": "current"}]),
    done("retireKey", [*BEGUN, {"alg": "ES384", "status": "retired"}]),
    done("removeKey", None),
    refused("publishKey", 409, "", FULL, {"alg": "EdDSA"}, after=(("publishKey", {"alg": "EdDSA"}),) * 93),
    refused("retireKey", 409, "", f"application 'es' asks for ES384; {INSTEAD}", after=(USED, ASKING)),
    refused("removeKey", 409, "", f"this key signs for ES384; {BEFORE}", after=(USED,)),
    *(refused(name, 404, *NO_KEY, **NONE_SUCH) for name in ("useKey", "retireKey", "removeKey")),
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
