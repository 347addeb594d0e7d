"""Switches over HTTP: what there is, what is armed, arm and disarm."""

from importlib.metadata import entry_points
from typing import Any

import pytest

from oidc_harness.harness.scenario import ENDPOINT_NAMES
from oidc_harness.web.pages.table import PAGES
from tests.web.admin.api import Api
from tests.web.admin.cases import Case, check, done, refused
from tests.web.admin.test_realms import NO_REALM, NOWHERE

NO_SWITCH = "there is no switch 'iss-wron'; did you mean iss-wrong or bcl-iss-wrong or iss-param-wrong?"
NO_TEXT = "will not do; allowed: string, of 1 or more characters"
ENDPOINTS = ", ".join((*ENDPOINT_NAMES, *(page.name for page in PAGES)))
MET: dict[str, str] = {"after": "consent", "endpoint": "token", "application": "web", "user": "alice@people.example"}
ALWAYS = {"times": None, "skip": 0, "after": None, "endpoint": None, "application": None, "user": None}
ISSUER = {"value": "https://other.example"}
BAD: list[tuple[dict[str, Any], str, str]] = [
    ({"switch": "iss-wron"}, "switch", NO_SWITCH),
    ({"switch": 1}, "switch", "found 1; expected a text"),
    ({"parameters": {"value": 3}}, "parameters.value", f"3 {NO_TEXT}"),
    ({"parameters": {"value": {}}}, "parameters.value", f"{{}} {NO_TEXT}"),
    ({"parameters": {"val": "x"}}, "parameters.val", "iss-wrong has no parameter of this name; it has value"),
    ({"parameters": []}, "parameters", "found a list; expected a mapping"),
    ({"when": {"times": 0}}, "when.times", "found 0; expected a number greater than or equal to 1"),
    ({"when": {"endpoint": "zz"}}, "when.endpoint", f"'zz' is not known here; expected one of {ENDPOINTS}"),
    ({"when": {"after": "tokn"}}, "when.after", "'tokn' is not known here; did you mean token?"),
    ({"when": {"application": "wbe"}}, "when.application", "'wbe' is not known here; did you mean web?"),
    ({"when": {"user": "user-alcie"}}, "when.user", "'user-alcie' is not known here; did you mean user-alice?"),
    (
        {"when": {"user": "Alice@people.example"}},
        "when.user",
        "'Alice@people.example' is not known here; did you mean alice@people.example?",
    ),
    ({"when": {"time": 1}}, "when.time", "is not known here; did you mean times?"),
]
CASES = [
    done("listSwitches", {"items": [{"name": "access-token-born-expired"}]}, query="?limit=1"),
    done("listSwitches", {"items": [{"name": "ui-sub-mismatch"}]}, query="?after=sub-missing"),
    refused("listSwitches", 400, "limit", "expected a whole number from 1 to 100", query="?limit=1000"),
    done("viewSwitch", {"name": "iss-wrong", "seam": "id_token", "parameters": [{"name": "value", "type": "string"}]}),
    refused("viewSwitch", 404, "switch", NO_SWITCH, path={"switch": "iss-wron"}),
    done("listArmed", [{"switch": "iss-wrong", "when": ALWAYS}]),
    done("listArmed", [], after=(("disarmAll", None),)),
    refused("listArmed", 404, *NO_REALM, **NOWHERE),
    done("arm", {"switch": "iss-wrong", "when": ALWAYS}, {"switch": "iss-wrong"}),
    done("arm", {"parameters": ISSUER}, {"switch": "iss-wrong", "parameters": ISSUER}),
    done("arm", {"when": {**ALWAYS, "times": 2}}, {"switch": "aud-wrong", "when": {"times": 2}}),
    done("arm", {"when": {**ALWAYS, **MET}}, {"switch": "aud-wrong", "when": MET}),
    done("arm", {"when": {"user": "user-hatter"}}, {"switch": "aud-wrong", "when": {"user": "user-hatter"}}),
    *(refused("arm", 400, place, said, {"switch": "iss-wrong", **changes}) for changes, place, said in BAD),
    refused("arm", 400, "switch", "is missing", {}),
    refused("arm", 404, *NO_REALM, {"switch": "iss-wrong"}, **NOWHERE),
    done("disarm"),
    refused("disarm", 404, "armed", "nothing with the id 'iss-wrong-9' is armed", path={"armed": "iss-wrong-9"}),
    done("disarmAll"),
    refused("disarmAll", 404, *NO_REALM, **NOWHERE),
]


@pytest.mark.parametrize("case", CASES, ids=str)
async def test_case(api: Api, case: Case) -> None:
    await check(api, case)


async def test_every_installed_switch_is_listed_with_what_people_need_to_know(api: Api) -> None:
    items = (await api.done("GET", "/switches"))["items"]
    assert [each["name"] for each in items] == sorted(entry_points(group="oidc_harness.switches").names)
    for each in items:
        assert each["about"]
        assert each["expects"]
        assert each["clause"]
        assert all(parameter["doc"] for parameter in each["parameters"])
        assert await api.done("GET", f"/switches/{each['name']}") == each
