"""Client secrets: when there is one, how it is kept, when it can be read again."""

from dataclasses import replace
from typing import Any

import pytest

from oidc_harness.model.application import Application
from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.protocol.client_authentication import secret_fits
from oidc_harness.protocol.jose import check_secret, generate_private_jwk, public_part
from oidc_harness.services import applications
from oidc_harness.services.errors import Forbidden, Invalid
from tests.services.conftest import WEB, Desk

LONG = "a secret of sixty-four octets and more, which every HMAC algorithm takes as a key"
VIEWABLE = RealmPolicy(client_secrets="viewable")
HMAC: list[dict[str, Any]] = [
    {"token_endpoint_auth_method": "client_secret_jwt"},
    {"introspection_endpoint_auth_method": "client_secret_jwt"},
    {"revocation_endpoint_auth_method": "client_secret_jwt"},
    {"id_token_signed_response_alg": "HS256"},
    {"id_token_signed_response_alg": "HS384"},
    {"id_token_signed_response_alg": "HS512"},
    {"request_object_signing_alg": "HS256"},
    {"userinfo_signed_response_alg": "HS256"},
    {"introspection_signed_response_alg": "HS256"},
]
PUBLIC_KEY = public_part(generate_private_jwk("ES256"))


async def _stored(desk: Desk) -> Application:
    found = await desk.stored(Application, "shop")
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("changes", "has_secret"),
    [
        ({}, True),
        ({"token_endpoint_auth_method": "client_secret_post"}, True),
        ({"token_endpoint_auth_method": "none"}, False),
        ({"token_endpoint_auth_method": "private_key_jwt", "jwks": (PUBLIC_KEY,)}, False),
        (
            {
                "token_endpoint_auth_method": "private_key_jwt",
                "jwks": (PUBLIC_KEY,),
                "introspection_endpoint_auth_method": "client_secret_basic",
            },
            True,
        ),
        *[(changes, True) for changes in HMAC],
    ],
)
async def test_a_secret_is_made_where_a_setting_needs_one(
    desk: Desk, changes: dict[str, Any], has_secret: bool
) -> None:
    result = await desk.ask(applications.create, replace(WEB, **changes))
    assert (result.secret is not None) == has_secret
    assert (result.application.secret_hash is not None) == has_secret
    if result.secret is not None:
        assert len(result.secret) >= 64
        assert secret_fits(await _stored(desk), result.secret)


@pytest.mark.parametrize("alg", ["HS256", "HS384", "HS512"])
async def test_a_generated_secret_serves_every_algorithm(desk: Desk, alg: str) -> None:
    """Of client assertions as well, whose algorithm the client chooses (RFC 7518 3.2)."""
    secret = (await desk.ask(applications.create, replace(WEB, **HMAC[0]))).secret
    assert secret is not None
    assert len(check_secret(alg, secret)) >= 64


async def test_a_given_secret_is_taken_and_kept_as_a_fingerprint_alone(desk: Desk) -> None:
    result = await desk.ask(applications.create, WEB, secret="s3cret")
    assert result.secret == "s3cret"
    stored = await _stored(desk)
    assert secret_fits(stored, "s3cret")
    assert stored.secret_sealed is None
    assert "s3cret" not in repr(stored)


@pytest.mark.parametrize("changes", HMAC, ids=str)
async def test_a_secret_that_is_a_key_is_kept_sealed(desk: Desk, changes: dict[str, Any]) -> None:
    await desk.ask(applications.create, replace(WEB, **changes), secret=LONG)
    stored = await _stored(desk)
    assert stored.secret_sealed is not None
    assert LONG not in stored.secret_sealed
    async with desk.transaction() as circumstances:
        assert circumstances.unseal(stored.secret_sealed) == LONG


@pytest.mark.parametrize(
    ("changes", "secret", "message"),
    [
        ({}, "", "1 to 512 printable ASCII"),
        ({}, "x" * 513, "1 to 512 printable ASCII"),
        ({}, "päss", "1 to 512 printable ASCII"),
        ({}, "line\nbreak", "1 to 512 printable ASCII"),
        ({"token_endpoint_auth_method": "none"}, "s3cret", "without a secret"),
        *[(changes, "x" * 31, "31 octets") for changes in HMAC],
        ({"id_token_signed_response_alg": "HS384"}, "x" * 47, "HS384 needs at least 48"),
        ({"id_token_signed_response_alg": "HS512"}, "x" * 63, "HS512 needs at least 64"),
        ({"userinfo_signed_response_alg": "HS512"}, "x" * 63, "HS512 needs at least 64"),
        ({**HMAC[0], "id_token_signed_response_alg": "HS512"}, "x" * 63, "HS512 needs at least 64"),
        ({**HMAC[0], "request_object_signing_alg": "HS384"}, "x" * 47, "HS384 needs at least 48"),
    ],
)
async def test_a_secret_that_cannot_serve_is_refused(
    desk: Desk, changes: dict[str, Any], secret: str, message: str
) -> None:
    with pytest.raises(Invalid, match=message) as refusal:
        await desk.ask(applications.create, replace(WEB, **changes), secret=secret)
    assert refusal.value.field == "secret"
    assert secret == "" or secret not in str(refusal.value)


async def test_a_new_secret_voids_the_old_one_in_the_same_instant(desk: Desk) -> None:
    old = (await desk.ask(applications.create, WEB)).secret
    new = (await desk.ask(applications.regenerate_secret, "shop")).secret
    stored = await _stored(desk)
    assert old is not None
    assert new is not None
    assert secret_fits(stored, new)
    assert not secret_fits(stored, old)


async def test_who_has_no_use_for_a_secret_gets_no_new_one(desk: Desk) -> None:
    await desk.application(token_endpoint_auth_method="none")
    with pytest.raises(Invalid) as refusal:
        await desk.ask(applications.regenerate_secret, "shop")
    assert refusal.value.field == "token_endpoint_auth_method"


async def test_a_viewable_secret_can_be_read_again(desk: Desk) -> None:
    desk.policy = VIEWABLE
    secret = (await desk.ask(applications.create, WEB)).secret
    assert await desk.ask(applications.read_secret, "shop") == secret


@pytest.mark.parametrize("changes", [{}, *HMAC], ids=str)
async def test_a_secret_is_shown_once_unless_the_policy_says_otherwise(desk: Desk, changes: dict[str, Any]) -> None:
    await desk.application(**changes)
    with pytest.raises(Forbidden, match="shown once in this realm"):
        await desk.ask(applications.read_secret, "shop")


async def test_a_secret_from_before_the_policy_cannot_be_read(desk: Desk) -> None:
    await desk.application()
    desk.policy = VIEWABLE
    with pytest.raises(Forbidden, match="set before secrets became viewable"):
        await desk.ask(applications.read_secret, "shop")


async def test_an_edit_leaves_the_secret_alone(desk: Desk) -> None:
    desk.policy = VIEWABLE
    secret = (await desk.ask(applications.create, WEB)).secret
    result = await desk.ask(applications.edit, "shop", {"name": "New"})
    assert result.secret is None
    assert await desk.ask(applications.read_secret, "shop") == secret


async def test_an_edit_takes_a_given_secret(desk: Desk) -> None:
    await desk.application()
    result = await desk.ask(applications.edit, "shop", {}, secret="other")
    assert result.secret == "other"
    assert secret_fits(await _stored(desk), "other")


async def test_becoming_confidential_makes_a_secret_and_becoming_public_drops_it(desk: Desk) -> None:
    desk.policy = VIEWABLE
    await desk.application(token_endpoint_auth_method="none")
    result = await desk.ask(applications.edit, "shop", {"token_endpoint_auth_method": "client_secret_post"})
    assert result.secret is not None
    await desk.ask(applications.edit, "shop", {"token_endpoint_auth_method": "none"})
    stored = await _stored(desk)
    assert (stored.secret_hash, stored.secret_sealed) == (None, None)


@pytest.mark.parametrize("changes", HMAC, ids=str)
async def test_a_fingerprint_cannot_become_a_key(desk: Desk, changes: dict[str, Any]) -> None:
    before = await desk.application()
    with pytest.raises(Invalid, match="give a new secret together with this change") as refusal:
        await desk.ask(applications.edit, "shop", changes)
    assert refusal.value.field == "secret"
    assert await _stored(desk) == before
    await desk.ask(applications.edit, "shop", changes, secret=LONG)
    assert (await _stored(desk)).secret_sealed is not None


async def test_a_sealed_secret_becomes_a_key_if_it_is_long_enough(desk: Desk) -> None:
    desk.policy = VIEWABLE
    await desk.ask(applications.create, WEB, secret="short")
    with pytest.raises(Invalid, match="5 octets"):
        await desk.ask(applications.edit, "shop", {"id_token_signed_response_alg": "HS256"})
    await desk.ask(applications.edit, "shop", {}, secret=LONG)
    await desk.ask(applications.edit, "shop", {"id_token_signed_response_alg": "HS256"})
    assert await desk.ask(applications.read_secret, "shop") == LONG


async def test_what_need_not_be_kept_in_the_clear_is_not_kept(desk: Desk) -> None:
    await desk.application(token_endpoint_auth_method="client_secret_jwt")
    fingerprint = (await _stored(desk)).secret_hash
    await desk.ask(applications.edit, "shop", {"token_endpoint_auth_method": "client_secret_basic"})
    stored = await _stored(desk)
    assert stored.secret_sealed is None
    assert stored.secret_hash == fingerprint
