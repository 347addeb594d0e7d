"""List the users of a fixture, or make new ones up.

`users make` prints a people file: users with full profiles, the same ones for the same seed. Store it and name it in a
fixture (`people: my-people.yaml`), so that a newer version of what makes them up changes nobody:

  oidc-harness users make --seed 7 --count 50 --locale de_DE > my-people.yaml
"""

import argparse
import asyncio
from pathlib import Path

from oidc_harness.cli.main import PASSED, CannotGoOn


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to do."""
    actions = parser.add_subparsers(title="actions", dest="action", metavar="ACTION", required=True)
    listing = actions.add_parser("list", help="the users of a fixture, with their passwords")
    listing.add_argument("--fixture", default="default", metavar="FILE", help="a file, or a shipped one (%(default)s)")
    making = actions.add_parser("make", help="print a people file with users that nobody is")
    making.add_argument("--seed", type=int, default=1, metavar="N", help="the same seed gives the same users (1)")
    making.add_argument("--count", type=int, default=10, metavar="N", help="how many (%(default)s)")
    making.add_argument("--locale", default="en_US", help="whose names and addresses (%(default)s)")


def execute(arguments: argparse.Namespace) -> int:
    """List or make."""
    print(_made(arguments) if arguments.action == "make" else asyncio.run(_listed(arguments.fixture)), end="")
    return PASSED


def _made(arguments: argparse.Namespace) -> str:
    # Faker, pydantic and the writer of YAML.
    from oidc_harness.harness.people import MOST_PEOPLE, NoSuchLocale, make_people
    from oidc_harness.harness.world import People
    from oidc_harness.harness.yaml_output import yaml_text

    if not 1 <= arguments.count <= MOST_PEOPLE:
        raise CannotGoOn(f"--count {arguments.count}: expected 1 to {MOST_PEOPLE}")
    try:
        people = make_people(arguments.seed, arguments.count, arguments.locale)
    except NoSuchLocale as error:
        raise CannotGoOn(f"--locale: {error}") from None
    command = f"oidc-harness users make --seed {arguments.seed} --count {arguments.count} --locale {arguments.locale}"
    return f"# Made up by: {command}\n{yaml_text(People(users=people))}"


async def _listed(fixture: str) -> str:
    from oidc_harness.harness.worlds import NoSuchFixture, find_fixture, load_world
    from oidc_harness.harness.yaml_files import BadFile

    try:
        world = await load_world(find_fixture(fixture, Path.cwd()), None)
    except NoSuchFixture as error:
        raise CannotGoOn(f"--fixture: {error}") from None
    except BadFile as error:
        raise CannotGoOn(f"the fixture cannot be used:\n{error}") from None
    lines = [f"{'realm':15}{'username':35}{'password':35}arms"]
    for name, realm in world.realms.items():
        for user in realm.users:
            arms = "blocked" if user.status == "blocked" else ", ".join(each.switch for each in user.arms)
            lines.append(f"{name:15}{user.username:35}{user.password or '-':35}{arms}".rstrip())
    return "\n".join(lines) + "\n"
