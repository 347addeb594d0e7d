"""Presets: each is a set of policies, and under `oauth21` what OAuth 2.1 leaves out is refused and not announced."""

from dataclasses import fields, replace
from typing import Any, get_args

import pytest

from oidc_harness.model.preset import PRESETS, PresetName, preset_policy
from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.services.errors import Invalid
from oidc_harness.services.policy_rules import check_policy
from tests.support import records
from tests.support.refusals import refused, told_client
from tests.support.registration import register
from tests.support.world import AUTOMATIC, World

VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
S256: dict[str, Any] = {"code_challenge": CHALLENGE, "code_challenge_method": "S256"}
EVERYTHING: dict[str, Any] = {
    "response_types": ("code", "id_token token"),
    "grant_types": ("authorization_code", "implicit", "refresh_token", "password"),
}


def test_every_name_has_an_entry() -> None:
    assert tuple(PRESETS) == get_args(PresetName)


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_sets_policies_that_there_are_and_that_go_together(name: PresetName) -> None:
    assert set(PRESETS[name].sets) <= {field.name for field in fields(RealmPolicy)}
    check_policy(preset_policy(name, {}))


def test_what_is_stated_wins() -> None:
    assert preset_policy("oauth21", {"pkce": "allowed"}).pkce == "allowed"
    assert preset_policy("oauth21", {"pkce": "allowed"}).response_types == ("code",)
    assert preset_policy("oidc", {}) == RealmPolicy()


IMPLICIT: dict[str, Any] = {"response_types": ["id_token"], "grant_types": ["implicit"]}
HYBRID: dict[str, Any] = {"response_types": ["code id_token"]}
NATIVE: dict[str, Any] = {"application_type": "native", "response_types": ["id_token"]}
HTTP, HTTPS, LOCAL = "http://localhost:8080/cb", "https://rp.example/cb", "https://localhost:8443/cb"
REGISTERED: list[tuple[dict[str, Any], str, bool]] = [
    (IMPLICIT, HTTPS, True),
    (IMPLICIT, HTTP, False),
    (IMPLICIT, LOCAL, False),
    (IMPLICIT, "https://LOCALHOST./cb", False),
    (IMPLICIT, "http://rp.example/cb", False),
    (HYBRID, HTTPS, True),
    (HYBRID, HTTP, False),
    (NATIVE, "http://127.0.0.1/cb", True),
    ({}, HTTP, True),
    ({}, LOCAL, True),
]


@pytest.mark.parametrize("name", [name for name in PRESETS if name != "oauth21"])
@pytest.mark.parametrize(("members", "uri", "is_taken"), REGISTERED)
async def test_where_clients_get_tokens_in_the_browser(
    members: dict[str, Any], uri: str, is_taken: bool, name: PresetName, world: World
) -> None:
    """OIDC Registration 2, `application_type`: strict where clients register themselves, and nowhere by default."""
    world.realm.policy = preset_policy(name, {"dynamic_registration": "open"})
    answer = await register(world, redirect_uris=[HTTPS, uri] if uri != HTTPS else [uri], **members)
    if is_taken or name != "oidc-dynamic":
        assert answer.status == 201, answer.text
        return
    assert (answer.status, answer.json["error"]) == (400, "invalid_redirect_uri")
    assert answer.json["error_description"].startswith("redirect_uris[1]: ")


@pytest.mark.parametrize(
    ("policy", "field"),
    [
        (RealmPolicy(response_types=("code", "code")), "response_types"),
        (RealmPolicy(grant_types=("implicit", "authorization_code", "implicit")), "grant_types"),
        (RealmPolicy(response_types=("token",), grant_types=("authorization_code",)), "response_types"),
        (RealmPolicy(response_types=("code",), grant_types=("client_credentials",)), "response_types"),
    ],
)
def test_a_policy_that_announces_what_cannot_be_done(policy: RealmPolicy, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_policy(policy)
    assert refused.value.field == field


def oauth21(world: World) -> None:
    world.realm.policy = preset_policy(
        "oauth21", {"sign_in": "auto", "default_persona": records.ALICE, "refresh_tokens": "always"}
    )


async def test_metadata_follow_the_preset(world: World) -> None:
    oauth21(world)
    document = (await world.get_page("/.well-known/openid-configuration")).json
    assert document["response_types_supported"] == ["code"]
    assert document["grant_types_supported"] == ["authorization_code", "refresh_token", "client_credentials"]
    assert document["code_challenge_methods_supported"] == ["S256"]


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({"response_type": "id_token token"}, "unsupported_response_type"),
        ({}, "invalid_request"),
        ({"code_challenge": VERIFIER, "code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge": VERIFIER}, "invalid_request"),
    ],
)
@pytest.mark.parametrize("own", ["off", "allowed", "required", "S256"])
async def test_what_oauth21_refuses_at_the_authorization_endpoint(
    world: World, own: str, asked: dict[str, Any], error: str
) -> None:
    client = await world.people(**EVERYTHING, pkce=own)
    oauth21(world)
    told_client(await client.authorize(**asked), error, world.issuer)


@pytest.mark.parametrize("own", ["off", "allowed"])
async def test_a_flow_with_pkce_under_oauth21(world: World, own: str) -> None:
    client = await world.people(**EVERYTHING, pkce=own)
    oauth21(world)
    refused(await client.redeem(await client.code(**S256)), "invalid_grant")
    tokens = await client.sign_in(redemption={"code_verifier": VERIFIER}, **S256)
    renewed = await client.renew(tokens)
    assert renewed.refresh != tokens.refresh
    refused(await client.refresh(tokens.refresh), "invalid_grant")


async def test_there_is_no_password_grant_under_oauth21(world: World) -> None:
    client = await world.people(**EVERYTHING)
    oauth21(world)
    answer = await client.ask_token("password", username=records.ALICE, password=records.PASSWORD)
    refused(answer, "unsupported_grant_type")


async def test_a_realm_without_refresh_tokens_gives_none(world: World) -> None:
    client = await world.people()
    world.realm.policy = replace(AUTOMATIC, refresh_tokens="always", grant_types=("authorization_code", "implicit"))
    assert "refresh_token" not in (await client.sign_in()).members
