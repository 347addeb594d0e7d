"""Check the installation and its surroundings, one line for each thing: ok, or what is the matter and what to do.

With --public-url and --internal-url it also asks a running server, under the name browsers use and under the one the
servers of clients use, whether both lead to the same issuer.
"""

import argparse

from oidc_harness.cli.listening import authorities, port
from oidc_harness.cli.main import FAILED, PASSED


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to look at besides the installation."""
    parser.add_argument("--host", default="127.0.0.1", help="the address a server is to listen on (%(default)s)")
    parser.add_argument("--port", type=port, default=9400, help="the port it is to listen on (%(default)s)")
    parser.add_argument("--public-url", metavar="URL", help="the issuer of a running server, as browsers reach it")
    parser.add_argument("--internal-url", metavar="URL", help="the same, as the servers of clients reach it")
    parser.add_argument(
        "--ca", type=authorities, metavar="FILE", help="PEM file of authorities to trust beside the system's"
    )


def execute(arguments: argparse.Namespace) -> int:
    """Print every finding; 1 where something is the matter."""
    from oidc_harness.cli.examinations import examine

    sound = True
    for finding in examine(arguments):
        print(f"{'ok' if finding.remedy is None else 'PROBLEM':9}{finding.what}")
        if finding.remedy is not None:
            sound = False
            print(f"{'':9}{finding.remedy}")
    return PASSED if sound else FAILED
