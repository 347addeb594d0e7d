"""The catalogue of strings has what the pages say, and nothing else."""

import re
from pathlib import Path

import pytest

from oidc_harness.protocol.scope import CLAIMS_OF_SCOPE, PERSONAL_CLAIMS
from oidc_harness.web import strings, templates
from oidc_harness.web.strings import CATALOGUES, ENGLISH, Catalogue, choose_catalogue

PACKAGE = Path(templates.__file__).parent
CHOSEN = {
    *("invitation.other", "invitation.unverified"),
    *(f"invitation.{reason}{part}" for reason in ("used", "invalid", "removed", "blocked") for part in ("", ".title")),
    *(f"control.keys.{each}" for each in ("use", "retire", "remove")),
    *(f"control.keys.status.{use}{each}" for use in ("", "enc.") for each in ("next", "current", "retired")),
}
"""Keys that a template puts together."""
TWO = {"en": Catalogue("en", {"hello": "Hello"}), "de": Catalogue("de", {"hello": "Guten Tag"})}


def _keys_in_use() -> set[str]:
    in_templates = "\n".join(file.read_text("utf-8") for file in (PACKAGE / "pages" / "templates").glob("*.html"))
    folders = (PACKAGE / "pages", PACKAGE / "control")
    in_code = "\n".join(file.read_text("utf-8") for folder in folders for file in folder.glob("*.py"))
    return set(re.findall(r'\bt(?:\.marked)?\("([a-z_.]*[a-z])"', in_templates)) | set(
        re.findall(r'"((?:register|control)\.[a-z_.]+)"', in_code)
    )


def test_every_string_that_is_said_is_there_and_the_other_way_round() -> None:
    of_scopes = {key for key in ENGLISH.texts if key.startswith(("scope.", "claim."))}
    assert _keys_in_use() | CHOSEN == set(ENGLISH.texts) - of_scopes


@pytest.mark.parametrize("catalogue", CATALOGUES.values(), ids=list(CATALOGUES))
def test_every_language_says_the_same_with_the_same_values(catalogue: Catalogue) -> None:
    def values(text: str) -> set[str]:
        return set(re.findall(r"\{([a-z]+)\}", text))

    assert {key: values(text) for key, text in catalogue.texts.items()} == {
        key: values(text) for key, text in ENGLISH.texts.items()
    }


@pytest.mark.parametrize("catalogue", CATALOGUES.values(), ids=list(CATALOGUES))
def test_every_scope_and_claim_has_words_of_its_own(catalogue: Catalogue) -> None:
    said = [catalogue.scope(name) for name in CLAIMS_OF_SCOPE]
    assert len(set(said)) == len(CLAIMS_OF_SCOPE)
    assert not [name for name in CLAIMS_OF_SCOPE if catalogue.scope(name) == catalogue("scope.other", name=name)]
    assert len({catalogue.claim(name) for name in PERSONAL_CLAIMS}) == len(PERSONAL_CLAIMS)


@pytest.mark.parametrize(
    ("wanted", "language"),
    [
        (None, "en"),
        ("", "en"),
        ("de", "de"),
        ("de-CH", "de"),
        ("DE-at", "de"),
        ("fr de en", "de"),
        ("fr", "en"),
        ("deutsch", "en"),
        ("-- \t*", "en"),
    ],
)
def test_the_first_language_there_is_of_those_wanted(wanted: str | None, language: str) -> None:
    assert choose_catalogue(wanted, TWO).language == language


def test_values_are_put_in_as_they_are() -> None:
    catalogue = strings.Catalogue("en", {"to": "To {application}"})
    assert catalogue("to", application="{user} <b>") == "To {user} <b>"
    assert catalogue.say("to", application=1) == "To 1"
    assert catalogue.say("{neither} a key") == "{neither} a key"
