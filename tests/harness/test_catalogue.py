"""The catalogue: everything that is installed is found, and nothing that is not sound."""

import re
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from oidc_harness.harness.catalogue import Catalogue, CatalogueError, SwitchClass, UnknownSwitch
from oidc_harness.harness.declaration import SEAMS, why_no_parameters
from oidc_harness.protocol.spec import spec
from oidc_harness.provider.conduct import HONEST
from oidc_harness.switches.base import IdTokenSwitch
from tests.harness.installed import CHECK, SWITCH, install
from tests.switches import questions

Install = Callable[..., str]
_NUMBERS = count(1)


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Installs a switch (or a check) of other people, under a module name of its own; gives that name."""

    def put(text: str, kind: str = "switches", target: str = "IatAhead") -> str:
        module = f"acme_{next(_NUMBERS)}"
        install(tmp_path, module, text, f"[oidc_harness.{kind}]\nacme = {module}:{target}\n")
        monkeypatch.syspath_prepend(str(tmp_path))
        return module

    return put


def test_ours_are_there() -> None:
    catalogue = Catalogue()
    names = [switch.name for switch in catalogue.switches()]
    assert names == sorted(set(names))
    assert {"iss-wrong", "alg-none", "http-503", "acct-blocked-mid-session", "app-deleted"} <= set(names)
    assert {switch.seam for switch in catalogue.switches()} <= SEAMS
    assert {check.name for check in catalogue.checks()} >= {"sends-state", "sends-code-once"}


def test_every_switch_says_what_it_does_in_one_line() -> None:
    for switch in Catalogue().switches():
        first = (switch.__doc__ or "").splitlines()[0]
        assert first.endswith("."), switch.name
        assert spec(switch.breaks.tag, switch.breaks.rule) == switch.breaks
        assert switch.expects.describe().startswith("The client ")


def test_each_works_by_its_name_alone() -> None:
    catalogue = Catalogue()
    for switch in catalogue.switches():
        assert catalogue.make(switch.name, {}) == switch()


@pytest.mark.parametrize("switch", Catalogue().switches(), ids=lambda switch: switch.name)
def test_ours_hold_to_what_is_asked_of_others(switch: SwitchClass) -> None:
    assert why_no_parameters(switch) is None


def test_a_switch_of_other_people_is_found_and_works(installed: Install) -> None:
    installed(SWITCH)
    catalogue = Catalogue()
    found = catalogue.find("acme-iat-ahead")
    [parameter] = catalogue.describe(found)
    assert (found.seam, str(found.breaks)) == ("id_token", "OIDCC-3.1.3.7 rule 10")
    assert (parameter.name, parameter.type, parameter.default, parameter.doc, parameter.limits) == (
        "seconds",
        "integer",
        3600,
        "How far ahead.",
        {"minimum": 1},
    )
    switch = catalogue.make("acme-iat-ahead", {"seconds": 60})
    assert isinstance(switch, IdTokenSwitch)
    question = questions.id_token()
    given = switch.act(HONEST.id_token, question)
    assert questions.changed(HONEST.id_token(question), given) == {"iat": question.now + 60}


def test_a_check_of_other_people_is_found(installed: Install) -> None:
    installed(CHECK, "checks", "AsksPolitely")
    assert "acme-asks-politely" in {check.name for check in Catalogue().checks()}


def test_loading_waits_for_the_first_use(installed: Install) -> None:
    catalogue = Catalogue()
    installed(SWITCH)
    assert "acme-iat-ahead" in {switch.name for switch in catalogue.switches()}


UNSOUND = {
    "no such module": ("raise OSError('no licence')", "OSError: no licence"),
    "no such class": (SWITCH.replace("class IatAhead", "class Renamed"), "has no attribute 'IatAhead'"),
    "no class": ("IatAhead = 7", "must be a class that inherits one of the typed bases"),
    "no typed base": (SWITCH.replace("(IdTokenSwitch)", "(AnySwitch)"), "must be a class that inherits"),
    "no name": (SWITCH.replace('    name = "acme-iat-ahead"\n', ""), "its name is None; set name to small letters"),
    "name in capitals": (SWITCH.replace("acme-iat-ahead", "IatAhead"), "its name is 'IatAhead'"),
    "a name that is taken": (SWITCH.replace("acme-iat-ahead", "iss-wrong"), "'iss-wrong' is taken by oidc_harness"),
    "no docstring": (re.sub(r'    """The ID.*\n', "", SWITCH), "it has no docstring"),
    "no clause": (re.sub(r"    breaks = .*\n", "", SWITCH), "its breaks is None"),
    "a clause as text": (re.sub(r"breaks = .*", "breaks = 'OIDCC-2'", SWITCH), "its breaks is 'OIDCC-2'"),
    "a clause nobody knows": (
        re.sub(r"breaks = .*", "breaks = Spec('RFC1149-3', '', '')", SWITCH),
        "names no known clause: spec tag 'RFC1149-3'",
    ),
    "no expectation": (re.sub(r"    expects = .*\n", "", SWITCH), "its expects is None"),
    "an empty expectation": (
        re.sub(r"expects = .*", "expects = Expectation(())", SWITCH),
        "its expects is Expectation",
    ),
    "another seam": (SWITCH.replace("    expects", '    seam = "id-token"\n    expects'), "its seam is 'id-token'"),
    "no dataclass": (SWITCH.replace("@dataclass(frozen=True)\n", ""), "it is no frozen dataclass"),
    "no dataclass, of one that is": (
        SWITCH.replace("@dataclass(frozen=True)\n", "").replace("(IdTokenSwitch)", "(ExpPast)"),
        "it is no frozen dataclass",
    ),
    "not frozen": (SWITCH.replace("(frozen=True)", ""), "it is no frozen dataclass"),
    "no default": (SWITCH.replace(" = 3600", ""), "its parameter seconds has no default"),
    "any type": (SWITCH.replace("Annotated[int, Ge(1)]", "Any"), "its parameter seconds may be anything"),
    "a type nobody knows": (SWITCH.replace("Annotated[int, Ge(1)]", '"Sekunden"'), "cannot be read: name 'Sekunden'"),
    "a parameter without docstring": (
        SWITCH.replace('    """How far ahead."""\n', ""),
        "its parameter seconds has no docstring",
    ),
    "a default beyond its limit": (
        SWITCH.replace("= 3600", "= 0"),
        "the default of its parameter seconds: 0 will not do; allowed: integer, at least 1",
    ),
    "a default that cannot be made": (
        SWITCH.replace("= 3600", "= field(default_factory=lambda: 1 // 0)").replace(
            "dataclass\n", "dataclass, field\n"
        ),
        "it cannot be made by its name alone: ZeroDivisionError",
    ),
    "no act": (SWITCH.replace("def act", "def acts"), "it does not define act"),
    "a state switch without a moment": (
        SWITCH.replace("(IdTokenSwitch)", "(StateSwitch)").replace("def act", "async def act"),
        "it does not define after",
    ),
}


@pytest.mark.parametrize("fault", UNSOUND)
def test_an_unsound_switch_is_refused(installed: Install, fault: str) -> None:
    text, told = UNSOUND[fault]
    module = installed(text)
    with pytest.raises(CatalogueError) as caught:
        Catalogue().switches()
    message = str(caught.value)
    assert message.startswith(f"acme-switches: entry point acme = {module}:IatAhead in oidc_harness.switches: ")
    assert told in message


UNSOUND_CHECKS = {
    "no class": ("AsksPolitely = 7", "must be a class that inherits oidc_harness.checks.base.Check"),
    "no name": (re.sub(r"    name = .*\n", "", CHECK), "its name is None"),
    "a name that is taken": (CHECK.replace("acme-asks-politely", "sends-state"), "'sends-state' is taken by"),
    "no docstring": (CHECK.replace('    """Asks by GET."""\n', ""), "it has no docstring"),
    "no clause": (re.sub(r"    clause = .*\n", "", CHECK), "its clause is None"),
    "another level": (CHECK.replace("SHOULD", "MAY"), "its level is 'MAY'; expected MUST or SHOULD"),
    "no look": (CHECK.replace("def look", "def looks"), "it does not define look"),
}


@pytest.mark.parametrize("fault", UNSOUND_CHECKS)
def test_an_unsound_check_is_refused(installed: Install, fault: str) -> None:
    text, told = UNSOUND_CHECKS[fault]
    installed(text, "checks", "AsksPolitely")
    with pytest.raises(CatalogueError) as caught:
        Catalogue().checks()
    assert str(caught.value).startswith("acme-switches: entry point acme = ")
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("name", "hint"),
    [("is-wrong", "did you mean iss-wrong"), ("http503", "did you mean http-503"), ("", "there are access-token")],
)
def test_an_unknown_name_gets_near_ones(name: str, hint: str) -> None:
    with pytest.raises(UnknownSwitch, match=hint):
        Catalogue().find(name)
