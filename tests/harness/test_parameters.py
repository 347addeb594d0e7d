"""Parameters of switches: told from their fields, and checked as strictly as JSON."""

from typing import Any

import pytest

from oidc_harness.harness.catalogue import Catalogue
from oidc_harness.harness.parameters import BadParameter, Parameter
from oidc_harness.switches.delivery import Http503, HttpSlowBody
from oidc_harness.switches.id_token import ExpPast, IssWrong
from oidc_harness.switches.redirection import StateWrong
from oidc_harness.switches.signature import AlgNone

CATALOGUE = Catalogue()


@pytest.mark.parametrize(
    ("name", "parameters", "expected"),
    [
        ("alg-none", {}, AlgNone()),
        ("exp-past", {"seconds": 1}, ExpPast(1)),
        ("iss-wrong", {"value": "https://ü.example"}, IssWrong("https://ü.example")),
        ("state-wrong", {"variant": "case"}, StateWrong("case")),
        ("http-503", {"endpoint": "jwks", "seconds": 3600}, Http503(endpoint="jwks", seconds=3600)),
        ("http-slow-body", {"seconds": 2}, HttpSlowBody(seconds=2.0)),
        ("http-slow-body", {"seconds": 0.5}, HttpSlowBody(seconds=0.5)),
    ],
)
def test_what_is_made(name: str, parameters: dict[str, Any], expected: object) -> None:
    assert CATALOGUE.make(name, parameters) == expected


@pytest.mark.parametrize(
    ("name", "parameters", "parameter", "told"),
    [
        ("exp-past", {"second": 1}, "second", "has no parameter of this name; it has seconds"),
        ("alg-none", {"alg": "none"}, "alg", "it has none"),
        ("exp-past", {"seconds": 0}, "seconds", "0 will not do; allowed: integer, at least 1"),
        ("exp-past", {"seconds": "60"}, "seconds", "'60' will not do"),
        ("exp-past", {"seconds": 60.0}, "seconds", "60.0 will not do"),
        ("exp-past", {"seconds": True}, "seconds", "True will not do"),
        ("exp-past", {"seconds": None}, "seconds", "None will not do"),
        ("iss-wrong", {"value": ""}, "value", "allowed: string, of 1 or more characters"),
        ("iss-wrong", {"value": ["a"]}, "value", "allowed: string"),
        ("iss-wrong", {"value": object()}, "value", "it is no JSON value"),
        ("iss-wrong", {"value": 7 * ["x" * 100]}, "value", "…"),
        ("http-503", {"seconds": 3601}, "seconds", "allowed: integer, at least 1, at most 3600"),
        ("http-503", {"endpoint": "authorize"}, "endpoint", "allowed: string, one of discovery, jwks, token, userinfo"),
        ("http-slow-body", {"seconds": float("nan")}, "seconds", "it is no JSON value"),
        ("http-slow-body", {"seconds": 0}, "seconds", "allowed: number, more than 0, at most 600"),
    ],
)
def test_what_is_refused(name: str, parameters: dict[str, Any], parameter: str, told: str) -> None:
    with pytest.raises(BadParameter, match=told) as caught:
        CATALOGUE.make(name, parameters)
    assert caught.value.parameter == parameter
    assert str(caught.value).startswith(f"parameter {parameter}: ")


def test_what_is_told() -> None:
    endpoint, seconds = CATALOGUE.describe(Http503)
    assert endpoint == Parameter(
        "endpoint",
        "string",
        "token",
        "The endpoint whose answers it befalls.",
        {"enum": ["discovery", "jwks", "token", "userinfo", "introspection", "revocation"]},
    )
    assert seconds == Parameter(
        "seconds", "integer", 5, "The seconds in `Retry-After`.", {"minimum": 1, "maximum": 3600}
    )
    assert CATALOGUE.describe(AlgNone) == ()


def test_every_parameter_is_explained() -> None:
    for switch in CATALOGUE.switches():
        for parameter in CATALOGUE.describe(switch):
            assert parameter.doc, f"{switch.name}.{parameter.name}"
            assert parameter.type != "any", f"{switch.name}.{parameter.name}"
