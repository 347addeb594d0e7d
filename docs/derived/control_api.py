"""The page of the control API, made from its OpenAPI document."""

from collections.abc import Iterator, Mapping
from typing import Any

from docs.derived.fields import Schema, allowed, heading, members
from docs.derived.markdown import anchor, code, linked_rules, page, paragraphs, table
from oidc_harness.web.admin.openapi import document
from oidc_harness.web.admin.table import OPERATIONS

_BASE = "/_harness/v1"
_INTRODUCTION = """\
The control API does to a running server what tests want done: make and drop realms, arm switches, move clocks, read
the journal, change people and applications. Its paths stand behind `/_harness/v1`. The OpenAPI 3.1 document from which
this page is made is at `/_harness/openapi.json`.

On loopback it asks for nothing, and refuses browsers of other sites and unexpected names of this machine. With
`--admin-token` it asks for `Authorization: Bearer TOKEN`; a server that others can connect to always has a token.
[Security](../security.md) says why.

Bodies are JSON, in and out. An error is `{"error": {"code": …, "message": …, "field": …}}`, where `field` is the path
of the value at fault. Lists come in pages: `items`, and `next`, which you give as `after` for the page that follows;
`null` says that none does. `limit` makes pages smaller. A parameter of the query that an operation does not know is
refused."""
_PAGING = ("after", "limit")
_METHODS = ("get", "post", "put", "patch", "delete")


def control_api_page() -> str:
    """Every operation, and every shape that goes in or out."""
    shapes = _Shapes(document(OPERATIONS, _BASE))
    columns = ("operation", "what it does", "takes", "answers", "refuses with")
    operations = table(columns, shapes.operations())
    parts = [_INTRODUCTION, "## Operations", operations, "## Shapes", *shapes.sections()]
    return page("Control API", "the operations in src/oidc_harness/web/admin", *parts)


def _what(operation: Mapping[str, Any]) -> Iterator[str]:
    query = [parameter["name"] for parameter in operation["parameters"] if parameter["in"] == "query"]
    filters = " or ".join(code(name) for name in query if name not in _PAGING)
    yield operation["summary"] + (f", all or by {filters}" if filters else "")
    if "description" in operation:
        yield linked_rules(operation["description"])


class _Shapes:
    """The document, and every mapping met in it, by its title."""

    def __init__(self, described: Mapping[str, Any]) -> None:
        self._paths = described["paths"]
        self._whole: Schema = {"$defs": described["components"]["schemas"]}
        self._met = {heading(name): schema for name, schema in self._whole["$defs"].items() if name != "Error"}

    def operations(self) -> Iterator[tuple[str, ...]]:
        """A row for each operation, in the order of the document."""
        for path, methods in self._paths.items():
            for method in _METHODS:
                if method in methods:
                    yield self._row(f"{method.upper()} {path}", methods[method])

    def sections(self) -> Iterator[str]:
        """A section for each mapping that was met, by title."""
        for title, schema in sorted(self._met.items()):
            if schema.get("properties"):
                yield f"### {title}"
                yield linked_rules(paragraphs(schema.get("description", "")))
                yield members(schema, self._whole)

    def _row(self, call: str, operation: Mapping[str, Any]) -> tuple[str, ...]:
        responses = operation["responses"]
        done = next(status for status in responses if status.startswith("2"))
        refused = ", ".join(status for status in responses if not status.startswith("2"))
        takes = self._content(operation.get("requestBody", {}))
        answers = f"{done} {self._content(responses[done])}".strip()
        return code(call), ". ".join(_what(operation)), takes, answers, refused

    def _content(self, message: Mapping[str, Any]) -> str:
        schema = message.get("content", {}).get("application/json", {}).get("schema")
        return "" if schema is None else self._named(schema)

    def _named(self, schema: Schema) -> str:
        inside = schema.get("properties")
        if inside is None:
            return allowed(schema, self._whole)
        if set(inside) == {"items", "next"}:
            return f"page of {self._named(inside['items']['items'])}"
        if "title" not in schema:
            return ", ".join(f"{code(name)}: {self._named(member)}" for name, member in inside.items())
        title = heading(schema["title"].replace("Written", "New", 1))
        self._met[title] = schema
        return f"[{title}](#{anchor(title)})"
