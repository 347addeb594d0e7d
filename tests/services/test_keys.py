"""The ring of a realm's keys: make, publish, rotate, retire."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from oidc_harness.model.key import Key, KeyRing
from oidc_harness.protocol.jose import generate_private_jwk, key_from_jwk
from oidc_harness.services import keys
from oidc_harness.services.errors import Invalid, NotFound, Taken
from tests.services.conftest import Desk

JWKS = {alg: generate_private_jwk(alg) for alg in ("ES256", "EdDSA")}
READY = KeyRing(tuple(key_from_jwk(f"ready-{alg}", jwk, 0) for alg, jwk in JWKS.items()))


def _statuses(ring: KeyRing) -> list[tuple[str, str]]:
    return [(key.alg, key.status) for key in ring.keys]


async def _rotate(desk: Desk, alg: str = "ES256") -> KeyRing:
    async with desk.transaction() as circumstances:
        return await keys.rotate(circumstances, READY, await keys.make(circumstances, alg))


@pytest.mark.parametrize("alg", ["RS256", "PS256", "ES256", "ES256K", "EdDSA"])
async def test_a_key_is_generated(desk: Desk, alg: str) -> None:
    first, second = [await desk.ask(keys.make, alg) for _ in range(2)]
    assert (first.alg, first.status, first.created_at) == (alg, "next", desk.now)
    assert first.kid != second.kid
    assert first.id != second.id
    assert await desk.count(Key) == 0


async def test_a_ready_made_key_is_taken(desk: Desk) -> None:
    key = await desk.ask(keys.make, "ES256", jwk={**JWKS["ES256"], "kid": "mine"}, status="current")
    assert (key.kid, key.alg, key.status) == ("mine", "ES256", "current")


@pytest.mark.parametrize(
    ("alg", "jwk", "field"),
    [
        ("HS256", None, "alg"),
        ("none", None, "alg"),
        ("XX", None, "alg"),
        ("RS256", JWKS["ES256"], "jwk"),
        ("ES256", {}, "jwk"),
        ("ES256", {name: value for name, value in JWKS["ES256"].items() if name != "d"}, "jwk"),
    ],
)
async def test_what_cannot_be_a_key(desk: Desk, alg: str, jwk: dict[str, str] | None, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        await desk.ask(keys.make, alg, jwk=jwk)
    assert refusal.value.field == field
    assert JWKS["ES256"]["d"] not in str(refusal.value)


async def test_rotating_signs_with_the_new_key_and_keeps_the_old_one_published(desk: Desk) -> None:
    ring = await _rotate(desk)
    assert sorted(_statuses(ring)) == [("ES256", "current"), ("ES256", "retired"), ("EdDSA", "current")]
    assert ring.signing_key("ES256").created_at == desk.now
    assert ring.algorithms() == READY.algorithms()
    stored = await desk.ask(keys.load_ring, READY)
    assert [replace(key, version=0) for key in stored.keys] == list(ring.keys)


async def test_rotating_again_and_again(desk: Desk) -> None:
    ring = READY
    for _ in range(3):
        desk.now += 1
        ring = await _rotate(desk)
    assert _statuses(ring).count(("ES256", "retired")) == 3
    assert _statuses(ring).count(("ES256", "current")) == 1
    assert ring.signing_key("ES256").created_at == desk.now


async def test_a_key_can_be_published_before_it_signs(desk: Desk) -> None:
    new = await desk.ask(keys.make, "ES256")
    ring = await desk.ask(keys.publish, READY, new)
    assert ring.signing_key("ES256").kid != new.kid
    assert new.kid in {key.kid for key in ring.published()}
    ring = await desk.ask(keys.rotate, READY, new)
    assert ring.signing_key("ES256").kid == new.kid
    assert len(ring.keys) == 3


async def test_retiring(desk: Desk) -> None:
    new = await desk.ask(keys.make, "ES256", status="current")
    async with desk.transaction() as circumstances:
        await keys.rotate(circumstances, READY, new)
    old = READY.signing_key("EdDSA")
    with pytest.raises(Taken, match="the only key that signs with EdDSA"):
        await desk.ask(keys.retire, READY, old.kid)
    await _rotate(desk)
    ring = await desk.ask(keys.retire, READY, new.kid)
    assert next(key for key in ring.keys if key.kid == new.kid).status == "retired"
    with pytest.raises(NotFound, match="no key 'unknown'"):
        await desk.ask(keys.retire, READY, "unknown")


@pytest.mark.parametrize("service", [keys.publish, keys.rotate])
async def test_two_keys_with_one_kid_are_refused(desk: Desk, service: Callable[..., Any]) -> None:
    new = await desk.ask(keys.make, "ES256", jwk=JWKS["ES256"])
    with pytest.raises(Taken, match="kids must differ"):
        await desk.ask(service, READY, new)
    assert await desk.count(Key) == 0


async def test_a_ring_does_not_grow_without_end(desk: Desk) -> None:
    full = KeyRing(tuple(replace(READY.keys[0], id=str(n), kid=str(n)) for n in range(keys.MOST_KEYS)))
    new = await desk.ask(keys.make, "EdDSA")
    with pytest.raises(Invalid, match="at most 100"):
        await desk.ask(keys.publish, full, new)
