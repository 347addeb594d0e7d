"""The provider's metadata and keys, by https."""

import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from joserfc.jwk import import_key

from tests.conformance.metadata import faults, languages
from tests.conformance.suite import Suite
from tests.support import oracle
from tests.support.http import Sent

DISCOVERY = "/.well-known/openid-configuration"


async def test_oidcc_discovery_endpoint_verification(suite: Suite) -> None:
    answer = await suite.http.send(Sent("GET", suite.issuer + DISCOVERY))
    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/json")
    assert urlsplit(answer.url).scheme == "https"
    document = oracle.accept_metadata(answer.json)
    assert answer.url == document["issuer"] + DISCOVERY
    assert not re.search("[?#]", document["issuer"])
    assert faults(document) == []
    assert "RS256" in document["id_token_signing_alg_values_supported"]
    assert "openid" in document["scopes_supported"]
    assert set(document["subject_types_supported"]) <= {"public", "pairwise"}
    assert "S256" in document["code_challenge_methods_supported"]
    if suite.plan.registration == "dynamic":
        assert "registration_endpoint" in document
        types = {frozenset(response_type.split()) for response_type in document["response_types_supported"]}
        assert {frozenset({"code"}), frozenset({"id_token"}), frozenset({"id_token", "token"})} <= types
        assert {"authorization_code", "implicit"} <= set(document["grant_types_supported"])


async def test_check_metadata(suite: Suite) -> None:
    """Both documents say the same, to whoever asks; and every address in them leads somewhere."""
    beside = await suite.http.send(Sent("GET", suite.issuer + "/.well-known/oauth-authorization-server"))
    parts = urlsplit(suite.issuer)
    inserted = f"{parts.scheme}://{parts.netloc}/.well-known/oauth-authorization-server{parts.path}"
    assert beside.json == suite.metadata == (await suite.http.send(Sent("GET", inserted))).json
    addresses = {name: url for name, url in suite.metadata.items() if name.endswith("_endpoint")}
    assert len(addresses) >= 6
    for name, url in addresses.items():
        assert url.startswith("https://")
        assert (await suite.http.send(Sent("POST", url, form=()))).status != 404, name


async def test_check_jwks(suite: Suite) -> None:
    document = await suite.key_set()
    assert document.keys() == {"keys"}
    keys = document["keys"]
    assert len({key["kid"] for key in keys}) == len(keys)
    for key in keys:
        assert not {"d", "p", "q", "dp", "dq", "qi", "oth", "k"} & key.keys()
        assert key["use"] in ("sig", "enc")
    assert [key for key in map(import_key, keys) if key.is_private] == []
    assert "RS256" in {key["alg"] for key in keys if key["kty"] == "RSA" and key["use"] == "sig"}


GOOD: dict[str, Any] = {
    "issuer": "https://op.example",
    "authorization_endpoint": "https://op.example/authorize",
    "token_endpoint": "https://op.example/token",
    "userinfo_endpoint": "https://op.example/userinfo",
    "jwks_uri": "https://op.example/jwks",
    "scopes_supported": ["openid"],
    "response_types_supported": ["code"],
    "subject_types_supported": ["public"],
    "id_token_signing_alg_values_supported": ["RS256"],
    "claims_supported": ["sub"],
}


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("token_endpoint", "http://op.example/token"),
        ("jwks_uri", None),
        ("claims_parameter_supported", "true"),
        ("scopes_supported", ["open id"]),
        ("grant_types_supported", []),
        ("code_challenge_methods_supported", "S256"),
        ("ui_locales_supported", ["en", "en-gb"]),
        ("end_sesion_endpoint", "https://op.example/out"),
    ],
)
def test_what_is_wrong_in_metadata_is_seen(member: str, value: object) -> None:
    assert faults(GOOD) == []
    assert faults({**GOOD, member: value}) == [member]
    without = {name: each for name, each in GOOD.items() if name != member}
    assert faults(without) == ([member] if member in GOOD else [])


@pytest.mark.parametrize("tag", ["en", "en-GB", "de-AT-1901", "zh-Hant-TW", "sl-rozaj", "es-419", "de-CH-x-phonebk"])
def test_language_tags(tag: str) -> None:
    assert languages([tag])


@pytest.mark.parametrize("tag", ["", "e", "en_GB", "EN", "en-gb", "zh-hant", "en-", "english-languages"])
def test_what_is_no_language_tag(tag: str) -> None:
    assert not languages([tag])
