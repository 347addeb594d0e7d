"""List the keys of a realm on a running server, and lead them through their life.

A key is published, used, retired and removed; what is retired stays published until it is removed. Keys that others
encrypt to, RSA-OAEP and ECDH-ES, are published no more when they are retired, and open what still comes:

  oidc-harness keys publish RS256
  oidc-harness keys use KID
  oidc-harness keys remove KID

`rotate` publishes a key and uses it at once.
"""

import argparse
import asyncio
from collections.abc import Iterator
from typing import TYPE_CHECKING, get_args

from oidc_harness.cli.main import PASSED
from oidc_harness.cli.running_server import add_server, asked_server
from oidc_harness.model.key import KeyAlgorithm

if TYPE_CHECKING:
    from oidc_harness.client import KeyView, RealmControl

_BY_ALGORITHM = {
    "publish": "put a new key into the key set, which does not sign yet",
    "rotate": "publish a new key and sign with it from now on",
}
_BY_KEY = {
    "use": "sign with a published key from now on; the one before it is retired",
    "retire": "sign with a key no more; it stays published",
    "remove": "publish a key no more",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to do."""
    actions = parser.add_subparsers(title="actions", dest="action", metavar="ACTION", required=True)
    add_server(actions.add_parser("list", help="every key, in the order of the key set"))
    for name, purpose in _BY_ALGORITHM.items():
        making = actions.add_parser(name, help=purpose)
        making.add_argument("alg", choices=get_args(KeyAlgorithm), metavar="ALG", help="for which algorithm")
        add_server(making)
    for name, purpose in _BY_KEY.items():
        changing = actions.add_parser(name, help=purpose)
        changing.add_argument("kid", metavar="KID", help="which key, by its id")
        add_server(changing)


def execute(arguments: argparse.Namespace) -> int:
    """Do it, and show the keys as they are then."""
    print("\n".join(_told(asyncio.run(_keys(arguments)))))
    return PASSED


async def _keys(arguments: argparse.Namespace) -> "list[KeyView]":
    async with asked_server(arguments) as server:
        realm = server.realm(arguments.realm)
        await _do(realm, arguments)
        return await realm.keys()


async def _do(realm: "RealmControl", arguments: argparse.Namespace) -> None:
    by_algorithm = {"publish": realm.publish_key, "rotate": realm.rotate_key}
    by_key = {"use": realm.use_key, "retire": realm.retire_key, "remove": realm.remove_key}
    if arguments.action in by_algorithm:
        await by_algorithm[arguments.action](arguments.alg)
    elif arguments.action in by_key:
        await by_key[arguments.action](arguments.kid)


def _told(keys: "list[KeyView]") -> Iterator[str]:
    width = max((len(key.kid) for key in keys), default=0) + 2
    for key in keys:
        yield f"{key.kid:{width}}{key.alg:10}{key.status}"
