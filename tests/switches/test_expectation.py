"""What a journal shows of a client after a switch fired: each demand by table, and demands joined."""

from dataclasses import replace
from typing import Any

import pytest

from oidc_harness.provider.exchange import Fired
from oidc_harness.switches.expectation import (
    Expectation,
    Judgement,
    calls_at_most,
    ends_session,
    redeems_once,
    refuses_answer,
    refuses_callback,
    refuses_sign_in,
    shows_error,
    shows_nobody_else,
    signs_in,
    waits,
    waits_or_gives_up,
)
from oidc_harness.switches.traffic import Traffic
from tests.support import records
from tests.switches.journal import (
    ARMED,
    ASKED,
    AUTHORIZED,
    KEYS,
    KEYS_BY_POST,
    METADATA,
    NOBODY,
    REDEEMED,
    REFUSED_THERE,
    RENEWED,
    SHOWN,
    USED,
    Happened,
    Line,
    Seen,
    lied,
    refused,
    written,
)

PASSED, FAILED, INCONCLUSIVE = "passed", "failed", "inconclusive"
LIE = lied(REDEEMED)
BOB = Seen("user-bob")
PAIRWISE = records.application(subject_type="pairwise")
OTHER = records.application(id="another")
OTHER_FLOW: dict[str, Any] = {"application": OTHER, "grant_id": "grant-2"}
NEXT: dict[str, Any] = {"grant_id": "grant-2"}


def judged(expectation: Expectation, *lines: Line) -> Judgement:
    exchanges, observations = written(*lines)
    judgement = expectation.judge(ARMED, Traffic(exchanges, observations))
    assert judgement is not None
    return judgement


Row = tuple[str, tuple[Line, ...], str]

WAITS_OR_GIVES_UP: list[Row] = [
    ("somebody is shown", (AUTHORIZED, LIE, SHOWN), PASSED),
    ("nobody is shown", (AUTHORIZED, LIE, NOBODY), PASSED),
    ("silence", (AUTHORIZED, LIE), INCONCLUSIVE),
]
REFUSES_SIGN_IN: list[Row] = [
    ("nobody is shown", (AUTHORIZED, LIE, NOBODY), PASSED),
    ("somebody is shown", (AUTHORIZED, LIE, SHOWN), FAILED),
    ("somebody is shown, nobody knows who", (AUTHORIZED, LIE, Seen(signed_in=True)), FAILED),
    ("silence", (AUTHORIZED, LIE), INCONCLUSIVE),
    ("the token is used", (AUTHORIZED, LIE, USED, NOBODY), FAILED),
    ("the token is used in vain", (AUTHORIZED, LIE, refused(USED), NOBODY), FAILED),
    ("the token is introspected", (LIE, replace(USED, endpoint="introspection"), NOBODY), FAILED),
    ("the refresh token is used", (LIE, RENEWED, NOBODY), FAILED),
    ("the token is revoked", (LIE, replace(USED, endpoint="revocation"), NOBODY), PASSED),
    ("reported rejected, seen signed in", (LIE, NOBODY, SHOWN), FAILED),
    ("seen signed in, then reported rejected", (LIE, SHOWN, NOBODY), FAILED),
    ("somebody else stayed signed in", (BOB, AUTHORIZED, LIE, BOB), PASSED),
    ("somebody who was signed out came back", (Seen("user-bob", signed_in=False), LIE, BOB), FAILED),
    ("somebody else turned up", (AUTHORIZED, LIE, BOB), FAILED),
    ("the same person was there before", (SHOWN, AUTHORIZED, LIE, SHOWN), INCONCLUSIVE),
    ("unknown as whom, somebody stayed", (BOB, lied(REDEEMED, application=PAIRWISE), BOB), INCONCLUSIVE),
    ("another flow is used", (LIE, replace(USED, headers={}, **OTHER_FLOW), NOBODY), PASSED),
    (
        "another sign-in follows",
        (LIE, NOBODY, replace(AUTHORIZED, **NEXT), replace(USED, headers={}, **NEXT), SHOWN),
        PASSED,
    ),
    ("another application signs in", (LIE, replace(AUTHORIZED, **OTHER_FLOW), NOBODY), PASSED),
    ("what was seen before does not count", (NOBODY, LIE), INCONCLUSIVE),
    (
        "one flow passes, the next is not seen",
        (LIE, NOBODY, replace(AUTHORIZED, **NEXT), lied(REDEEMED, **NEXT)),
        PASSED,
    ),
    (
        "one flow passes, the next fails",
        (LIE, NOBODY, replace(AUTHORIZED, **NEXT), lied(REDEEMED, **NEXT), SHOWN),
        FAILED,
    ),
]
REFUSES_CALLBACK: list[Row] = [
    ("nothing happens", (lied(AUTHORIZED), NOBODY), PASSED),
    ("nothing happens, nobody looks", (lied(AUTHORIZED),), INCONCLUSIVE),
    ("the code is redeemed", (lied(AUTHORIZED), REDEEMED, NOBODY), FAILED),
    ("the code is redeemed in vain", (lied(AUTHORIZED), refused(REDEEMED), NOBODY), FAILED),
    ("another code is redeemed", (lied(AUTHORIZED), replace(REDEEMED, form=(), **OTHER_FLOW), NOBODY), PASSED),
]
SIGNS_IN: list[Row] = [
    ("the person is shown", (LIE, USED, SHOWN), PASSED),
    ("somebody is shown", (LIE, USED, Seen(signed_in=True)), PASSED),
    ("nobody is shown", (LIE, USED, NOBODY), FAILED),
    ("somebody else is shown", (LIE, USED, BOB), FAILED),
    ("the token is used, nobody looks", (LIE, USED), INCONCLUSIVE),
    (
        "a pairwise subject that was told",
        (lied(REDEEMED, application=PAIRWISE), replace(USED, members={"sub": "p"}), Seen("p")),
        PASSED,
    ),
    ("a pairwise subject nobody was told", (lied(REDEEMED, application=PAIRWISE), Seen("p")), PASSED),
    ("nobody while the next login is open", (AUTHORIZED, LIE, SHOWN, ASKED, NOBODY), PASSED),
    ("nobody, and then another login begins", (AUTHORIZED, LIE, NOBODY, ASKED, NOBODY), FAILED),
    ("seen only after the next login began", (AUTHORIZED, LIE, ASKED, NOBODY), INCONCLUSIVE),
]
ENDS_SESSION: list[Row] = [
    ("no contact yet", (REDEEMED, lied(USED), SHOWN), INCONCLUSIVE),
    ("refused, and nobody is shown", (lied(USED), SHOWN, refused(USED), NOBODY), PASSED),
    ("refused, and the person is still shown", (lied(USED), SHOWN, refused(USED), SHOWN), FAILED),
    ("refused, nobody looks", (lied(USED), SHOWN, refused(USED)), INCONCLUSIVE),
    ("refused at once", (SHOWN, lied(refused(RENEWED)), NOBODY), PASSED),
    ("refused at once, kept", (BOB, lied(refused(RENEWED)), SHOWN), FAILED),
    (
        "refused as a client nobody knows",
        (AUTHORIZED, lied(REDEEMED), refused(USED, application=None, user=None, grant_id=None), NOBODY),
        PASSED,
    ),
]
CALLS: list[Row] = [
    ("none more", (lied(REDEEMED), NOBODY), PASSED),
    ("none more, nobody looks", (lied(REDEEMED),), INCONCLUSIVE),
    ("as many as allowed", (lied(REDEEMED), REDEEMED, NOBODY), PASSED),
    ("too many", (lied(REDEEMED), REDEEMED, REDEEMED, NOBODY), FAILED),
    ("too many, after somebody looked", (lied(REDEEMED), REDEEMED, NOBODY, REDEEMED), PASSED),
    ("too many of another flow", (lied(REDEEMED), *[replace(REDEEMED, form=(), **OTHER_FLOW)] * 3, NOBODY), PASSED),
]
RESTARTS: list[Row] = [
    ("none", (lied(REFUSED_THERE), NOBODY), PASSED),
    ("one more", (lied(REFUSED_THERE), ASKED, NOBODY), FAILED),
    ("after somebody looked", (lied(REFUSED_THERE), NOBODY, ASKED), PASSED),
    ("by another application", (lied(REFUSED_THERE), replace(ASKED, **OTHER_FLOW), NOBODY), PASSED),
    ("back from a page", (lied(REFUSED_THERE), replace(REFUSED_THERE, query=(("interaction", "i"),)), NOBODY), PASSED),
    ("somebody is signed in", (lied(REFUSED_THERE), SHOWN), FAILED),
    ("somebody else stayed", (BOB, lied(REFUSED_THERE), BOB), PASSED),
]
REDEEMS: list[Row] = [
    ("once", (lied(REDEEMED), NOBODY), PASSED),
    ("twice", (lied(REDEEMED), REDEEMED, NOBODY), FAILED),
    ("twice, though the switch fired before", (lied(AUTHORIZED), REDEEMED, refused(REDEEMED), NOBODY), FAILED),
    ("renewals are no codes", (lied(REDEEMED), RENEWED, RENEWED, NOBODY), PASSED),
]
BUSY = (("Retry-After", "30"),)
UNAVAILABLE = lied(REDEEMED, status=503, reply_headers=BUSY)
LATER: dict[str, Any] = {"at": REDEEMED.at + 30}
REALLY_LATER: dict[str, Any] = {"real_at": REDEEMED.real_at + 30.1}
WAITS: list[Row] = [
    ("no further request", (UNAVAILABLE, NOBODY), PASSED),
    ("no further request, nobody looks", (UNAVAILABLE,), INCONCLUSIVE),
    ("at once", (UNAVAILABLE, REDEEMED, NOBODY), FAILED),
    ("too soon by either clock", (UNAVAILABLE, replace(REDEEMED, at=REDEEMED.at + 29), NOBODY), FAILED),
    ("in time by the realm's clock", (UNAVAILABLE, replace(REDEEMED, **LATER)), PASSED),
    ("in time by the system's clock", (UNAVAILABLE, replace(REDEEMED, **REALLY_LATER)), PASSED),
    ("in time, busy again, too soon", (UNAVAILABLE, replace(UNAVAILABLE, **LATER), replace(REDEEMED, **LATER)), FAILED),
    ("another endpoint meanwhile", (UNAVAILABLE, KEYS, NOBODY), PASSED),
]
REFUSES_ANSWER: list[Row] = [
    ("token: nobody is shown", (lied(REDEEMED), NOBODY), PASSED),
    ("token: used", (lied(REDEEMED), USED, NOBODY), FAILED),
    ("jwks: asked again", (REDEEMED, lied(KEYS), KEYS, USED, SHOWN), PASSED),
    ("jwks: asked again after use", (REDEEMED, lied(KEYS), USED, KEYS), FAILED),
    ("jwks: gone on", (REDEEMED, lied(KEYS), USED, SHOWN), FAILED),
    ("jwks: not asked again, but by a method in vain", (REDEEMED, lied(KEYS), KEYS_BY_POST, USED), FAILED),
    ("jwks: no older keys, but by a method in vain", (KEYS_BY_POST, REDEEMED, lied(KEYS), USED), FAILED),
    ("jwks: gone on with older keys", (KEYS, REDEEMED, lied(KEYS), USED, SHOWN), INCONCLUSIVE),
    ("jwks: nobody is shown", (REDEEMED, lied(KEYS), NOBODY), PASSED),
    ("jwks: somebody is shown", (REDEEMED, lied(KEYS), SHOWN), FAILED),
    ("discovery: gone on", (lied(METADATA), ASKED), FAILED),
    ("discovery: asked again", (lied(METADATA), METADATA, ASKED), PASSED),
    ("discovery: nothing came of it", (lied(METADATA), NOBODY), PASSED),
    ("discovery: nobody looked", (lied(METADATA),), INCONCLUSIVE),
    ("userinfo: nobody is shown", (REDEEMED, lied(USED), NOBODY), PASSED),
    ("userinfo: somebody is shown", (REDEEMED, lied(USED), SHOWN), INCONCLUSIVE),
    ("userinfo: asked again", (REDEEMED, lied(USED), USED, SHOWN), PASSED),
]
OTHER_PERSON = lied(USED, deed=Fired(ARMED, "a-switch", "userinfo", {"sub": "user-alice"}, {"sub": "somebody"}))
NOBODY_ELSE: list[Row] = [
    ("nobody is shown", (OTHER_PERSON, NOBODY), PASSED),
    ("the other one is shown", (OTHER_PERSON, Seen("somebody")), FAILED),
    ("the right one is shown", (OTHER_PERSON, SHOWN), INCONCLUSIVE),
    ("nobody looks", (OTHER_PERSON,), INCONCLUSIVE),
]
TABLES: dict[str, tuple[Expectation, list[Row]]] = {
    "refuses_sign_in": (refuses_sign_in(), REFUSES_SIGN_IN),
    "refuses_callback": (refuses_callback(), REFUSES_CALLBACK),
    "signs_in": (signs_in(), SIGNS_IN),
    "waits_or_gives_up": (waits_or_gives_up(), WAITS_OR_GIVES_UP),
    "ends_session": (ends_session(), ENDS_SESSION),
    "calls_at_most": (calls_at_most(1), CALLS),
    "shows_error": (shows_error(), RESTARTS),
    "redeems_once": (redeems_once(), REDEEMS),
    "waits": (waits(), WAITS),
    "refuses_answer": (refuses_answer(), REFUSES_ANSWER),
    "shows_nobody_else": (shows_nobody_else(), NOBODY_ELSE),
}
CASES = [
    pytest.param(expectation, lines, outcome, id=f"{name}: {what}")
    for name, (expectation, rows) in TABLES.items()
    for what, lines, outcome in rows
]


@pytest.mark.parametrize(("expectation", "lines", "outcome"), CASES)
def test_what_is_judged(expectation: Expectation, lines: tuple[Line, ...], outcome: str) -> None:
    judgement = judged(expectation, *lines)
    assert judgement.outcome == outcome, judgement
    assert judgement.reason
    numbers = range(1, 1 + sum(isinstance(line, Happened) for line in lines))
    assert set(judgement.evidence) <= set(numbers)
    assert judgement.evidence


@pytest.mark.parametrize("name", TABLES)
def test_where_it_never_fired_there_is_nothing_to_judge(name: str) -> None:
    exchanges, observations = written(AUTHORIZED, REDEEMED, USED, SHOWN)
    assert TABLES[name][0].judge(ARMED, Traffic(exchanges, observations)) is None
    assert TABLES[name][0].judge("another-1", Traffic(*written(AUTHORIZED, LIE, USED, SHOWN))) is None


@pytest.mark.parametrize(
    ("lines", "outcome"),
    [
        ((LIE, NOBODY), PASSED),
        ((LIE, REDEEMED, REDEEMED, NOBODY), FAILED),
        ((LIE, SHOWN), FAILED),
        ((LIE,), INCONCLUSIVE),
    ],
)
def test_joined_demands_must_all_be_met(lines: tuple[Line, ...], outcome: str) -> None:
    assert judged(refuses_sign_in() & calls_at_most(1, "token"), *lines).outcome == outcome


def test_both_facts_of_a_contradiction_are_told() -> None:
    judgement = judged(refuses_sign_in(), LIE, NOBODY, SHOWN)
    assert "'user-alice' as signed in" in judgement.reason
    assert "reported that nobody is" in judgement.reason


def test_evidence_names_the_lie_and_the_use() -> None:
    assert judged(refuses_sign_in(), AUTHORIZED, LIE, KEYS, USED).evidence == (2, 4)


def test_an_expectation_reads_as_a_sentence() -> None:
    sentence = (calls_at_most(0, "token") & redeems_once()).describe()
    assert (
        sentence == "The client does not call the token endpoint again by itself; it sends no authorization code twice."
    )
