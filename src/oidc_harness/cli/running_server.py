"""Which running server a command is about, and how its control API is asked."""

import argparse
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from oidc_harness.cli.listening import authorities
from oidc_harness.cli.main import CannotGoOn

if TYPE_CHECKING:
    from oidc_harness.client import ControlClient


def add_server(parser: argparse.ArgumentParser) -> None:
    """Where the server is, and which of its realms is meant."""
    parser.add_argument("--server", default="http://127.0.0.1:9400", metavar="URL", help="which server (%(default)s)")
    parser.add_argument("--realm", default="default", metavar="NAME", help="which realm of it (%(default)s)")
    parser.add_argument("--token", metavar="TOKEN", help="its admin token, where it has one")
    parser.add_argument(
        "--ca", type=authorities, metavar="FILE", help="PEM file of authorities to trust beside the system's"
    )


@asynccontextmanager
async def asked_server(arguments: argparse.Namespace) -> "AsyncIterator[ControlClient]":
    """The control API of that server. What it refuses is raised as `CannotGoOn`."""
    # It brings in a client of HTTP and pydantic.
    from oidc_harness.client import ControlClient, ControlError

    try:
        async with ControlClient(arguments.server, arguments.token, arguments.ca) as server:
            yield server
    except ControlError as error:
        raise CannotGoOn(f"{arguments.server}: {error}") from None
