"""What the OpenAPI document says of the control API is what the control API does, whatever is sent to it."""

import asyncio
from collections.abc import Callable, Mapping
from itertools import count
from typing import Any, TypeAlias

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import APIOperation, BaseSchema, Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from oidc_harness.web.admin.operation import Operation
from oidc_harness.web.admin.table import OPERATIONS
from tests.web.admin.api import BASE, REALM, Api

AnyCase: TypeAlias = Case[Any]
ACCEPTED: Mapping[str, dict[str, Any]] = {
    "makeRealm": {"name": "looking-glass"},
    "createApplication": {"name": "Tea", "redirect_uris": ["https://tea.example/callback"]},
    "createUser": {"email": "hatter@people.example", "password": "mad"},
    "addMember": {"user_id": "user-hatter"},
    "arm": {"switch": "aud-wrong", "when": {"times": 2}},
    "invite": {"addresses": "hare@people.example dormouse@people.example"},
}
"""Bodies that nobody finds by chance: they fit to one another, not to their types alone."""
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
]
REPEATABLE = settings(
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=12,
    stateful_step_count=6,
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.property
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
async def test_every_answer_is_as_documented(api: Api, operation: Operation) -> None:
    schema = await _schema(api)
    named = await api.furnish()
    loop = asyncio.get_running_loop()

    def restore() -> None:
        asyncio.run_coroutine_threadsafe(_restore(api), loop).result()

    await asyncio.to_thread(
        _bombard, schema[operation.path][operation.method], named, restore if operation.method == "DELETE" else None
    )


async def _schema(api: Api) -> BaseSchema:
    schema = schemathesis.openapi.from_dict(await api.document())
    schema.config.update(base_url=api.url + BASE)
    return schema


def _bombard(
    operation: APIOperation[Any, Any, Any, Any], named: Mapping[str, str], restore: Callable[[], None] | None
) -> None:
    with requests.Session() as session:

        @REPEATABLE
        @given(_cases(operation, named))
        def judge(case: AnyCase) -> None:
            if restore:
                restore()
            case.call_and_validate(session=session, checks=CHECKS)

        judge()


def _cases(operation: APIOperation[Any, Any, Any, Any], named: Mapping[str, str]) -> st.SearchStrategy[AnyCase]:
    """Things that are there and things that are not, with bodies that are accepted, allowed by type, and forbidden."""
    fixed = {parameter.name: named[parameter.name] for parameter in operation.path_parameters}
    accepted = ACCEPTED.get(operation.definition.raw["operationId"])
    kinds = [operation.as_strategy(path_parameters=fixed)]
    if accepted:
        kinds.append(operation.as_strategy(path_parameters=fixed, body=accepted))
    if fixed:
        kinds.append(operation.as_strategy())
    if operation.body or operation.query:
        kinds.append(operation.as_strategy(GenerationMode.NEGATIVE, path_parameters=fixed))
    return st.one_of(kinds)


async def _restore(api: Api) -> None:
    await api.ask("DELETE", f"/realms/{REALM}")
    await api.furnish()


@pytest.mark.property
async def test_links_lead_from_what_was_made_to_what_can_be_done_with_it(api: Api) -> None:
    machine, numbers = (await _schema(api)).as_state_machine(), count(1)

    class Followed(machine):  # type: ignore[misc, valid-type]
        def before_call(self, case: AnyCase) -> None:
            accepted = ACCEPTED.get(case.operation.definition.raw["operationId"])
            if accepted and case.body != {}:
                case.body = accepted | ({"name": f"realm-{next(numbers)}"} if "name" in accepted else {})

        def validate_response(self, response: Any, case: AnyCase, **kwargs: Any) -> None:
            case.validate_response(response, checks=CHECKS)

    await asyncio.to_thread(Followed.run, settings=REPEATABLE)


async def test_every_operation_is_documented(api: Api) -> None:
    paths = (await api.document())["paths"]
    documented = {
        (method.upper(), path, described["operationId"])
        for path, methods in paths.items()
        for method, described in methods.items()
    }
    assert documented == {(operation.method, operation.path, operation.name) for operation in OPERATIONS}


async def test_names_of_operations_differ() -> None:
    assert len({operation.name for operation in OPERATIONS}) == len(OPERATIONS)


async def test_the_document_names_the_address_that_answers(api: Api) -> None:
    document = await api.document()
    assert document["openapi"] == "3.1.0"
    assert [server["url"] for server in document["servers"]] == [api.url + BASE]
