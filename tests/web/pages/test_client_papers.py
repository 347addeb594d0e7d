"""Login and consent page show what a client registered to be shown (OIDC Registration 2)."""

from typing import Any

import pytest

from oidc_harness.model.application import Application
from oidc_harness.relying_party.page import Page
from oidc_harness.web.templates import image_origin
from tests.web.pages.visitor import Visitor

SHOWN = {
    "logo_uri": "https://rp.example/logo.png?a=1&b=2",
    "policy_uri": "http://rp.example:8080/policy",
    "tos_uri": "https://rp.example/terms#now",
}


async def pages(visitor: Visitor, **changes: Any) -> tuple[Page, Page]:
    """The login and the consent page of the application, changed so."""
    await visitor.world.change(Application, visitor.application.id, **changes)
    login = await visitor.start()
    consent = (await visitor.log_in(login)).page
    assert login.has("login-page")
    assert consent.has("consent-page")
    return login, consent


async def test_registration_logo_uri(visitor: Visitor) -> None:
    """oidcc-registration-logo-uri: an image, and the page may load it from there and from nowhere else."""
    for page in await pages(visitor, **SHOWN):
        assert (
            '<img id="client-logo" class="logo" src="https://rp.example/logo.png?a=1&amp;b=2" alt="Logo of' in page.text
        )
        policy = page.headers["content-security-policy"]
        assert "; img-src data: https://rp.example; " in policy
        assert policy.startswith("default-src 'none'; ")


async def test_registration_policy_uri(visitor: Visitor) -> None:
    """oidcc-registration-policy-uri."""
    for page in await pages(visitor, **SHOWN):
        assert page.link("client-policy") == SHOWN["policy_uri"]
        assert page.text_of("client-policy").startswith("How ")


async def test_registration_tos_uri(visitor: Visitor) -> None:
    """oidcc-registration-tos-uri."""
    for page in await pages(visitor, **SHOWN):
        assert page.link("client-tos") == SHOWN["tos_uri"]
        assert page.text.count('rel="noopener"') == 2


async def test_what_is_not_registered_is_not_shown(visitor: Visitor) -> None:
    for page in await pages(visitor):
        assert not {"client-logo", "client-policy", "client-tos"}.intersection(page.texts)
        assert "<img" not in page.text
        assert "img-src data:; " in page.headers["content-security-policy"]


async def test_no_link_runs_anything(visitor: Visitor) -> None:
    """No service lets it be stored; a page would not show it either."""
    for page in await pages(visitor, **dict.fromkeys(SHOWN, "javascript:alert(1)")):
        assert "javascript:" not in page.text
        assert "javascript:" not in page.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://rp.example/logo.png", "https://rp.example"),
        ("HTTPS://RP.example:8443?x", None),
        ("https://RP.example:8443?x", "https://rp.example:8443"),
        ("http://[::1]:80/x", "http://[::1]:80"),
        ("https://rp.example; script-src */x", None),
        ("https://rp.example'/x", None),
        ("https://*/x", None),
        ("data:image/png,x", None),
    ],
)
def test_where_an_image_may_come_from(url: str, origin: str | None) -> None:
    assert image_origin(url) == origin
