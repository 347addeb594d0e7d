"""A person at the pages, and what changes meanwhile: from the first request to the tokens, by a browser over HTTP."""

from collections.abc import AsyncIterator, Awaitable, Callable
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from oidc_harness.model.application import Application
from oidc_harness.model.invitation import Invitation
from oidc_harness.model.member import Member
from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.model.user import User
from oidc_harness.relying_party.browser import Visit
from oidc_harness.relying_party.user_agent import UserAgent
from tests.support import records
from tests.support.client import Client
from tests.support.refusals import refused
from tests.support.world import MakeWorld, World

URI = "com.example.app:/callback"
Change = Callable[[World], Awaitable[object]]


@pytest.fixture
async def agent() -> AsyncIterator[UserAgent]:
    async with UserAgent() as browser:
        yield browser


@pytest.fixture
async def client(make_world: MakeWorld) -> tuple[Client, World]:
    """A native application, because a browser hands its answers over instead of asking an address for them."""
    world = await make_world(RealmPolicy())
    await world.add(records.user())
    return await world.client(application_type="native", redirect_uris=(URI,)), world


def address(client: Client, **changes: str) -> str:
    usual = {
        "client_id": client.id,
        "response_type": "code",
        "scope": "openid email",
        "redirect_uri": URI,
        "state": "s" * 128,
        "nonce": "n" * 384,
    }
    return f"{client.realm.issuer}/authorize?{urlencode({**usual, **changes})}"


def told(visit: Visit) -> dict[str, str]:
    """What the client is told at the end."""
    assert visit.handed_over is not None, visit.page.text
    assert visit.handed_over.startswith(URI)
    return dict(parse_qsl(urlsplit(visit.handed_over).query))


async def test_sign_in_and_approve(client: tuple[Client, World], agent: UserAgent) -> None:
    application, world = client
    visit = await agent.sign_in(address(application), "alice", records.PASSWORD)
    answer = told(visit)
    assert answer["state"] == "s" * 128
    tokens = await application.accept(await application.redeem(answer["code"]), nonce="n" * 384)
    assert (await application.person(tokens))["email"] == "alice@people.example"
    # The same browser, another request: nothing is asked again, and the sign-in is the same.
    again = told(await agent.get(address(application, max_age="10000")))
    second = await application.accept(await application.redeem(again["code"]), nonce="n" * 384)
    assert second.claims["sid"] == tokens.claims["sid"]
    assert {exchange.trace for exchange in world.exchanges} == {None}


async def test_deny(client: tuple[Client, World], agent: UserAgent) -> None:
    """F2."""
    application, world = client
    answer = told(await agent.sign_in(address(application), "alice", records.PASSWORD, "deny"))
    assert (answer["error"], answer["state"]) == ("access_denied", "s" * 128)
    assert await world.all(Member) == []


@pytest.mark.parametrize("changes", [{"prompt": "login"}, {"max_age": "0"}, {"prompt": "login consent"}])
async def test_a_new_sign_in_moves_auth_time(
    changes: dict[str, str], client: tuple[Client, World], agent: UserAgent
) -> None:
    application, world = client
    world.realm.clock.freeze()
    first = told(await agent.sign_in(address(application, max_age="10000"), "alice", records.PASSWORD))
    earlier = await application.accept(await application.redeem(first["code"]), nonce="n" * 384)
    world.realm.clock.advance(60)
    visit = await agent.get(address(application, **changes))
    assert visit.page.has("login-page")
    again = address(application, **{"max_age": "10000", **changes})
    second = told(await agent.sign_in(again, "alice", records.PASSWORD))
    later = await application.accept(await application.redeem(second["code"]), nonce="n" * 384)
    assert later.claims["auth_time"] == earlier.claims["auth_time"] + 60


async def block_user(world: World) -> None:
    await world.put((await world.get(User, "user-alice")).blocked("2"))


async def block_member(world: World) -> None:
    await world.add(records.member(status="blocked"))


async def close(world: World) -> None:
    await world.change(Application, "web", closed=True)


async def restrict(world: World) -> None:
    await world.change(Application, "web", restricted=True)


async def deactivate(world: World) -> None:
    await world.put((await world.get(Application, "web")).deactivated("2"))


async def delete(world: World) -> None:
    await world.remove(Application, "web")


async def end_sessions(world: World) -> None:
    await world.put((await world.get(User, "user-alice")).signed_out("2"))


BETWEEN: list[tuple[str, Change]] = [
    ("login-page", block_user),
    ("error-page", block_member),
    ("error-page", close),
    ("error-page", restrict),
    ("error-page", deactivate),
    ("error-page", delete),
]


@pytest.mark.parametrize(("page", "change"), BETWEEN)
async def test_what_changes_while_the_person_types_the_password(
    page: str, change: Change, client: tuple[Client, World], agent: UserAgent
) -> None:
    application, world = client
    visit = await agent.get(address(application))
    await change(world)
    filled = {"login-username": "alice", "login-password": records.PASSWORD}
    visit = await agent.submit(visit.page, "login-submit", filled)
    assert visit.handed_over is None
    assert visit.page.has(page), visit.page.text
    assert visit.page.status in (400, 403)


@pytest.mark.parametrize(("page", "change"), [*BETWEEN, ("login-page", end_sessions)])
async def test_what_changes_while_the_person_reads_the_consent_page(
    page: str, change: Change, client: tuple[Client, World], agent: UserAgent
) -> None:
    application, world = client
    visit = await agent.get(address(application))
    filled = {"login-username": "alice", "login-password": records.PASSWORD}
    visit = await agent.submit(visit.page, "login-submit", filled)
    assert visit.page.has("consent-page")
    await change(world)
    visit = await agent.submit(visit.page, "consent-approve")
    assert visit.handed_over is None
    assert visit.page.has(page), visit.page.text


async def test_an_invitation_cancelled_while_the_person_reads(client: tuple[Client, World], agent: UserAgent) -> None:
    application, world = client
    await close(world)
    await world.add(records.invitation())
    visit = await agent.get(address(application))
    filled = {"login-username": "alice", "login-password": records.PASSWORD}
    visit = await agent.submit(visit.page, "login-submit", filled)
    assert visit.page.has("consent-page")
    [invitation] = await world.all(Invitation)
    await world.put(invitation.cancelled(world.now))
    visit = await agent.submit(visit.page, "consent-approve")
    assert visit.page.has("error-page")
    assert await world.all(Member) == []
    # The way back tells the client.
    back = visit.page.link("return-to-application")
    assert back.startswith(f"{URI}?error=access_denied&")


async def test_sessions_ended_before_the_code_is_redeemed(client: tuple[Client, World], agent: UserAgent) -> None:
    application, world = client
    answer = told(await agent.sign_in(address(application), "alice", records.PASSWORD))
    await end_sessions(world)
    refused(await application.redeem(answer["code"]), "invalid_grant")
    visit = await agent.get(address(application))
    assert visit.page.has("login-page")


async def test_a_hint_about_another_person(client: tuple[Client, World], agent: UserAgent) -> None:
    """OIDC Core 3.1.2.1: whoever signs in, the answer is about the one who is named, or an error."""
    application, world = client
    await world.add(records.user("bob"))
    first = told(await agent.sign_in(address(application), "alice", records.PASSWORD))
    tokens = await application.accept(await application.redeem(first["code"]), nonce="n" * 384)
    hinted = address(application, id_token_hint=tokens.id_token, prompt="login")
    assert told(await agent.sign_in(hinted, "bob", records.PASSWORD))["error"] == "login_required"
    assert "code" in told(await agent.sign_in(hinted, "alice", records.PASSWORD))
