"""What is seen of authorization requests: kept, broken, or nothing to look at."""

from dataclasses import replace
from typing import Any

import pytest

from oidc_harness.checks.authorization_requests import (
    FreshCodeChallenge,
    FreshNonce,
    FreshState,
    HidesVerifier,
    PreventsCodeInjection,
    PreventsForgery,
    SendsNonce,
    SendsState,
    UsesPkce,
    UsesPkceAsPublicClient,
)
from tests.checks.looking import FULL, S256, Row, asked, check_row, name_of
from tests.support import records
from tests.support.request_objects import unsigned
from tests.switches.journal import USED, Happened, written

PUBLIC = records.application(token_endpoint_auth_method="none")
OTHER = records.application(id="another")
ANSWERED = Happened("authorize", query=(("interaction", "i"),))
PLAIN: dict[str, Any] = {"code_challenge_method": "plain"}


def anything(name: str) -> dict[str, Any]:
    """Another value for a parameter."""
    return {name: "x" * 43}


def posted(request: Happened) -> Happened:
    """The same request as a form."""
    return replace(request, method="POST", form=request.query, query=())


def packed(*without: str) -> Happened:
    """The same request with everything in a request object, and beside it what has to be there."""
    said = {name: value for name, value in FULL.items() if name not in without}
    return asked("state", "nonce", *S256, request=unsigned(said))


ROWS: list[Row] = [
    (PreventsForgery(), (packed(), packed("state", "nonce", *S256)), 2, (2,)),
    (PreventsCodeInjection(), (packed(),), 1, ()),
    (SendsState(), (packed(), packed("state")), 2, (2,)),
    (SendsState(), (asked("state", request="a.b.c"), asked("state", request=unsigned({"state": 5}))), 2, (1, 2)),
    (SendsState(), (asked("state", request_uri="https://rp.example/o"),), 0, ()),
    (FreshNonce(), (packed(), packed("state")), 2, (1, 2)),
    (PreventsForgery(), (asked(),), 1, ()),
    (PreventsForgery(), (asked("state", "nonce"),), 1, ()),
    (PreventsForgery(), (asked("nonce", *S256),), 1, ()),
    (PreventsForgery(), (asked("state", *S256),), 1, ()),
    (PreventsForgery(), (asked(), asked("state", "nonce", *S256)), 2, (2,)),
    (PreventsForgery(), (posted(asked("state", "nonce", *S256)),), 1, (1,)),
    (PreventsForgery(), (ANSWERED, USED), 0, ()),
    (PreventsForgery(), (replace(asked("state", "nonce", *S256), application=None),), 0, ()),
    (SendsState(), (asked(), posted(asked())), 2, ()),
    (SendsState(), (asked("state"), asked(state="")), 2, (1, 2)),
    (UsesPkce(), (asked(),), 1, ()),
    (UsesPkce(), (asked(*S256),), 1, (1,)),
    (UsesPkce(), (asked(*S256, application=PUBLIC),), 0, ()),
    (UsesPkceAsPublicClient(), (asked(application=PUBLIC),), 1, ()),
    (UsesPkceAsPublicClient(), (asked(*S256, application=PUBLIC),), 1, (1,)),
    (UsesPkceAsPublicClient(), (asked(*S256),), 0, ()),
    (PreventsCodeInjection(), (asked(),), 1, ()),
    (PreventsCodeInjection(), (asked("nonce"),), 1, ()),
    (PreventsCodeInjection(), (asked(*S256),), 1, ()),
    (PreventsCodeInjection(), (asked("nonce", *S256),), 1, (1,)),
    (PreventsCodeInjection(), (asked(*S256, scope="email"),), 1, (1,)),
    (SendsNonce(), (asked(),), 1, ()),
    (SendsNonce(), (asked("nonce"),), 1, (1,)),
    (SendsNonce(), (asked("nonce", scope="email"),), 0, ()),
    (HidesVerifier(), (asked(),), 1, ()),
    (HidesVerifier(), (asked(**PLAIN),), 1, (1,)),
    (HidesVerifier(), (asked("code_challenge_method"),), 1, (1,)),
    (HidesVerifier(), (asked(*S256),), 0, ()),
    *(
        row
        for check, name in ((FreshState(), "state"), (FreshNonce(), "nonce"), (FreshCodeChallenge(), "code_challenge"))
        for row in (
            (check, (asked(), asked(**anything(name))), 2, ()),
            (check, (asked(), asked(max_age="1")), 2, (1, 2)),
            (check, (asked(), asked()), 2, ()),
            (check, (asked(), ANSWERED, asked()), 2, (1, 3)),
            (check, (ANSWERED, asked(), asked(), ANSWERED), 2, ()),
            (check, (asked(), replace(ANSWERED, application=OTHER), asked()), 2, ()),
            (check, (asked(), asked(application=OTHER, max_age="1")), 2, ()),
            (check, (asked(name), asked(name, max_age="1")), 0, ()),
        )
    ),
]


@pytest.mark.parametrize("row", ROWS, ids=name_of)
def test_what_is_seen(row: Row) -> None:
    check_row(row)


def test_a_breach_names_the_client() -> None:
    exchanges, _ = written(asked("state"))
    [breach] = SendsState().look(exchanges).breaches
    assert breach.reason == "client web sent no state"
