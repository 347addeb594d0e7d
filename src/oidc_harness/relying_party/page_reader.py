"""Reads HTML into a page: as much of HTML 4.10 (forms) as pages that work without scripts use."""

from collections.abc import Mapping
from html.parser import HTMLParser
from urllib.parse import urljoin

from .page import Control, Form, Kind, Page

HTML_TYPES = ("text/html", "application/xhtml+xml")
VOID_ELEMENTS = ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr")
BUTTON_TYPES = ("submit", "image")
CHOICE_TYPES = ("checkbox", "radio")
UNSENT_TYPES = ("button", "reset", "file")
FORM_POST_ID = "form-post"

Attributes = Mapping[str, str]


def read_page(url: str, status: int, headers: Mapping[str, str], text: str) -> Page:
    """Parse an answer; one that is not HTML has text and no elements."""
    reader = _Reader(url)
    if headers.get("content-type", "").split(";")[0].strip().lower() in HTML_TYPES:
        reader.feed(text)
        reader.close()
    return Page(
        url=url,
        status=status,
        headers=headers,
        text=text,
        texts={element_id: "".join(parts) for element_id, parts in reader.texts.items()},
        links=reader.links,
        forms=reader.forms(),
        submits_itself=reader.submits_itself(),
    )


class _Reader(HTMLParser):
    """Walks through the tags once; a control may stand before or outside of the form it belongs to."""

    def __init__(self, url: str) -> None:
        super().__init__(convert_charrefs=True)
        self._base = url
        self._url = url
        self._open: list[tuple[str, str]] = []
        self._forms: list[Attributes] = []
        self._form: int | None = None
        self._controls: list[tuple[int | str | None, Control]] = []
        self._multiline: Attributes | None = None
        self._lines: list[str] = []
        self._select: Attributes | None = None
        self._options: list[tuple[str, bool]] = []
        self._behaviour = ""
        self.texts: dict[str, list[str]] = {}
        self.links: dict[str, str] = {}

    def forms(self) -> list[Form]:
        """All forms, each with the controls inside it and those that name it."""
        return [self._read_form(number, attributes) for number, attributes in enumerate(self._forms)]

    def _read_form(self, number: int, attributes: Attributes) -> Form:
        form_id = attributes.get("id", "")
        owners = (number, form_id) if form_id else (number,)
        return Form(
            id=form_id,
            action=urljoin(self._base, attributes.get("action") or self._url),
            method=attributes.get("method", "get").upper(),
            controls=[control for owner, control in self._controls if owner in owners],
        )

    def submits_itself(self) -> bool:
        """A form_post page, by its id or by the script that sends it.

        A script that looks at the fragment first sends more than its form has, and that is not known here.
        """
        if len(self._forms) != 1 or "location.hash" in self._behaviour:
            return False
        return self._forms[0].get("id") == FORM_POST_ID or ".submit(" in self._behaviour

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if "id" in attributes:
            self.texts.setdefault(attributes["id"], [])
        if tag not in VOID_ELEMENTS:
            self._open.append((tag, attributes.get("id", "")))
        self._behaviour += attributes.get("onload", "") if tag == "body" else ""
        start = getattr(self, f"_start_{tag}", None)
        if start is not None:
            start(attributes, {name for name, _ in attrs})

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select" and self._select is not None:
            self._end_select(self._select)
        elif tag == "textarea" and self._multiline is not None:
            self._add("text", self._multiline, "".join(self._lines).removeprefix("\n"))
            self._multiline = None
        if tag in (name for name, _ in self._open):
            while self._open.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        for element_id in {element_id for _, element_id in self._open if element_id}:
            self.texts[element_id].append(data)
        if self._open and self._open[-1][0] == "script":
            self._behaviour += data
        if self._multiline is not None:
            self._lines.append(data)

    def _start_base(self, attributes: Attributes, _: set[str]) -> None:
        self._base = urljoin(self._url, attributes.get("href", ""))

    def _start_a(self, attributes: Attributes, _: set[str]) -> None:
        if "id" in attributes and "href" in attributes:
            self.links[attributes["id"]] = urljoin(self._base, attributes["href"])

    def _start_form(self, attributes: Attributes, _: set[str]) -> None:
        self._form = len(self._forms)
        self._forms.append(attributes)

    def _start_input(self, attributes: Attributes, names: set[str]) -> None:
        kind = attributes.get("type", "text").lower()
        if "disabled" in names or kind in UNSENT_TYPES:
            return
        if kind in BUTTON_TYPES:
            self._add("button", attributes, attributes.get("value", ""))
        elif kind in CHOICE_TYPES:
            self._add("choice", attributes, attributes.get("value", "on"), "checked" in names)
        else:
            self._add("text", attributes, attributes.get("value", ""))

    def _start_button(self, attributes: Attributes, names: set[str]) -> None:
        if "disabled" not in names and attributes.get("type", "submit").lower() == "submit":
            self._add("button", attributes, attributes.get("value", ""))

    def _start_textarea(self, attributes: Attributes, names: set[str]) -> None:
        if "disabled" not in names:
            self._multiline, self._lines = attributes, []

    def _start_select(self, attributes: Attributes, names: set[str]) -> None:
        self._select = None if "disabled" in names else attributes
        self._options = []

    def _start_option(self, attributes: Attributes, names: set[str]) -> None:
        self._options.append((attributes.get("value", ""), "selected" in names))

    def _end_select(self, attributes: Attributes) -> None:
        chosen = [value for value, is_selected in self._options if is_selected]
        first = [value for value, _ in self._options][:1]
        for value in (chosen or first)[:1]:
            self._add("text", attributes, value)
        self._select = None

    def _add(self, kind: Kind, attributes: Attributes, value: str, is_chosen: bool = False) -> None:
        action = attributes.get("formaction", "")
        control = Control(
            kind=kind,
            id=attributes.get("id", ""),
            name=attributes.get("name", ""),
            value=value,
            is_chosen=is_chosen,
            action=urljoin(self._base, action) if action else "",
        )
        self._controls.append((attributes.get("form") or self._form, control))
