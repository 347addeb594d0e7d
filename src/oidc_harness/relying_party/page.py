"""A page as a browser sees it: elements by id, links, and forms with what they would send."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "choice", "button"]


@dataclass(frozen=True, slots=True)
class Control:
    """A field or button of a form; `is_chosen` tells of a check box or radio button, `action` of a button."""

    kind: Kind
    id: str
    name: str
    value: str
    is_chosen: bool = False
    action: str = ""

    def sent(self, filled: Mapping[str, str], pressed: "Control | None") -> str | None:
        """The value that is sent, None for nothing; `filled` names controls by id, else by name."""
        if self.kind == "button":
            return self.value if self is pressed else None
        if self.kind == "choice":
            return self.value if self._is_chosen(filled) else None
        return filled.get(self.id, filled.get(self.name, self.value))

    def _is_chosen(self, filled: Mapping[str, str]) -> bool:
        if self.id in filled:
            return bool(filled[self.id])
        return filled[self.name] == self.value if self.name in filled else self.is_chosen


@dataclass(frozen=True, slots=True)
class Form:
    """A form; `action` is absolute, `method` is GET or POST."""

    id: str
    action: str
    method: str
    controls: Sequence[Control]

    def pairs(self, filled: Mapping[str, str], pressed: Control | None = None) -> list[tuple[str, str]]:
        """What is sent, in the order of the page; KeyError when `filled` names a control there is not."""
        known = {key for control in self.controls for key in (control.id, control.name)}
        for key in filled:
            if key not in known:
                raise KeyError(f"the form has no field {key!r}, it has {sorted(known - {''})}")
        values = [(control.name, control.sent(filled, pressed)) for control in self.controls if control.name]
        return [(name, value) for name, value in values if value is not None]


@dataclass(frozen=True, slots=True)
class Page:
    """One answer a browser has loaded. `url` has its fragment, `headers` lower-case names.

    `submits_itself`: its only form is sent without anybody's doing (form_post, Form Post Response Mode 1.0).
    """

    url: str
    status: int
    headers: Mapping[str, str]
    text: str
    texts: Mapping[str, str]
    links: Mapping[str, str]
    forms: Sequence[Form]
    submits_itself: bool = False

    def has(self, element_id: str) -> bool:
        """Whether there is an element with this id."""
        return element_id in self.texts

    def text_of(self, element_id: str) -> str:
        """The text inside an element, without markup and spare blanks; empty when there is none."""
        return " ".join(self.texts.get(element_id, "").split())

    def link(self, link_id: str) -> str:
        """The absolute target of a link; KeyError naming the links there are."""
        if link_id not in self.links:
            raise KeyError(f"{self.url} has no link {link_id!r}, it has {sorted(self.links)}")
        return self.links[link_id]

    def form_of(self, button_id: str) -> tuple[Form, Control]:
        """The form with this button; KeyError naming the buttons there are."""
        buttons = {
            control.id: (form, control) for form in self.forms for control in form.controls if control.kind == "button"
        }
        if button_id not in buttons:
            raise KeyError(f"{self.url} has no button {button_id!r}, it has {sorted(buttons)}")
        return buttons[button_id]
