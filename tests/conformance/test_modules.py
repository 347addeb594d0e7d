"""The list of modules and the tests belong together, and a lie of the provider fails them."""

from collections import Counter

import pytest
from jwkest import JWKESTException
from oic.exception import PyoidcError

from tests.conformance import test_happy_flows
from tests.conformance.modules import FOLDER, MODULES, proofs
from tests.conformance.plans import PLANS, Plan
from tests.conformance.suite import Suite

NOTICED = (AssertionError, PyoidcError, JWKESTException, ValueError)
LIES = {
    "alg-none": "basic-code",
    "aud-wrong": "basic-code",
    "exp-past": "basic-code",
    "iss-param-wrong": "basic-code",
    "iss-wrong": "implicit-id_token",
    "nonce-missing": "hybrid-code+id_token",
    "nonce-wrong": "implicit-id_token+token",
    "sig-garbage": "hybrid-code+id_token+token",
    "state-wrong": "hybrid-code+token",
    "sub-missing": "basic-code-form_post",
    "ui-sub-mismatch": "implicit-id_token+token-form_post",
}
_BY_ID = {plan.id: plan for plans in PLANS.values() for plan in plans}


def test_every_module_has_a_test_and_every_test_a_module() -> None:
    assert set(proofs()) == {module.test_name for module in MODULES}


def test_no_module_is_listed_twice_or_stands_in_no_plan() -> None:
    assert [name for name, times in Counter(module.name for module in MODULES).items() if times > 1] == []
    for module in MODULES:
        identifiers = [plan.id for plan in module.plans]
        assert identifiers
        assert len(set(identifiers)) == len(identifiers), module.name


def test_no_test_is_left_out_quietly() -> None:
    words = ("mark.skip", "skipif", "xfail", "importorskip", "pytest.skip(")
    found = {(file.name, word) for file in FOLDER.glob("*.py") for word in words if word in file.read_text("utf-8")} - {
        ("test_modules.py", word) for word in words
    }
    assert found == set()


@pytest.mark.parametrize(("lie", "plan"), [(lie, _BY_ID[plan]) for lie, plan in LIES.items()], ids=[*LIES])
async def test_a_lie_is_noticed(lie: str, plan: Plan, suite: Suite) -> None:
    await test_happy_flows.test_oidcc_server(suite)
    async with suite.control.arming(lie):
        with pytest.raises(NOTICED):
            await test_happy_flows.test_oidcc_server(suite)
    await test_happy_flows.test_oidcc_server(suite)
