"""Personas: a login of theirs meets a misbehaving provider, nobody else's does, and a start costs nothing for them."""

import logging

import pytest

from oidc_harness.harness.furnishings import readmit_personas
from oidc_harness.harness.persona_board import PersonaBoard
from oidc_harness.harness.realm import Realm
from oidc_harness.harness.recording import Recording
from oidc_harness.harness.scratch_realm import scratch_realm
from oidc_harness.harness.seed import seed
from oidc_harness.harness.world import RealmWorld, WrittenApplication, WrittenUser
from oidc_harness.model.user import PersonaArms, User
from oidc_harness.provider.conduct import HONEST

LATE = PersonaArms(switch="exp-past", parameters={"seconds": 900})
PLAIN = PersonaArms(switch="nonce-missing")


def persona(*arms: PersonaArms) -> User:
    return User(id="u", username="late", email="late@x.example", arms=arms)


@pytest.mark.parametrize("endpoint", ["discovery", "jwks"])
def test_documents_are_the_same_for_everybody(endpoint: str) -> None:
    board = PersonaBoard([persona(LATE)])
    assert board.conduct_for(Recording(1, endpoint)) is HONEST


@pytest.mark.parametrize("endpoint", ["authorize", "token", "userinfo"])
def test_personas_are_there_as_soon_as_somebody_may_be_known(endpoint: str) -> None:
    board = PersonaBoard([persona(LATE, PLAIN)])
    conduct = board.conduct_for(Recording(1, endpoint))
    assert conduct.id_token is not HONEST.id_token
    armed = board.armed()
    assert [(each.switch.name, each.when.user) for each in armed] == [("exp-past", "late"), ("nonce-missing", "late")]
    assert getattr(armed[0].switch, "seconds", None) == 900


def test_who_lists_what_is_armed_sees_personas() -> None:
    assert [each.switch.name for each in PersonaBoard([persona(PLAIN)]).armed()] == ["nonce-missing"]


def test_clearing_the_board_clears_personas_that_have_not_come_yet() -> None:
    board = PersonaBoard([persona(LATE)])
    board.clear()
    assert board.armed() == ()
    assert board.conduct_for(Recording(1, "token")) is HONEST


def test_a_switch_that_is_no_longer_installed_stops_nobody(caplog: pytest.LogCaptureFixture) -> None:
    board = PersonaBoard([persona(PersonaArms(switch="uninstalled"), PLAIN)])
    with caplog.at_level(logging.WARNING):
        assert [each.switch.name for each in board.armed()] == ["nonce-missing"]
    assert "late arms nothing: there is no switch 'uninstalled'" in caplog.text


async def furnished(*users: WrittenUser) -> Realm:
    application = WrittenApplication(id="web", name="Web", redirect_uris=("http://localhost/cb",))
    world = RealmWorld(users=users, applications=(application,))
    realm = await scratch_realm("personas", world)
    await seed(realm, world)
    await readmit_personas(realm)
    return realm


async def test_a_realm_without_personas_keeps_its_honest_board() -> None:
    realm = await furnished(WrittenUser(username="ann", email="ann@x.example"))
    assert not isinstance(realm.switchboard, PersonaBoard)


async def test_a_realm_finds_its_personas_among_its_users() -> None:
    late = WrittenUser(username="late", email="late@x.example", arms=(LATE,))
    realm = await furnished(WrittenUser(username="ann", email="ann@x.example"), late)
    assert [each.when.user for each in realm.switchboard.armed()] == ["late"]
