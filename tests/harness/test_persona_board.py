"""Personas: a login of theirs meets a misbehaving provider, nobody else's does, and a start costs nothing for them."""

import logging
from dataclasses import replace

import pytest

from oidc_harness.harness.furnishings import readmit_personas
from oidc_harness.harness.persona_board import PersonaBoard
from oidc_harness.harness.realm import Realm
from oidc_harness.harness.recording import Recording
from oidc_harness.harness.scratch_realm import scratch_realm
from oidc_harness.harness.seed import seed
from oidc_harness.harness.world import RealmWorld, WrittenApplication, WrittenUser
from oidc_harness.model.user import PersonaArms, User
from oidc_harness.protocol.about import About
from oidc_harness.provider.conduct import HONEST
from oidc_harness.switches.id_token import NonceMissing
from tests.switches import questions

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
    assert [(each.switch.name, each.persona) for each in armed] == [("exp-past", LATE), ("nonce-missing", PLAIN)]
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
    assert "a persona's switch cannot be armed: there is no switch 'uninstalled'" in caplog.text


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
    assert [each.persona for each in realm.switchboard.armed()] == [LATE]


def nonce_told(board: PersonaBoard, user: User) -> bool:
    """Whether the ID token of this user has its nonce."""
    claims = board.conduct_for(Recording(1, "token")).id_token(questions.id_token(about=about(user)))
    return "nonce" in claims


def about(user: User) -> About:
    return replace(questions.ABOUT, user=user)


def test_what_many_personas_arm_is_on_the_board_once() -> None:
    board = PersonaBoard([persona(PLAIN, LATE), persona(LATE), *(persona(PLAIN) for _ in range(100))])
    assert [each.persona for each in board.armed()] == [PLAIN, LATE]
    assert board.admit(PLAIN, NonceMissing()) is board.armed()[0]


def test_the_record_of_the_user_says_who_is_a_persona() -> None:
    late = persona(PLAIN)
    board = PersonaBoard([late])
    assert not nonce_told(board, late)
    assert not nonce_told(board, replace(late, username="renamed", email="renamed@x.example"))
    assert nonce_told(board, replace(late, arms=()))
    assert nonce_told(board, replace(late, arms=(LATE,)))
