"""Run the provider until it is stopped by Ctrl-C or SIGTERM.

It begins with the world of a fixture: applications with known secrets, users with known passwords, personas for whom
the provider misbehaves. What a SQLite file kept from before stays as it is, and of the fixture only realms that are
not there yet are made.
"""

import argparse
import asyncio
import gc
import signal
import sys
from collections.abc import Coroutine, Iterator
from contextlib import AsyncExitStack, contextmanager, suppress
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from oidc_harness.cli.listening import admin_token, authorities, base_url, port, proxy
from oidc_harness.cli.main import PASSED
from oidc_harness.model.preset import PRESETS


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be said about a server."""
    _add_addresses(parser)
    parser.add_argument(
        "--root-realm",
        default="default",
        metavar="NAME",
        help="the realm mounted at / (%(default)s), or none",
    )
    parser.add_argument(
        "--fixture",
        default="default",
        metavar="FILE",
        help="a fixture file, or the name of a shipped one (%(default)s); none: an empty realm",
    )
    parser.add_argument(
        "--store", default="memory", metavar="STORE", help="memory (%(default)s), or sqlite:FILE to keep everything"
    )
    parser.add_argument(
        "--admin-token",
        type=admin_token,
        metavar="TOKEN",
        help="what the control API asks for; made up where others can connect",
    )
    parser.add_argument(
        "--sign-in", choices=("auto", "form"), help="how people sign in, whatever the fixture says; auto: without pages"
    )
    parser.add_argument(
        "--preset", choices=tuple(PRESETS), help="policies for every realm of the fixture; what it states itself wins"
    )
    _add_tls(parser)
    _add_mutual_tls(parser)
    _add_outbound(parser)


def _add_addresses(parser: argparse.ArgumentParser) -> None:
    """Where it is, how it is called, and who stands in front of it."""
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (%(default)s)")
    parser.add_argument("--port", type=port, default=9400, help="the port (%(default)s); 0: any free one")
    parser.add_argument(
        "--public-url", type=base_url, metavar="URL", help="how browsers reach it, where that is another address"
    )
    parser.add_argument(
        "--internal-url", type=base_url, metavar="URL", help="how the servers of clients reach it, where that differs"
    )
    parser.add_argument(
        "--trusted-proxy",
        type=proxy,
        action="append",
        default=[],
        metavar="ADDRESS",
        help="an address or a network of proxies that say whom a request is from; can be given several times",
    )


def _add_tls(parser: argparse.ArgumentParser) -> None:
    """TLS, with a certificate that is made at the start or with one's own."""
    parser.add_argument(
        "--tls-self-signed", action="store_true", help="speak TLS, with a certificate made at this start"
    )
    parser.add_argument(
        "--hostname", metavar="NAME", help="a name that certificate is for beside localhost, and the issuer's host"
    )
    parser.add_argument("--tls-ca-out", metavar="FILE", help="where to write what clients are to trust, as PEM")
    parser.add_argument("--tls-cert", metavar="FILE", help="speak TLS, with this certificate (PEM, with its chain)")
    parser.add_argument("--tls-key", metavar="FILE", help="the key of that certificate (PEM, without a password)")


def _add_mutual_tls(parser: argparse.ArgumentParser) -> None:
    """Clients that authenticate with certificates."""
    parser.add_argument(
        "--mtls-port",
        type=port,
        metavar="PORT",
        help="a port where clients are asked for a certificate; 0: any free one",
    )
    parser.add_argument(
        "--mtls-url", type=base_url, metavar="URL", help="how clients reach that port, where that is another address"
    )
    parser.add_argument(
        "--mtls-by-proxy",
        action="store_true",
        help="clients present certificates to a trusted proxy at --mtls-url, which sends them on as Client-Cert",
    )
    parser.add_argument(
        "--mtls-ca", metavar="FILE", help="PEM file of authorities that may vouch for clients (tls_client_auth)"
    )


def _add_outbound(parser: argparse.ArgumentParser) -> None:
    """Requests of the server itself: for documents that clients keep at a URL."""
    parser.add_argument(
        "--outbound-ca",
        type=authorities,
        metavar="FILE",
        help="PEM file of authorities to trust in requests to clients (jwks_uri, …)",
    )
    parser.add_argument(
        "--outbound-allow-private",
        action="store_true",
        help="let such requests go to this machine and private networks, and without TLS",
    )


def execute(arguments: argparse.Namespace) -> int:
    """Serve until stopped."""
    _run(_serve(arguments))
    return PASSED


def _run(serving: Coroutine[Any, Any, None]) -> None:
    """On uvloop where it is installed (the extra `fast`), else on the loop of asyncio."""
    if find_spec("uvloop") is None:
        asyncio.run(serving)
    else:
        import_module("uvloop").run(serving)


async def _serve(arguments: argparse.Namespace) -> None:
    stopped = _stopped_by_signal()
    async with AsyncExitStack() as opened:
        with _undisturbed():
            # The server and all it needs, which no other command does.
            from oidc_harness.cli.serve_banner import banner
            from oidc_harness.cli.serve_world import furnished_server

            furnished = await opened.enter_async_context(furnished_server(arguments))
        print(banner(furnished), flush=True)
        await stopped.wait()
    print("stopped", file=sys.stderr)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Without search for garbage: what a start brings in stays to the end, and is not looked through later either."""
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        gc.enable()


def _stopped_by_signal() -> asyncio.Event:
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        # Where loops know no signals (Windows), Ctrl-C ends the program all the same.
        with suppress(NotImplementedError):
            asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    return stopped
