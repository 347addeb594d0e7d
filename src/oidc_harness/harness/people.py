"""People that nobody is: users with a full profile, made up by Faker from a seed.

What Faker makes of a seed changes with its releases. So people are made once and stored in a file, which then pins
them; see `fixtures/people.yaml`.
"""

import re
import unicodedata
from datetime import date
from typing import TYPE_CHECKING, Any

from oidc_harness.harness.world import WrittenUser
from oidc_harness.model.user import Address, Profile

if TYPE_CHECKING:
    from faker import Faker

MOST_PEOPLE = 10_000
_GENDERS = ("female", "male")


class NoSuchLocale(ValueError):
    """Faker makes no people there."""


def make_people(seed: int, count: int, locale: str = "en_US") -> tuple[WrittenUser, ...]:
    """So many users, no two with the same name to sign in with. Raises `NoSuchLocale`."""
    faker = _faker(seed, locale)
    taken: set[str] = set()
    return tuple(_user(faker, locale, taken) for _ in range(count))


def _faker(seed: int, locale: str) -> "Faker":
    # Faker takes a fifth of a second to import, and only who makes people needs it.
    from faker import Faker

    try:
        faker = Faker(locale)
    except AttributeError:
        raise NoSuchLocale(f"{locale!r} is no locale that Faker knows; expected one such as en_US or de_DE") from None
    faker.seed_instance(seed)
    return faker


def _user(faker: "Faker", locale: str, taken: set[str]) -> WrittenUser:
    gender = faker.random_element(_GENDERS)
    given, family = _names(faker, gender)
    username = _free(_ascii(f"{given}.{family}") or "user", taken)
    return WrittenUser(
        id=f"u-{faker.uuid4()[:13]}",
        username=username,
        email=f"{username}@example.com",
        password=f"{_ascii(faker.color_name())}-{_ascii(faker.city()) or 'city'}-{faker.random_int(100, 999)}",
        profile=_profile(faker, locale, (given, family, gender, username)),
    )


def _names(faker: "Faker", gender: str) -> tuple[str, str]:
    if gender == "female":
        return faker.first_name_female(), faker.last_name_female()
    return faker.first_name_male(), faker.last_name_male()


def _profile(faker: "Faker", locale: str, identity: tuple[str, str, str, str]) -> Profile:
    given, family, gender, username = identity
    return Profile(
        name=f"{given} {family}",
        given_name=given,
        family_name=family,
        nickname=given,
        preferred_username=username,
        website=f"https://{username.replace('.', '-')}.example.com",
        gender=gender,
        # Between fixed days: ages counted from today would make other people tomorrow.
        birthdate=faker.date_between_dates(date(1945, 1, 1), date(2005, 12, 31)).isoformat(),
        zoneinfo=faker.timezone(),
        locale=locale.replace("_", "-"),
        phone_number=f"+1555{faker.random_int(0, 9_999_999):07}",
        phone_number_verified=faker.boolean(),
        address=_address(faker),
    )


def _address(faker: Any) -> Address:
    street, place, code = faker.street_address().replace("\n", ", "), faker.city(), faker.postcode()
    country = faker.current_country_code()
    return Address(
        formatted=f"{street}\n{code} {place}\n{country}",
        street_address=street,
        locality=place,
        postal_code=code,
        country=country,
    )


def _free(name: str, taken: set[str]) -> str:
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name}{number}"
    taken.add(free)
    return free


def _ascii(text: str) -> str:
    """Letters and digits that everybody can type, words parted by dots."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", ".", plain.lower()).strip(".")
