"""A server killed in the middle of its work starts again on the same file, and all it has answered still holds."""

import asyncio
from collections import Counter
from itertools import cycle, islice
from pathlib import Path

from tests.resilience.ferry import Course, Ferry, Flow
from tests.resilience.served import Place, Served
from tests.support.http import Answer, Http

AT_WORK = 200
"""Flows at a time."""
ENOUGH = Counter(authorize=300, redeem=200, refresh=100, revoke=60)
"""Answers after which the server is killed, while every flow waits for its next one."""
GET_CODE: Course = (Ferry.authorize,)
GET_TOKENS: Course = (*GET_CODE, Ferry.redeem)
COURSES: tuple[Course, ...] = (
    GET_CODE,
    GET_TOKENS,
    (*GET_TOKENS, Ferry.refresh, Ferry.refresh, Ferry.refresh),
    (*GET_TOKENS, Ferry.refresh, Ferry.revoke_access),
    (*GET_TOKENS, Ferry.refresh, Ferry.revoke_all),
)


async def work_until_killed(ferry: Ferry, served: Served) -> None:
    """Begin flows on every course, and kill the server by SIGKILL once enough was answered."""

    def kill_after_enough(answered: Counter[str]) -> None:
        if answered >= ENOUGH and served.process.returncode is None:
            served.process.kill()

    ferry.on_answer = kill_after_enough
    await asyncio.gather(*(ferry.work(course) for course in islice(cycle(COURSES), AT_WORK)))
    await served.process.wait()


async def test_all_it_has_answered_still_holds(tmp_path: Path) -> None:
    place = Place(tmp_path)
    async with Http() as http:
        async with place.served() as served:
            ferry = Ferry(http, served.issuer)
            keys = (await ferry.jwks()).json
            await work_until_killed(ferry, served)
        unanswered = Counter(flow.asked for flow in ferry.flows if flow.asked)
        assert unanswered.total() == AT_WORK
        async with place.served(served.port) as again:
            assert again.issuer == served.issuer
            assert "as the store kept it" in again.banner
            assert (await ferry.jwks()).json == keys
            await asyncio.gather(*(check(ferry, flow) for flow in ferry.flows if flow.code))
    assert place.complaints.read_text("utf-8") == ""


async def check(ferry: Ferry, flow: Flow) -> None:
    """The last look at a token comes before the look that kills its family."""
    if not flow.redeemed:
        await check_code(ferry, flow)
        return
    if flow.asked != "revoke":
        await check_access_tokens(ferry, flow)
        await check_newest_refresh_token(ferry, flow)
    for token in flow.refresh_tokens[:-1]:
        assert is_refused(await ferry.present_refresh_token(token)), flow
    assert is_refused(await ferry.present_code(flow.code)), flow


async def check_code(ferry: Ferry, flow: Flow) -> None:
    """Redeemable, and then spent; whether an unanswered redemption has spent it, nobody can know."""
    first = await ferry.present_code(flow.code)
    assert first.status == 200 or (flow.asked == "redeem" and is_refused(first)), (flow, first.text)
    assert is_refused(await ferry.present_code(flow.code)), flow


async def check_access_tokens(ferry: Ferry, flow: Flow) -> None:
    for token in flow.access_tokens:
        dead = flow.revoked in (token, *flow.refresh_tokens)
        answer = await ferry.userinfo(token)
        assert answer.status == (401 if dead else 200), (flow, answer.text)


async def check_newest_refresh_token(ferry: Ferry, flow: Flow) -> None:
    answer = await ferry.present_refresh_token(flow.refresh_tokens[-1])
    if flow.revoked == flow.refresh_tokens[-1]:
        assert is_refused(answer), flow
    else:
        assert answer.status == 200 or (flow.asked == "refresh" and is_refused(answer)), (flow, answer.text)


def is_refused(answer: Answer) -> bool:
    """Whether the grant is refused, and nothing worse."""
    return answer.status == 400 and answer.json["error"] == "invalid_grant"
