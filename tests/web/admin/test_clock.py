"""The clock of a realm over HTTP: look at it, freeze it, move it, let it follow."""

import asyncio

import pytest

from tests.web.admin.api import Api
from tests.web.admin.cases import Case, check, done, refused
from tests.web.admin.test_realms import NO_REALM, NOWHERE

FROZEN = (("freezeClock", {"at": 1_000}),)
OUT = "would move the clock out of the years 1970 to 9999; it shows 1000"
CASES = [
    done("viewClock", {"now": 1_000, "frozen": True}, after=FROZEN),
    done("viewClock", {"frozen": False}),
    refused("viewClock", 404, *NO_REALM, **NOWHERE),
    done("freezeClock", {"frozen": True}, {}),
    done("freezeClock", {"frozen": True}),
    done("freezeClock", {"now": 0, "frozen": True}, {"at": 0}),
    done("freezeClock", {"now": 253_402_300_799}, {"at": 253_402_300_799}),
    refused("freezeClock", 400, "at", "found -1; expected a number greater than or equal to 0", {"at": -1}),
    refused("freezeClock", 400, "at", 'found "now"; expected an integer', {"at": "now"}),
    refused("freezeClock", 400, "at", "found 1.5; expected an integer", {"at": 1.5}),
    refused("freezeClock", 400, "at", "found true; expected an integer", {"at": True}),
    refused("freezeClock", 404, *NO_REALM, {}, **NOWHERE),
    done("advanceClock", {"now": 1_060, "frozen": True}, {"seconds": 60}, after=FROZEN),
    done("advanceClock", {"now": 0}, {"seconds": -1_000}, after=FROZEN),
    done("advanceClock", {"frozen": False}, {"seconds": 60}),
    refused("advanceClock", 400, "seconds", OUT, {"seconds": -1_001}, after=FROZEN),
    refused("advanceClock", 400, "seconds", "is missing", {}),
    refused(
        "advanceClock",
        400,
        "seconds",
        "found 3162240001; expected a number less than or equal to 3162240000",
        {"seconds": 3_162_240_001},
    ),
    refused("advanceClock", 404, *NO_REALM, {"seconds": 1}, **NOWHERE),
    done("followClock", {"frozen": False}, after=FROZEN),
    refused("followClock", 404, *NO_REALM, **NOWHERE),
]


async def test_who_moves_it_is_told_where_to(api: Api) -> None:
    await api.furnish()
    await api.done("POST", "/realms/wonder/clock/freeze", {"at": 0})
    moves = [api.done("POST", "/realms/wonder/clock/advance", {"seconds": 1}) for _ in range(20)]
    assert sorted(each["now"] for each in await asyncio.gather(*moves)) == list(range(1, 21))


@pytest.mark.parametrize("case", CASES, ids=str)
async def test_case(api: Api, case: Case) -> None:
    await check(api, case)
