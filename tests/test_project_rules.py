"""The code keeps the house rules of CONTRIBUTING.md, and each rule would notice a breach."""

import importlib.util
import subprocess
import sys
from pathlib import Path
from textwrap import indent
from typing import NamedTuple

import pytest

from tests import project_rules
from tests.project_rules import Rule, Source

CHECKOUT = Path(__file__).resolve().parents[1]


class Scope(NamedTuple):
    """Which files a rule is for: folders at the top of the checkout, less some places below them."""

    rule: Rule
    folders: tuple[str, ...]
    but: tuple[str, ...] = ()


SCOPES = [
    Scope(project_rules.short_functions, ("src", "benchmarks", "tests")),
    Scope(project_rules.short_files, ("src", "benchmarks", "tests")),
    Scope(project_rules.shallow_nesting, ("src", "benchmarks", "tests")),
    # In tests, the columns of a case table and the fixtures are parameters.
    Scope(project_rules.few_parameters, ("src", "benchmarks")),
    Scope(project_rules.says_what_it_is, ("src", "benchmarks")),
    Scope(project_rules.precise_name, ("src", "benchmarks", "tests")),
    # The relying party and the command line live in real time, as the programs they stand for do.
    Scope(
        project_rules.no_clock,
        ("src",),
        but=(
            "src/oidc_harness/harness/clock.py",
            "src/oidc_harness/relying_party/",
            "src/oidc_harness/cli/",
        ),
    ),
]


def _sources(scope: Scope) -> list[Source]:
    files = (file for folder in scope.folders for file in sorted((CHECKOUT / folder).rglob("*.py")))
    paths = ((file.relative_to(CHECKOUT).as_posix(), file) for file in files if "node_modules" not in file.parts)
    return [Source(path, file.read_text("utf-8")) for path, file in paths if not path.startswith(scope.but)]


@pytest.mark.parametrize("scope", SCOPES, ids=lambda scope: scope.rule.__name__)
def test_the_code_keeps(scope: Scope) -> None:
    breaches = [breach for source in _sources(scope) for breach in scope.rule(source)]
    assert not breaches, "\n" + "\n".join(breaches)


def _function(body_lines: int = 1, parameters: str = "", docstring: str = "") -> str:
    return f"def f({parameters}):\n" + docstring + "    x = 1\n" * body_lines


def _nested(*heads: str) -> str:
    lines = [f"{'    ' * depth}{head}:" for depth, head in enumerate(("def f()", *heads))]
    return "\n".join([*lines, "    " * (len(heads) + 1) + "pass"])


_LONG_DOCSTRING = '    """Says\n' + "    more\n" * 30 + '    """\n'
_LONG_ELIF = "def f():\n    if a:\n        pass\n" + "    elif b:\n        pass\n" * 6
_DEEP_ELIF = "def f():\n    if a:\n        pass\n    elif b:\n" + "\n".join(
    f"{'    ' * depth}for x in y:" for depth in (2, 3, 4)
)
_DEEP_CASE = "def f():\n    match a:\n        case 1:\n            while x:\n                with y:\n"
_DEEP_EXCEPT = "def f():\n    try:\n        pass\n    except E:\n        while x:\n            with y:\n"

KEPT = [
    (project_rules.short_functions, _function(body_lines=39)),
    (project_rules.short_functions, _function(body_lines=39, docstring=_LONG_DOCSTRING)),
    (project_rules.short_files, "x = 1\n" * 300),
    (project_rules.shallow_nesting, _nested("if a", "for b in c", "while d")),
    (project_rules.shallow_nesting, _LONG_ELIF),
    (project_rules.few_parameters, _function(parameters="self, a, b, c, d, e")),
    (project_rules.few_parameters, "class Record:\n" + "".join(f"    field_{n}: int\n" for n in range(9))),
    (project_rules.says_what_it_is, '"""Owns a thing."""\n'),
    (project_rules.no_clock, "import time\ndef f(now): time.sleep(now)"),
    (project_rules.no_clock, "from datetime import datetime\nx = datetime.fromtimestamp"),
    (project_rules.no_clock, "def f(time): return time.time()"),
]

BROKEN = [
    (project_rules.short_functions, _function(body_lines=40)),
    (project_rules.short_functions, "class A:\n" + indent("async " + _function(body_lines=40), "    ")),
    (project_rules.short_files, "x = 1\n" * 301),
    (project_rules.shallow_nesting, _nested("if a", "for b in c", "while d", "if e")),
    (project_rules.shallow_nesting, _nested("with a", "async for b in c", "if d", "async with e")),
    (project_rules.shallow_nesting, _DEEP_ELIF + "\n" + "    " * 5 + "pass"),
    (project_rules.shallow_nesting, _DEEP_CASE + "    " * 5 + "if z:\n" + "    " * 6 + "pass"),
    (project_rules.shallow_nesting, _DEEP_EXCEPT + "    " * 4 + "if z:\n" + "    " * 5 + "pass"),
    (project_rules.few_parameters, _function(parameters="self, a, b, c, d, *, e, f")),
    (project_rules.few_parameters, _function(parameters="a, b, /, c, d, e, f=1")),
    (project_rules.says_what_it_is, "x = 1\n"),
    (project_rules.no_clock, "import time\nx = time.time()"),
    (project_rules.no_clock, "from time import monotonic as m\nx = field(default_factory=m)"),
    (project_rules.no_clock, "import datetime as d\nx = d.datetime.now(tz=None)"),
    (project_rules.no_clock, "from datetime import date\ndef f(): return date.today()"),
    (project_rules.no_clock, "def f():\n    import time\n    return time.perf_counter()"),
]


def _case_name(part: object) -> str:
    return getattr(part, "__name__", "") or "source"


@pytest.mark.parametrize(("rule", "text"), KEPT, ids=_case_name)
def test_a_rule_lets_pass(rule: Rule, text: str) -> None:
    assert not list(rule(Source("src/oidc_harness/example.py", text)))


@pytest.mark.parametrize(("rule", "text"), BROKEN, ids=_case_name)
def test_a_rule_notices(rule: Rule, text: str) -> None:
    assert list(rule(Source("src/oidc_harness/example.py", text)))


@pytest.mark.parametrize("path", ["src/oidc_harness/utils.py", "src/oidc_harness/helpers/token.py"])
def test_a_vague_name_is_noticed(path: str) -> None:
    assert list(project_rules.precise_name(Source(path, "")))


# Each costs tens or hundreds of milliseconds; the start of the server is measured and may not pay for them.
HEAVY = ("cryptography", "faker", "jinja2", "joserfc", "oic", "pydantic", "ruamel.yaml", "sqlite3")


def _loaded_by(module: str) -> set[str]:
    program = f"import sys, {module}; print(*sys.modules)"
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    return set(answer.stdout.split())


def test_the_server_starts_without_heavy_libraries() -> None:
    if importlib.util.find_spec("oidc_harness.web.app") is None:
        pytest.skip("there is no oidc_harness.web.app yet")
    assert _loaded_by("oidc_harness.web.app").isdisjoint(HEAVY)


@pytest.mark.parametrize("library", HEAVY)
def test_a_heavy_library_would_be_noticed(library: str) -> None:
    assert library in _loaded_by(library)
