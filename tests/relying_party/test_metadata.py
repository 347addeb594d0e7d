"""Which discovery documents a careful client takes."""

from typing import Any

import pytest

from oidc_harness.relying_party.client import ProviderFault
from oidc_harness.relying_party.metadata import (
    Metadata,
    believed_metadata,
    checked_metadata,
    discovery_url,
)

ISSUER = "http://127.0.0.1:9400/realm"
DOCUMENT: dict[str, Any] = {
    "issuer": ISSUER,
    "authorization_endpoint": f"{ISSUER}/authorize",
    "token_endpoint": f"{ISSUER}/token",
    "jwks_uri": f"{ISSUER}/jwks",
    "userinfo_endpoint": f"{ISSUER}/userinfo",
    "end_session_endpoint": f"{ISSUER}/end-session",
    "authorization_response_iss_parameter_supported": True,
    "something_else": [1, {"nested": None}],
}


def test_the_members_are_read() -> None:
    assert checked_metadata(DOCUMENT, ISSUER) == Metadata(
        issuer=ISSUER,
        authorization_endpoint=f"{ISSUER}/authorize",
        token_endpoint=f"{ISSUER}/token",
        jwks_uri=f"{ISSUER}/jwks",
        userinfo_endpoint=f"{ISSUER}/userinfo",
        end_session_endpoint=f"{ISSUER}/end-session",
        announces_iss=True,
    )


@pytest.mark.parametrize(
    ("issuer", "url"),
    [
        ("http://op.example", "http://op.example/.well-known/openid-configuration"),
        ("http://op.example/", "http://op.example/.well-known/openid-configuration"),
        ("http://op.example/realm", "http://op.example/realm/.well-known/openid-configuration"),
    ],
)
def test_where_the_document_is(issuer: str, url: str) -> None:
    assert discovery_url(issuer) == url


@pytest.mark.parametrize(
    "issuer",
    [f"{ISSUER}/", ISSUER.upper(), "https://127.0.0.1:9400/realm", "http://evil.example", "", None, [ISSUER]],
)
def test_any_other_issuer_is_refused(issuer: object) -> None:
    with pytest.raises(ProviderFault, match="wrong_issuer"):
        checked_metadata({**DOCUMENT, "issuer": issuer}, ISSUER)


def test_a_document_without_an_issuer_is_refused() -> None:
    with pytest.raises(ProviderFault, match="wrong_issuer"):
        checked_metadata({name: value for name, value in DOCUMENT.items() if name != "issuer"}, ISSUER)


@pytest.mark.parametrize("member", ["authorization_endpoint", "token_endpoint", "jwks_uri"])
def test_a_missing_endpoint_is_named(member: str) -> None:
    document = {name: value for name, value in DOCUMENT.items() if name != member}
    with pytest.raises(ProviderFault, match=member):
        checked_metadata(document, ISSUER)


@pytest.mark.parametrize("member", ["authorization_endpoint", "userinfo_endpoint", "end_session_endpoint"])
@pytest.mark.parametrize(
    "value",
    [
        None,
        7,
        [],
        "",
        "/authorize",
        "javascript:alert(1)",
        "file:///etc/hosts",
        "http://[bad",
        "http:///x",
        "http://a/#b",
    ],
)
def test_what_is_no_web_address_is_refused(member: str, value: object) -> None:
    with pytest.raises(ProviderFault, match=member):
        checked_metadata({**DOCUMENT, member: value}, ISSUER)


@pytest.mark.parametrize("value", [False, None, "true", 1])
def test_only_true_announces_the_iss_parameter(value: object) -> None:
    document = {**DOCUMENT, "authorization_response_iss_parameter_supported": value}
    assert checked_metadata(document, ISSUER).announces_iss is False


def test_the_careless_client_believes_any_issuer() -> None:
    assert believed_metadata({**DOCUMENT, "issuer": "http://evil.example"}).token_endpoint == f"{ISSUER}/token"
