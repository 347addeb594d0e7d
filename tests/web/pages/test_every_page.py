"""Every page is whole, speaks to everybody, runs nothing foreign, and shows what people typed as text."""

import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser

import pytest

from oidc_harness.model.application import Application
from oidc_harness.model.user import Profile, User
from oidc_harness.relying_party.page import Page
from tests.web.pages.gallery import GALLERY
from tests.web.pages.visitor import Visitor

HOSTILE = "\"'><script>alert(1)</script>&amp;{{ 41 * 271 }}"
VOID = {"input", "link", "meta", "br"}


class Outline(HTMLParser):
    """The elements of a page, and whether they are closed in the order they were opened."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"<{tag}> has an attribute twice: {names}"
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture(params=list(GALLERY))
async def page(request: pytest.FixtureRequest, visitor: Visitor) -> Page:
    """Each page in turn."""
    return await GALLERY[request.param](visitor)


def test_it_is_whole_and_has_one_of_each(page: Page) -> None:
    outline = Outline(page.text)
    assert page.text.startswith("<!doctype html>\n")
    assert outline.open == []
    assert outline.all("html") == [{"lang": "en"}]
    for tag in ("title", "h1", "main", "style"):
        assert len(outline.all(tag)) == 1, tag
    assert outline.all("main")[0]["id"]
    ids = [attributes["id"] for _, attributes in outline.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert page.text_of("test-banner") == "Test provider: never enter a real password"


def test_every_field_has_a_label_and_every_button_a_name(page: Page) -> None:
    outline = Outline(page.text)
    fields = [each for each in outline.all("input") if each["type"] != "hidden"]
    assert {each["for"] for each in outline.all("label")} == {each["id"] for each in fields}
    for button in outline.all("button"):
        assert page.text_of(button["id"])
    ids = {attributes.get("id") for _, attributes in outline.elements}
    for name in ("aria-describedby", "aria-labelledby"):
        assert {attributes[name] for _, attributes in outline.elements if name in attributes} <= ids
    assert sum("autofocus" in attributes for _, attributes in outline.elements) <= 1


def test_what_is_wrong_is_announced(page: Page) -> None:
    outline = Outline(page.text)
    alerts = [attributes for _, attributes in outline.elements if attributes.get("role") == "alert"]
    assert bool(alerts) == (page.status >= 400 or page.has("invitation-error"))


def test_it_runs_nothing_but_our_own(page: Page) -> None:
    policy = dict(part.strip().partition(" ")[::2] for part in page.headers["content-security-policy"].split(";"))
    assert policy.pop("default-src") == "'none'"
    assert policy.pop("base-uri") == "'none'"
    assert policy.pop("frame-ancestors") == "'none'"
    assert policy.pop("img-src") == "data:"
    for tag in ("style", "script"):
        sources = [f"'sha256-{_hash(text)}'" for text in re.findall(f"<{tag}>(.*?)</{tag}>", page.text, re.DOTALL)]
        assert policy.pop(f"{tag}-src", "") == " ".join(sources)
    assert policy == {}
    outline = Outline(page.text)
    assert not [name for _, attributes in outline.elements for name in attributes if name.startswith("on")]
    assert not [attributes for _, attributes in outline.elements if "style" in attributes]
    assert not [
        each for each in outline.all("script") + outline.all("link") if "src" in each or "http" in each.get("href", "")
    ]


def _hash(text: str) -> str:
    return b64encode(sha256(text.encode()).digest()).decode()


def test_its_headers_keep_it_to_this_browser_and_moment(page: Page) -> None:
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["x-frame-options"] == "DENY"
    forms_go_to_clients = page.has("form-post")
    assert page.headers["referrer-policy"] == ("strict-origin" if forms_go_to_clients else "same-origin")


@pytest.mark.parametrize("walk", list(GALLERY))
async def test_names_are_shown_as_text(visitor: Visitor, walk: str) -> None:
    await visitor.world.change(Application, visitor.application.id, name=HOSTILE, description=HOSTILE)
    await visitor.world.change(User, "user-alice", profile=Profile(name=HOSTILE))
    page = await GALLERY[walk](visitor)
    assert "<script>alert" not in page.text
    assert "11111" not in page.text
    Outline(page.text)
    if walk in {"login", "register", "consent", "invited", "accepted", "logout", "refused"}:
        assert HOSTILE in "".join(page.texts.values())


async def test_what_was_typed_is_shown_as_text(visitor: Visitor) -> None:
    page = (await visitor.log_in(await visitor.start(), HOSTILE, "wrong")).page
    (username,) = [each for each in Outline(page.text).all("input") if each["name"] == "username"]
    assert username["value"] == HOSTILE


@pytest.mark.parametrize("parameter", ["client_id", "redirect_uri"])
async def test_what_the_client_sent_is_shown_as_text(visitor: Visitor, parameter: str) -> None:
    page = await visitor.start(**{parameter: HOSTILE})
    assert page.status == 400
    assert "<script>alert" not in page.text


async def test_the_error_page_says_which_clause_was_broken(visitor: Visitor) -> None:
    page = await GALLERY["error"](visitor)
    assert page.text_of("error-code") == "invalid_request"
    assert page.text_of("error-description") == "redirect_uri is not registered for this client"
    assert "https://elsewhere.example/" in page.text_of("error-detail")
    assert page.text_of("error-clause") == "RFC 6749 OAuth 2.0, 3.1.2.4"
    assert page.link("error-clause") == "https://www.rfc-editor.org/rfc/rfc6749#section-3.1.2.4"


async def test_form_post_keeps_every_value(visitor: Visitor) -> None:
    page = await GALLERY["form_post"](visitor)
    (form,) = page.forms
    assert page.submits_itself
    assert (form.id, form.method, form.action) == ("form-post", "POST", "photos.example:/callback")
    told = dict(form.pairs({}))
    assert told["error"] == "login_required"
    assert told["state"] == "s'\"<&>\n"
    assert told["iss"] == visitor.world.issuer
    assert page.has("form-post-submit")
