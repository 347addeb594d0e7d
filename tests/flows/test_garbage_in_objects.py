"""Whatever a request object says, the answer is a page or goes to a registered place, and nothing breaks."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.flows.garbage import BAD, GOOD, NAMES
from tests.support import records
from tests.support.decryption import ENCODINGS
from tests.support.request_objects import base64url, encoded, unsigned
from tests.support.world import World

pytestmark = pytest.mark.property
CLAIMS = (*NAMES, "iss", "aud", "exp", "nbf", "iat", "jti", "sub")
values: st.SearchStrategy[Any] = st.recursive(
    st.sampled_from((*GOOD, *BAD)) | st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(CLAIMS), inner, max_size=3),
    max_leaves=5,
)
said = st.dictionaries(st.sampled_from(CLAIMS), values, max_size=6)
headers = st.dictionaries(st.sampled_from(("alg", "typ", "kid", "crit", "b64", "jku", "cty")), values, max_size=2)


@given(claims=said, header=headers, beside=st.dictionaries(st.sampled_from(NAMES), st.sampled_from(GOOD), max_size=2))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_garbage_inside_an_object(
    claims: dict[str, Any], header: dict[str, Any], beside: dict[str, str], inhabited: World
) -> None:
    usual = {"client_id": records.CLIENT_ID, "response_type": "code", "redirect_uri": records.REDIRECT_URI}
    sent = {**usual, **beside, "request": unsigned(claims, **header)}
    answer = await inhabited.get_page("/authorize", [*sent.items()])
    assert answer.status in (200, 303, 400, 403)
    if answer.status == 200:
        assert answer.redirect.target == records.REDIRECT_URI
    if answer.status == 303:
        assert answer.location.startswith((records.REDIRECT_URI, inhabited.issuer))
    assert inhabited.last.trace is None


jwe_headers = st.fixed_dictionaries(
    {"alg": st.sampled_from(("RSA-OAEP", "ECDH-ES", "ECDH-ES+A128KW", "none")), "enc": st.sampled_from(ENCODINGS)},
    optional=dict.fromkeys(("epk", "apu", "apv", "cty", "typ", "b64", "jku", "x5c", "p2c", "iv", "tag"), values),
)


@given(header=jwe_headers, parts=st.lists(st.binary(max_size=300), min_size=4, max_size=4))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_garbage_that_looks_encrypted(header: dict[str, Any], parts: list[bytes], inhabited: World) -> None:
    sent = {
        "client_id": records.CLIENT_ID,
        "response_type": "code",
        "redirect_uri": records.REDIRECT_URI,
        "request": ".".join((encoded(header), *map(base64url, parts))),
    }
    answer = await inhabited.get_page("/authorize", [*sent.items()])
    assert answer.redirect.parameters["error"] == "invalid_request_object"
    assert inhabited.last.trace is None


@pytest.fixture
async def inhabited(world: World) -> World:
    """Where somebody can sign in to something."""
    await world.people()
    return world
