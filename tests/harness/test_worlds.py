"""Realms furnished with a world: who signs in as a persona meets a provider that misbehaves, and nobody else does."""

from dataclasses import fields, replace
from pathlib import Path
from typing import Any, TypeVar

import pytest

from oidc_harness.harness.furnishings import Furnishings, RealmFurnishings, furnish
from oidc_harness.harness.realm import Realm
from oidc_harness.harness.world import RealmWorld, WrittenApplication, WrittenUser
from oidc_harness.harness.worlds import load_furnishings, load_world, make_realm
from oidc_harness.model.application import Application
from oidc_harness.model.invitation import Invitation
from oidc_harness.model.login_name import LoginName
from oidc_harness.model.member import Member
from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.model.record import Record
from oidc_harness.model.user import PersonaArms, User
from oidc_harness.relying_party.application import Application as ClientApplication
from oidc_harness.relying_party.careful import CarefulClient
from oidc_harness.relying_party.registration import Registration
from oidc_harness.relying_party.serving import base_url, listen, serving
from oidc_harness.relying_party.user_agent import UserAgent
from oidc_harness.shipped import fixtures_directory
from oidc_harness.web.server import Server

LATE = PersonaArms(switch="exp-past", parameters={"seconds": 900})


async def signed_in(server: Server, *usernames: str) -> list[str | None]:
    """Whom the careful client shows, each signed in with a fresh browser, one after the other."""
    listener = listen()
    own = base_url(listener)
    web = WrittenApplication(id="web", name="Web", secret="s3cret", redirect_uris=(f"{own}/callback",))
    users = (
        WrittenUser(id="ann", username="ann", email="ann@x.example"),
        WrittenUser(id="late", username="late", email="late@x.example", arms=(LATE,)),
        WrittenUser(id="out", username="out", email="out@x.example", status="blocked"),
    )
    world = RealmWorld(policy=RealmPolicy(sign_in="auto"), applications=(web,), users=users)
    realm = await make_realm(server.realms, "acme", world)
    client = CarefulClient(Registration(realm.issuer, "web", "s3cret", f"{own}/callback", f"{own}/logged-out"))
    shown: list[str | None] = []
    async with serving(ClientApplication(client).web_application(), listener):
        for username in usernames:
            async with UserAgent() as agent:
                await agent.get(f"{own}/login?login_hint={username}")
                shown.append((await agent.probe(f"{own}/whoami")).sub)
    return shown


async def test_personas_concern_nobody_else(server: Server) -> None:
    people = ("ann", "late", "out", "late@x.example", "ann@x.example")
    assert await signed_in(server, *people) == ["ann", None, None, None, "ann"]


async def test_a_realm_that_is_there_already_stays_as_it_is(server: Server) -> None:
    before = await server.realms.make("acme", RealmPolicy(code_lifetime=7))
    made = await furnish(server.realms, Furnishings(realms=dict.fromkeys(("acme", "other"), RealmFurnishings())))
    assert [realm.name for realm in made] == ["other"]
    assert server.realms.find("acme") is before
    assert before.policy.code_lifetime == 7


@pytest.mark.parametrize("store", ["memory", "sqlite"])
async def test_the_default_world_can_be_furnished_on_every_store(server: Server) -> None:
    """From its records it comes to the same as from the services."""
    path = fixtures_directory() / "default.yaml"
    furnishings = await load_furnishings(path, None)
    [realm] = await furnish(server.realms, furnishings)
    seeded = await make_realm(server.realms, "seeded", (await load_world(path, None)).realms["default"])
    for kind in (User, LoginName, Application, Member):
        assert await records(realm, kind) == await records(seeded, kind) != []
    invited = [{each.email: each.status for each in await records(one, Invitation)} for one in (realm, seeded)]
    assert invited[0] == invited[1] != {}
    assert [each.persona for each in realm.switchboard.armed()] == [each.persona for each in seeded.switchboard.armed()]


R = TypeVar("R", bound=Record)


async def records(realm: Realm, kind: type[R]) -> list[R]:
    """Without what differs from one start to the next."""
    drawn: dict[str, Any] = {"generation": "", "first_generation": "", "joined_at": 0, "updated_at": 0}
    async with realm.records() as opened:
        found = await opened.find(kind, limit=1000)
    names = {each.name for each in fields(kind)}
    return [replace(record, **{name: value for name, value in drawn.items() if name in names}) for record in found]


async def test_a_secret_that_is_kept_is_sealed_by_the_server_that_keeps_it(server: Server, tmp_path: Path) -> None:
    world = tmp_path / "world.yaml"
    secret = "a-secret-of-32-characters-or-more"
    world.write_text(
        "realms:\n  acme:\n    applications:\n"
        f"    - {{id: a, name: A, secret: {secret}, id_token_signed_response_alg: HS256, redirect_uris: [http://a/]}}\n"
    )
    [realm] = await furnish(server.realms, await load_furnishings(world, None))
    async with realm.transaction() as circumstances:
        kept = await circumstances.records.get(Application, "a")
        assert kept is not None
        assert kept.secret_sealed is not None
        assert circumstances.unseal(kept.secret_sealed) == secret
