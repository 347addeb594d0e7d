"""Faults of the wire, as plans: what is sent, what is promised, how it ends."""

from dataclasses import replace

import pytest

from oidc_harness.protocol.delivery import Chunk, Delivery
from oidc_harness.provider.conduct import HONEST
from oidc_harness.switches.delivery import FaultAtEndpoint, Http503, HttpResetMidBody, HttpSlowBody, HttpTruncated
from tests.switches import questions
from tests.switches.questions import BODY

ALL = (Http503(), HttpResetMidBody(), HttpSlowBody(), HttpTruncated())


def plan(switch: FaultAtEndpoint, body: bytes = BODY) -> Delivery:
    return switch.act(HONEST.delivery, questions.delivery(body=body))


@pytest.mark.parametrize("switch", ALL, ids=str)
@pytest.mark.parametrize("endpoint", ["token", "userinfo"])
def test_each_has_its_endpoint(switch: FaultAtEndpoint, endpoint: str) -> None:
    at_userinfo = replace(switch, endpoint="userinfo")
    question = questions.delivery(endpoint)
    assert (switch.applies(question), at_userinfo.applies(question)) == (endpoint == "token", endpoint == "userinfo")


@pytest.mark.parametrize("seconds", [1, 30])
def test_503_says_when_to_come_back(seconds: int) -> None:
    given = plan(Http503(seconds=seconds))
    assert (given.reply.status, dict(given.reply.headers)["Retry-After"]) == (503, str(seconds))
    assert b"abc" not in given.reply.body
    assert given == Delivery(given.reply)


def test_503_takes_the_place_of_whatever_was_planned() -> None:
    slow = HttpSlowBody().act(HONEST.delivery, questions.delivery())
    given = Http503().act(lambda _: replace(slow, declared_length=9), questions.delivery())
    assert (given.chunks, given.declared_length) == (None, None)


def test_a_slow_body_comes_byte_by_byte_and_whole() -> None:
    given = plan(HttpSlowBody(seconds=10))
    chunks = given.chunks or ()
    assert b"".join(chunk.content for chunk in chunks) == BODY
    assert {len(chunk.content) for chunk in chunks} == {1}
    assert sum(chunk.wait_seconds for chunk in chunks) == pytest.approx(10)
    assert replace(given, chunks=None) == HONEST.delivery(questions.delivery())


@pytest.mark.parametrize("missing", [1, 100])
def test_a_truncated_answer_promises_more(missing: int) -> None:
    given = plan(HttpTruncated(missing=missing))
    expected = replace(HONEST.delivery(questions.delivery()), declared_length=len(BODY) + missing, ending="close")
    assert given == expected


def test_a_reset_comes_after_half_the_body() -> None:
    given = plan(HttpResetMidBody())
    assert given.chunks == (Chunk(BODY[: len(BODY) // 2]),)
    assert replace(given, chunks=None, ending="normal") == HONEST.delivery(questions.delivery())
    assert given.ending == "reset"


@pytest.mark.parametrize("switch", ALL, ids=str)
def test_an_empty_body_is_no_trouble(switch: FaultAtEndpoint) -> None:
    assert plan(switch, b"").reply is not None
