"""What else the careful client looks at, one deviation at a time."""

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest

from oidc_harness.harness.conditions import When, nth
from oidc_harness.protocol.delivery import Delivery
from oidc_harness.relying_party.careful import CarefulClient
from oidc_harness.relying_party.client import Document, PendingLogin, Refused
from oidc_harness.relying_party.user_agent import UserAgent
from tests.relying_party.lies import ClaimsChanged, MembersChanged, OtherPerson, Planned, failed, html
from tests.relying_party.worlds import Open, World


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("no_id_token", {"id_token": None}),
        ("bad_token_response", {"id_token": 7}),
        ("id_token_malformed", {"id_token": "a.b.c"}),
        ("bad_token_response", {"access_token": None}),
        ("bad_token_response", {"token_type": None}),
        ("bad_token_response", {"token_type": "DPoP"}),
        ("invalid_request", {"error": "invalid_request"}),
    ],
)
async def test_a_token_response_that_is_refused(opened: Open, code: str, change: Document) -> None:
    at = await opened(CarefulClient)
    at.realm.arm(MembersChanged(change))
    visit = await at.login()
    assert (visit.page.status, visit.page.text_of("error-code")) == (400, code)
    assert (await at.signed_in_as(), at.asked("token"), at.asked("userinfo")) == (None, 1, 0)


@pytest.mark.parametrize(
    "change",
    [
        {"token_type": "bEARER"},
        {"expires_in": None},
        {"expires_in": "soon"},
        {"expires_in": 1e300},
        {"refresh_token": None},
        {"scope": None},
        {"scope": ["openid"]},
        {"more": {"nested": [None]}},
    ],
)
async def test_a_token_response_that_is_odd_and_good_enough(opened: Open, change: Document) -> None:
    at = await opened(CarefulClient)
    at.realm.arm(MembersChanged(change))
    await at.login()
    assert await at.signed_in_as() == "user-ann"


async def test_auth_time_is_demanded_with_max_age(opened: Open) -> None:
    at = await opened(CarefulClient)
    at.realm.arm(ClaimsChanged({"auth_time": None}))
    visit = await at.login("?max_age=60")
    assert visit.page.text_of("error-code") == "id_token_auth_time"
    await at.login()
    assert await at.signed_in_as() == "user-ann"


@pytest.mark.parametrize(("seconds", "code"), [(3500, "invalid_grant"), (3601, "login_too_old")])
async def test_a_login_is_open_for_an_hour(opened: Open, seconds: int, code: str) -> None:
    at = await opened(CarefulClient)
    departure = await at.client.begin({})
    open_logins: dict[str, PendingLogin] = {departure.pending.state: departure.pending}
    at.realm.clock.advance(seconds)
    answer = [("code", "made-up"), ("state", departure.pending.state), ("iss", at.realm.issuer)]
    with pytest.raises(Refused, match=code):
        await at.client.finish(answer, open_logins)
    assert open_logins == {}


@pytest.mark.parametrize("plan", [failed, html])
async def test_metadata_that_are_none(opened: Open, plan: Callable[[Delivery], Delivery]) -> None:
    at = await opened(CarefulClient)
    at.realm.arm(Planned(plan), When(times=1, endpoint="discovery"))
    visit = await at.login()
    assert (visit.page.status, at.asked("discovery"), at.asked("authorize")) == (502, 1, 0)
    await at.login()
    assert await at.signed_in_as() == "user-ann"


@pytest.mark.parametrize("plan", [failed, html])
@pytest.mark.parametrize("endpoint", ["jwks", "userinfo"])
async def test_a_sign_in_without_keys_or_userinfo_is_none(
    opened: Open, plan: Callable[[Delivery], Delivery], endpoint: str
) -> None:
    at = await opened(CarefulClient)
    at.realm.arm(Planned(plan), When(endpoint=endpoint))
    visit = await at.login()
    assert (visit.page.status, await at.signed_in_as(), at.asked(endpoint)) == (502, None, 1)


RENEWED = [
    {"sub": "somebody-else"},
    {"iss": "http://evil.example"},
    {"aud": "client-2"},
    {"nonce": "another"},
    {"exp": 1_500_000_000},
    {"azp": "client-1"},
]


@pytest.mark.parametrize("change", RENEWED)
async def test_a_renewed_id_token_of_another_sign_in_ends_the_session(opened: Open, change: Document) -> None:
    at = await opened(CarefulClient)
    at.realm.arm(ClaimsChanged(change), nth(2))
    await at.login()
    visit = await at.post("/refresh")
    assert (visit.page.status, await at.signed_in_as()) == (401, None)
    assert at.asked("token", grant_type="refresh_token") == 1


async def test_userinfo_of_somebody_else_is_refused_later_too(opened: Open) -> None:
    at = await opened(CarefulClient)
    await at.login()
    at.realm.arm(OtherPerson())
    visit = await at.post("/api")
    assert (visit.page.status, "somebody-else" in (await at.agent.get(f"{at.url}/")).page.text) == (400, False)


def id_tokens(at: World) -> list[str]:
    replies = [each.reply for each in at.realm.journal.exchanges() if each.endpoint == "token"]
    return [str(reply.members["id_token"]) for reply in replies if reply is not None and reply.members is not None]


async def test_the_newest_id_token_is_the_hint_of_a_logout(opened: Open) -> None:
    at = await opened(CarefulClient)
    await at.login()
    at.realm.clock.advance(10)
    await at.post("/refresh")
    visit = await at.agent.get(f"{at.url}/logout")
    (asked,) = [hop.url for hop in visit.hops if "/end_session" in hop.url]
    first, second = id_tokens(at)
    assert parse_qs(urlsplit(asked).query)["id_token_hint"] == [second] != [first]


def own_cookie(at: World) -> tuple[str, str]:
    """The client's cookie; the provider's goes to the same host, and so to the client too."""
    (found,) = [pair for pair in at.agent.cookies(at.url).items() if pair[0].startswith("client_")]
    return found


async def test_a_sign_in_gives_the_browser_another_id(opened: Open) -> None:
    at = await opened(CarefulClient)
    await at.login()
    _, before = own_cookie(at)
    await at.login()
    name, after = own_cookie(at)
    assert before != after
    async with UserAgent() as thief:
        thief.plant(at.url, name, before)
        assert (await thief.probe(f"{at.url}/whoami")).sub is None
        thief.plant(at.url, name, after)
        assert (await thief.probe(f"{at.url}/whoami")).sub == "user-ann"


async def test_a_session_ends_here_even_where_the_provider_can_not_be_told(opened: Open) -> None:
    at = await opened(CarefulClient)
    await at.login()
    # Past the time for which metadata are kept, so that they have to be asked for.
    at.realm.clock.advance(601)
    at.realm.arm(Planned(failed), When(endpoint="discovery"))
    visit = await at.agent.get(f"{at.url}/logout")
    assert (visit.page.url, await at.signed_in_as()) == (f"{at.url}/logged-out", None)
