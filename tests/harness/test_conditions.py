"""Conditions: whom a switch concerns. How often it acts is counted by the switchboard."""

from dataclasses import replace
from typing import Any

import pytest

from oidc_harness.harness.conditions import ALWAYS, When, after, nth, once, times
from oidc_harness.protocol.about import About
from tests.support import records

ALICE = About("token", records.application(), records.user(), "grant-1")


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        (ALWAYS, True),
        (When(endpoint="token"), True),
        (When(endpoint="userinfo"), False),
        (When(application="web"), True),
        (When(application="another"), False),
        (When(user="user-alice"), True),
        (When(user="alice"), True),
        (When(user="alice@people.example"), True),
        (When(user="bob"), False),
        (When(endpoint="token", application="web", user="alice"), True),
        (When(endpoint="token", application="web", user="bob"), False),
        (When(endpoint="userinfo", application="web", user="alice"), False),
    ],
    ids=str,
)
def test_whom_it_concerns(when: When, expected: bool) -> None:
    assert when.concerns(ALICE) is expected


@pytest.mark.parametrize(
    ("when", "missing"), [(When(application="web"), "application"), (When(user="alice"), "user")], ids=str
)
def test_who_is_not_known_is_not_concerned(when: When, missing: str) -> None:
    changes: dict[str, Any] = {missing: None}
    assert not when.concerns(replace(ALICE, **changes))


@pytest.mark.parametrize(
    ("short", "long"),
    [
        (once(), When(times=1)),
        (times(3), When(times=3)),
        (nth(1), When(times=1)),
        (nth(4), When(skip=3, times=1)),
        (after("token"), When(after="token")),
    ],
)
def test_short_ways_to_say_it(short: When, long: When) -> None:
    assert short == long
