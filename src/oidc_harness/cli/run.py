"""Run scenarios against a client, and say which ones catch it and why.

Without --client the client is one that comes with this program: `careful` (the default) does all a client has to do,
`careless` leaves every check out and shows what being caught looks like. Each scenario takes place in a realm of its
own, and a scenario in which the provider misbehaves is played with an honest provider first: a client that signs
nobody in there has refused nothing.

With --client URL the scenarios run against a client of yours. Tell it the issuer (http://127.0.0.1:9400 unless
--issuer or --port say otherwise), and say here how it is registered: --client-id, --client-secret, --redirect-uri. It
needs an address at which a login starts (--login-path) and one that tells in JSON who is signed in (--probe-path:
status 200 and {"sub": "..."}, or any other status for nobody).
"""

import argparse
from pathlib import Path

from oidc_harness.cli.listening import port

LONGEST_TIMEOUT_SECONDS = 3600
EPILOG = """\
exit status: 0 all scenarios passed, 1 at least one did not, 2 the call or a file cannot be used
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be said about a run."""
    parser.epilog = EPILOG
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="scenario files; none: all shipped ones")
    detail = parser.add_mutually_exclusive_group()
    detail.set_defaults(detail="usual")
    detail.add_argument(
        *("-v", "--verbose"),
        action="store_const",
        const="full",
        dest="detail",
        help="show every reason, and the exchanges of each scenario that did not pass",
    )
    detail.add_argument(
        *("-q", "--quiet"), action="store_const", const="brief", dest="detail", help="one line for each scenario"
    )
    parser.add_argument(
        "--jobs", type=_positive, default=4, metavar="N", help="scenarios at a time (default 4; with --client 1)"
    )
    _add_report_arguments(parser.add_argument_group("report"))
    _add_client_arguments(parser.add_argument_group("the client"))
    _add_registration_arguments(parser.add_argument_group("how your client is registered"))


def _add_report_arguments(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--report", choices=("junit", "json"), help="write a report for programs as well")
    group.add_argument("--report-file", type=Path, metavar="FILE", help="where; without it the report goes to stdout")


def _add_client_arguments(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--client-name", choices=("careful", "careless"), default="careful", help="which bundled client to run"
    )
    group.add_argument("--client", metavar="URL", help="run against the client at this address")
    group.add_argument("--login-path", default="/login", metavar="PATH", help="where a login starts (%(default)s)")
    group.add_argument(
        "--probe-path", default="/whoami", metavar="PATH", help="where it tells who is signed in (%(default)s)"
    )
    group.add_argument(
        "--probe-member",
        default="sub",
        metavar="NAME",
        help="the member of its JSON that says who (%(default)s)",
    )
    group.add_argument("--refresh-path", metavar="PATH", help="where a POST makes it renew its tokens")
    group.add_argument("--api-path", metavar="PATH", help="where a POST makes it use its access token")
    group.add_argument("--logout-path", metavar="PATH", help="where signing out starts")
    group.add_argument(
        "--timeout", type=_seconds, default=30.0, metavar="SECONDS", help="how long a page of it may take (%(default)s)"
    )


def _add_registration_arguments(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--issuer", metavar="URL", help="the issuer your client knows (http://127.0.0.1:PORT)")
    group.add_argument("--port", type=port, metavar="PORT", help="where to listen (that of --issuer, else 9400)")
    group.add_argument("--host", default="127.0.0.1", help="the address to listen on (%(default)s)")
    group.add_argument("--client-id", default="web", metavar="ID", help="its client_id (%(default)s)")
    group.add_argument(
        "--client-secret",
        metavar="SECRET",
        help="its secret (web-secret); '' for a public client",
    )
    group.add_argument("--redirect-uri", metavar="URI", help="its redirect URI (its URL and /callback)")
    group.add_argument("--post-logout-redirect-uri", metavar="URI", help="where it is returned to after a logout")
    group.add_argument(
        "--auth-method",
        choices=("client_secret_basic", "client_secret_post", "client_secret_jwt", "none"),
        help="how it authenticates at the token endpoint (client_secret_basic, none without a secret)",
    )


def _positive(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r}: expected a number of 1 or more")
    return int(text)


def _seconds(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number <= LONGEST_TIMEOUT_SECONDS:
        raise argparse.ArgumentTypeError(f"{text!r}: expected seconds, at most {LONGEST_TIMEOUT_SECONDS}")
    return number


def execute(arguments: argparse.Namespace) -> int:
    """Run scenarios; returns the exit status."""
    # Everything a run needs, pyoidc among it, takes a second to import.
    from oidc_harness.cli.run_all import run_all

    return run_all(arguments)
