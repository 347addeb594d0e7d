"""Login and consent page show what a client registered to be shown (OIDC Registration 2)."""

from html import escape
from typing import Any

import pytest

from oidc_harness.model.application import Application
from oidc_harness.relying_party.page import Page
from oidc_harness.web.templates import image_origin
from tests.web.pages.visitor import Visitor

SHOWN = {
    "client_uri": "https://rp.example/",
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
        assert page.text.count('rel="noopener"') == 3


async def test_the_home_page_is_shown(visitor: Visitor) -> None:
    """OIDC Registration 2: `client_uri`, so that a person can follow it."""
    for page in await pages(visitor, **SHOWN):
        assert page.link("client-home") == SHOWN["client_uri"]


async def test_what_is_not_registered_is_not_shown(visitor: Visitor) -> None:
    for page in await pages(visitor):
        assert not {"client-logo", "client-home", "client-policy", "client-tos"}.intersection(page.texts)
        assert "<img" not in page.text
        assert "img-src data:; " in page.headers["content-security-policy"]


async def test_no_link_runs_anything(visitor: Visitor) -> None:
    """No service lets it be stored; a page would not show it either."""
    for page in await pages(visitor, **dict.fromkeys(SHOWN, "javascript:alert(1)")):
        assert "javascript:" not in page.text
        assert "javascript:" not in page.headers["content-security-policy"]


LOCALIZED = {
    "client_name#de": 'Hutmacher & "Söhne"',
    "client_name#fr-CA": "Chapelier",
    "logo_uri#de": "https://de.example/logo.png",
    "policy_uri#de-AT": "https://rp.example/datenschutz",
}
READERS: list[tuple[str | None, str | None, str, str | None]] = [
    (None, None, "Wonderland Web", None),
    (None, "de", 'Hutmacher & "Söhne"', "de"),
    (None, "en-US,de-AT;q=0.8,fr-CA;q=0.9", "Chapelier", "fr-CA"),
    (None, "fr", "Wonderland Web", None),
    (None, "de;q=0, *", "Wonderland Web", None),
    ("de-CH", "fr-CA", 'Hutmacher & "Söhne"', "de"),
    ("xx FR-ca", "de", "Chapelier", "fr-CA"),
    ("xx", "de-DE", 'Hutmacher & "Söhne"', "de"),
    ("<b>", 'd"e', "Wonderland Web", None),
]


@pytest.mark.parametrize(("ui_locales", "accepted", "name", "tag"), READERS)
async def test_a_client_is_shown_in_the_language_of_who_reads(
    ui_locales: str | None, accepted: str | None, name: str, tag: str | None, visitor: Visitor
) -> None:
    """OIDC Registration 2.1, RFC 4647 3.4; the page itself stays English, and says of the name what it is."""
    await visitor.world.change(Application, visitor.application.id, name="Wonderland Web", localized=LOCALIZED, **SHOWN)
    headers = {} if accepted is None else {"Accept-Language": accepted}
    login = await visitor.start(**({} if ui_locales is None else {"ui_locales": ui_locales}))
    consent = (await visitor.log_in(login)).page
    cookies = visitor.agent.cookies(f"{visitor.world.issuer}/")
    shown = escape(name, quote=True).replace("&quot;", "&#34;")
    marked = shown if tag is None else f'<span lang="{tag}">{shown}</span>'
    for page in (login, consent):
        path = page.url.removeprefix(visitor.world.issuer)
        text = (await visitor.world.send("GET", path, cookies=cookies, headers=headers)).text
        assert '<html lang="en">' in text
        assert f"{marked}</span></p>" in text or f"<h1>{marked}" in text or f"{marked} asks" in text, text
        assert "&lt;span" not in text
        assert f'alt="Logo of {shown}"' in text


async def test_the_page_for_a_new_account_shows_the_same_name(visitor: Visitor) -> None:
    await visitor.world.change(Application, visitor.application.id, localized=LOCALIZED)
    page = (await visitor.agent.follow(await visitor.start(ui_locales="fr-CA"), "login-register")).page
    assert page.text_of("register-application") == "Chapelier"
    assert '<span lang="fr-CA">Chapelier</span>' in page.text


async def test_each_text_is_found_for_itself(visitor: Visitor) -> None:
    await visitor.world.change(Application, visitor.application.id, localized=LOCALIZED, **SHOWN)
    page = await visitor.start(ui_locales="de-AT")
    assert page.link("client-policy") == "https://rp.example/datenschutz"
    assert 'hreflang="de-AT"' in page.text
    assert page.link("client-tos") == SHOWN["tos_uri"]
    assert "; img-src data: https://de.example; " in page.headers["content-security-policy"]


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
