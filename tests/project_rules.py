"""The house rules that a reader of the syntax tree can judge: each takes one file and tells its breaches."""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

LONGEST_FUNCTION_LINES = 40
LONGEST_FILE_LINES = 300
DEEPEST_NESTING = 3
MOST_PARAMETERS = 5

_TIME_OF_DAY = (
    "asctime",
    "clock_gettime",
    "clock_gettime_ns",
    "ctime",
    "gmtime",
    "localtime",
    "time",
    "time_ns",
)
_STOPWATCHES = ("monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns")
CLOCK_READS = frozenset(
    {f"time.{name}" for name in _TIME_OF_DAY + _STOPWATCHES}
    | {f"datetime.datetime.{name}" for name in ("now", "today", "utcnow")}
    | {"datetime.date.today", "uuid.uuid1"}
)
VAGUE_NAMES = frozenset({"common", "helper", "helpers", "manager", "managers", "misc", "util", "utils"})

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef
_BLOCKS = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try, ast.TryStar, ast.Match)


@dataclass(frozen=True)
class Source:
    """One file: its path from the top of the checkout, and its text."""

    path: str
    text: str

    @property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, filename=self.path)

    @property
    def functions(self) -> Iterator[Function]:
        return (node for node in ast.walk(self.tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


Rule: TypeAlias = Callable[[Source], Iterator[str]]


def short_functions(source: Source) -> Iterator[str]:
    """At most 40 lines from `def` to the end; the docstring is not counted, so that nobody saves on it."""
    for function in source.functions:
        lines = _lines(function) - _docstring_lines(function)
        if lines > LONGEST_FUNCTION_LINES:
            yield f"{_place(source, function)} has {lines} lines, at most {LONGEST_FUNCTION_LINES} allowed"


def short_files(source: Source) -> Iterator[str]:
    """At most 300 lines in a file, everything counted."""
    lines = len(source.text.splitlines())
    if lines > LONGEST_FILE_LINES:
        yield f"{source.path} has {lines} lines, at most {LONGEST_FILE_LINES} allowed"


def shallow_nesting(source: Source) -> Iterator[str]:
    """At most three blocks (if, for, while, with, try, match) inside one another; `elif` goes no deeper."""
    for function in source.functions:
        depth = _depth(function.body)
        if depth > DEEPEST_NESTING:
            yield f"{_place(source, function)} nests {depth} blocks, at most {DEEPEST_NESTING} allowed"


def few_parameters(source: Source) -> Iterator[str]:
    """At most five parameters, `self` and `cls` not counted; beyond that a record has a name for them."""
    for function in source.functions:
        arguments = function.args
        named = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        counted = [one for one in named if one.arg not in {"self", "cls"}]
        if len(counted) > MOST_PARAMETERS:
            yield f"{_place(source, function)} takes {len(counted)} parameters, not {MOST_PARAMETERS} at most"


def says_what_it_is(source: Source) -> Iterator[str]:
    """Every module begins with a docstring."""
    if not ast.get_docstring(source.tree):
        yield f"{source.path} has no docstring: say in a sentence what the module owns"


def precise_name(source: Source) -> Iterator[str]:
    """No file or folder is called by a name that would fit anything."""
    vague = VAGUE_NAMES.intersection(source.path.removesuffix(".py").split("/"))
    for name in sorted(vague):
        yield f"{source.path}: {name!r} says nothing; name it after what it owns"


def no_clock(source: Source) -> Iterator[str]:
    """Time is an argument: nothing reads the system's clock."""
    tree = source.tree
    imported = _imported_names(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.expr) and (name := _dotted(node, imported)) in CLOCK_READS:
            yield f"{source.path}:{node.lineno} reads the clock ({name}); let the caller pass the time"


def _place(source: Source, function: Function) -> str:
    return f"{source.path}:{function.lineno} {function.name}"


def _lines(node: ast.stmt) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def _docstring_lines(function: Function) -> int:
    return _lines(function.body[0]) if ast.get_docstring(function, clean=False) is not None else 0


def _depth(statements: list[ast.stmt]) -> int:
    return max((_depth_of(statement) for statement in statements), default=0)


def _depth_of(statement: ast.stmt) -> int:
    if not isinstance(statement, _BLOCKS):
        return 0
    inner = max((_depth(body) for body in _bodies(statement)), default=0)
    return max(1 + inner, _elif_depth(statement))


def _bodies(block: ast.stmt) -> Iterator[list[ast.stmt]]:
    for name in ("body", "orelse", "finalbody"):
        if not (name == "orelse" and _elif(block)):
            yield getattr(block, name, [])
    for branch in (*getattr(block, "handlers", []), *getattr(block, "cases", [])):
        yield branch.body


def _elif(block: ast.stmt) -> ast.If | None:
    """The next branch of an if chain; `else:` with a lone `if` beneath is the same tree."""
    if isinstance(block, ast.If) and len(block.orelse) == 1 and isinstance(block.orelse[0], ast.If):
        return block.orelse[0]
    return None


def _elif_depth(block: ast.stmt) -> int:
    following = _elif(block)
    return _depth_of(following) if following else 0


def _imported_names(tree: ast.Module) -> dict[str, str]:
    """What each name stands for: `from datetime import datetime as dt` gives dt: datetime.datetime."""
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update({each.asname or each.name: each.name for each in node.names})
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.update({each.asname or each.name: f"{node.module}.{each.name}" for each in node.names})
    return names


def _dotted(node: ast.expr, imported: dict[str, str]) -> str:
    if isinstance(node, ast.Name):
        return imported.get(node.id, "")
    if isinstance(node, ast.Attribute):
        owner = _dotted(node.value, imported)
        return f"{owner}.{node.attr}" if owner else ""
    return ""
