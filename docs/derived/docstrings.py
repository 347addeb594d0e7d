"""Docstrings below assignments, which only the source has: those of constants and of a dataclass's fields."""

import ast
import inspect
from collections.abc import Sequence
from itertools import pairwise
from types import ModuleType

from docs.derived.markdown import paragraphs


def of_constants(module: ModuleType) -> dict[str, str]:
    """What a module says of its constants, by name."""
    return _below_assignments(ast.parse(inspect.getsource(module)).body)


def of_fields(kind: type) -> dict[str, str]:
    """What a class says of its fields, by name."""
    tree = ast.parse(inspect.cleandoc(inspect.getsource(kind)))
    found = next(node for node in tree.body if isinstance(node, ast.ClassDef))
    return _below_assignments(found.body)


def _below_assignments(statements: Sequence[ast.stmt]) -> dict[str, str]:
    said: dict[str, str] = {}
    for statement, following in pairwise(statements):
        target = _target(statement)
        if target and isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant):
            said[target] = paragraphs(str(following.value.value))
    return said


def _target(statement: ast.stmt) -> str:
    if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
        return statement.target.id
    if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
        return statement.targets[0].id
    return ""
