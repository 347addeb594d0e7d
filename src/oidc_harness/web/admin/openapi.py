"""The OpenAPI 3.1 document of the control API, made from the table of operations."""

from typing import Any

from oidc_harness import __version__
from oidc_harness.web.admin.guard import CHALLENGE
from oidc_harness.web.admin.operation import MOST_PER_PAGE, Operation
from oidc_harness.web.admin.shapes import Shape

_ALWAYS = {
    400: "A value is not acceptable, or a parameter of the query is not known here; the error says which and why.",
    401: "The admin token is missing or wrong.",
    403: "The request comes from where none may come from, or the realm's policy forbids it.",
    500: "The harness itself failed; its log says why.",
    503: "Another process has locked the store, and `Retry-After` says when to ask again; or an installed switch or"
    " check is unsound, so that none can be used, and the error says which and why.",
}
_CHALLENGE = {"WWW-Authenticate": {"required": True, "schema": {"const": CHALLENGE}}}
_WORDS = {
    404: "There is no such thing in this realm.",
    409: "The name is taken, or the thing is in a state that forbids this.",
    413: "The body is too large.",
    415: "The body is not application/json.",
}
_ERROR = {
    "type": "object",
    "properties": {
        "error": {
            "type": "object",
            "properties": {
                "code": {"type": "string"},
                "message": {"type": "string", "description": "What is wrong, what was expected, what to do."},
                "field": {"type": "string", "description": "Path of the value at fault; empty: the whole request."},
            },
            "required": ["code", "message", "field"],
        }
    },
    "required": ["error"],
}


def document(operations: tuple[Operation, ...], server: str) -> dict[str, Any]:
    """The whole document."""
    schemas: dict[str, Any] = {"Error": _ERROR}
    paths: dict[str, Any] = {}
    for operation in operations:
        described = _operation(operation, schemas)
        described["responses"][str(_success(operation))] |= _links(operation, operations)
        paths.setdefault(operation.path, {})[operation.method.lower()] = described
    return {
        "openapi": "3.1.0",
        "info": {"title": "oidc-harness control API", "version": __version__},
        "servers": [{"url": server}],
        "security": [{}, {"admin": []}],
        "paths": paths,
        "components": {"schemas": schemas, "securitySchemes": {"admin": {"type": "http", "scheme": "bearer"}}},
    }


def _operation(operation: Operation, schemas: dict[str, Any]) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.summary,
        "parameters": _parameters(operation),
        "responses": _responses(operation, schemas),
    }
    if operation.about:
        described["description"] = operation.about
    if operation.takes is not None:
        content = {"application/json": {"schema": _schema(operation.takes, "validation", schemas)}}
        described["requestBody"] = {"required": operation.bare is None, "content": content}
    return described


def _parameters(operation: Operation) -> list[dict[str, Any]]:
    parameters: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
        for name in operation.placeholders
    ]
    if operation.paged:
        limit = {"type": "integer", "minimum": 1, "maximum": MOST_PER_PAGE, "default": MOST_PER_PAGE}
        after = "The id (of the journal: the number) after which the page begins."
        parameters.append({"name": "after", "in": "query", "schema": {"type": "string"}, "description": after})
        parameters.append({"name": "limit", "in": "query", "schema": limit})
    for name, kept in operation.filters.items():
        parameters.append({"name": name, "in": "query", "schema": {"type": "string"}, "description": kept})
    return parameters


def _responses(operation: Operation, schemas: dict[str, Any]) -> dict[str, Any]:
    responses: dict[str, Any] = {}
    done: dict[str, Any] = {"description": "Done."}
    if operation.answers is not None:
        done["content"] = {"application/json": {"schema": _schema(operation.answers, "serialization", schemas)}}
    responses[str(_success(operation))] = done
    for status in refusals(operation):
        content = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
        headers = {"headers": _CHALLENGE} if status == 401 else {}
        responses[str(status)] = {"description": {**_ALWAYS, **_WORDS}[status], "content": content, **headers}
    return responses


def _success(operation: Operation) -> int:
    return 204 if operation.answers is None else operation.status


def _links(operation: Operation, operations: tuple[Operation, ...]) -> dict[str, Any]:
    """What can be done next with what was made, where the answer and the path together name everything needed."""
    known = {name: f"$request.path.{name}" for name in operation.placeholders}
    known |= {name: f"$response.body#{pointer}" for name, pointer in operation.gives.items()}
    links = {
        following.name: {
            "operationId": following.name,
            "parameters": {f"path.{name}": known[name] for name in following.placeholders},
        }
        for following in operations
        if operation.gives.keys() & following.placeholders and known.keys() >= set(following.placeholders)
    }
    return {"links": links} if links else {}


def refusals(operation: Operation) -> tuple[int, ...]:
    """Every status an operation refuses with."""
    statuses = {*_ALWAYS, *operation.refuses}
    if operation.takes is not None:
        statuses |= {413, 415}
    if "{" in operation.path:
        statuses.add(404)
    return tuple(sorted(statuses))


def _schema(shape: Shape[Any], mode: Any, schemas: dict[str, Any]) -> dict[str, Any]:
    """A reference to the shape's schema, which is put among the others under its own name."""
    schema = shape.describe(mode)
    for name, definition in schema.pop("$defs", {}).items():
        schemas.setdefault(name, definition)
    return schema
