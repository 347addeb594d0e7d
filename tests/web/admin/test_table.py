"""Every operation of the control API is shown at work, and refusing in every way in which it can refuse."""

import pytest

from oidc_harness.web.admin.openapi import refusals
from oidc_harness.web.admin.operation import Operation
from oidc_harness.web.admin.table import OPERATIONS
from tests.web.admin import (
    test_applications,
    test_clock,
    test_invitations,
    test_journal,
    test_keys,
    test_members,
    test_outbox,
    test_realms,
    test_switches,
    test_users,
)

SHOWN = {
    (case.operation, case.status)
    for cases in (
        test_realms.CASES,
        test_clock.CASES,
        test_applications.CASES,
        test_users.CASES,
        test_members.CASES,
        test_invitations.CASES,
        test_switches.CASES,
        test_journal.CASES,
        test_keys.CASES,
        test_outbox.CASES,
    )
    for case in cases
}
ALIKE = {401, 413, 415, 500, 503}
"""What no operation decides for itself: `test_guard.py`, `test_api.py` and `test_locked_store.py` show it."""


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
def test_everything_an_operation_can_answer_is_shown(operation: Operation) -> None:
    done = 204 if operation.answers is None else operation.status
    # Where nothing but the path is read, the query alone can be unacceptable: `test_api.py` shows that.
    alike = ALIKE if operation.takes or operation.paged else ALIKE | {400}
    own = {done, *refusals(operation)} - ((alike | {403}) - set(operation.refuses))
    assert {status for name, status in SHOWN if name == operation.name} == own
