"""The ring of a realm's keys: make and rotate."""

from dataclasses import replace

import pytest

from oidc_harness.model.key import Key, KeyRing
from oidc_harness.protocol.jose import generate_private_jwk, key_from_jwk
from oidc_harness.services import keys
from oidc_harness.services.errors import Invalid
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


@pytest.mark.parametrize("alg", ["HS256", "none", "XX"])
async def test_what_cannot_be_a_key(desk: Desk, alg: str) -> None:
    with pytest.raises(Invalid) as refusal:
        await desk.ask(keys.make, alg)
    assert refusal.value.field == "alg"


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


async def test_a_full_ring_drops_the_key_that_was_retired_longest_ago(desk: Desk) -> None:
    for age in range(keys.MOST_KEYS - len(READY.keys)):
        desk.now = age + 1
        await _rotate(desk)
    full = await desk.ask(keys.load_ring, READY)
    assert len(full.keys) == keys.MOST_KEYS
    for _ in range(3):
        desk.now += 1
        await _rotate(desk)
    ring = await desk.ask(keys.load_ring, READY)
    assert len(ring.keys) == await desk.count(Key) == keys.MOST_KEYS
    assert ring.signing_key("ES256").created_at == desk.now
    assert ring.signing_key("EdDSA").kid == READY.signing_key("EdDSA").kid
    assert [key.created_at for key in ring.keys if key.alg == "ES256"] == list(range(3, desk.now + 1))


async def test_a_ring_that_is_no_record_yet_makes_room_too(desk: Desk) -> None:
    others = (replace(READY.keys[0], id=str(n), kid=str(n), status="retired", created_at=n) for n in range(1, 99))
    full = KeyRing((*READY.keys, *others))
    async with desk.transaction() as circumstances:
        ring = await keys.rotate(circumstances, full, await keys.make(circumstances, "EdDSA"))
    assert len(ring.keys) == await desk.count(Key) == keys.MOST_KEYS
    assert {key.id for key in full.keys} - {key.id for key in ring.keys} == {"1"}
