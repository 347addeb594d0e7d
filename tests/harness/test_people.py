"""People that nobody is: the same for the same seed, all different, and written so that they can be read again."""

import pytest

from oidc_harness.harness.people import NoSuchLocale, make_people
from oidc_harness.harness.scratch_realm import scratch_realm
from oidc_harness.harness.seed import seed
from oidc_harness.harness.shapes import read_shape
from oidc_harness.harness.world import People, RealmWorld, WrittenUser
from oidc_harness.harness.yaml_files import parse_document, read_document
from oidc_harness.harness.yaml_output import yaml_text
from oidc_harness.model.user import PersonaArms, Profile
from oidc_harness.shipped import fixtures_directory


def test_a_seed_makes_the_same_people_every_time() -> None:
    assert make_people(7, 5) == make_people(7, 5)
    assert make_people(7, 5) != make_people(8, 5)
    assert make_people(7, 8)[:5] == make_people(7, 5)


@pytest.mark.parametrize("locale", ["en_US", "de_DE", "ja_JP", "ar_SA", "pt_BR"])
async def test_people_of_everywhere_can_be_seeded(locale: str) -> None:
    people = make_people(1, 40, locale)
    assert len({user.username for user in people}) == len({user.id for user in people}) == 40
    assert all(user.email.isascii() and user.password for user in people)
    assert all(user.profile.name and user.profile.address for user in people)
    world = RealmWorld(users=people)
    await seed(await scratch_realm("people", world), world)


def test_a_locale_that_does_not_exist() -> None:
    with pytest.raises(NoSuchLocale, match="'xx_XX' is no locale"):
        make_people(1, 1, "xx_XX")


def test_what_is_written_can_be_read_and_is_equal() -> None:
    odd = WrittenUser(
        username="no",
        email="a@x.example",
        password="12: 3 #4",
        email_verified=False,
        profile=Profile(name="yes", nickname="\n", phone_number="+1"),
        arms=(PersonaArms(switch="exp-past", parameters={"seconds": 5}),),
    )
    people = People(users=(*make_people(3, 4, "de_DE"), odd))
    assert read_shape(People, parse_document("f", yaml_text(people))) == people


def test_nothing_is_written_that_goes_without_saying() -> None:
    text = yaml_text(People(users=(WrittenUser(username="a", email="a@x.example"),)))
    assert text == "users:\n  - username: a\n    email: a@x.example\n"


def test_the_stored_people_are_pinned() -> None:
    """Whatever a newer Faker makes of their seed: these are the people of the default world."""
    people = read_shape(People, read_document(fixtures_directory() / "people.yaml")).users
    assert len(people) == 24
    assert [(user.id, user.username, user.password) for user in people[:2]] == [
        ("u-1a466884-f3f4", "emma.bean", "ivory-loganside-962"),
        ("u-751b4c83-49a0", "miranda.davis", "darkturquoise-angelstad-472"),
    ]
