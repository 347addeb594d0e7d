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
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import get_args

from oidc_harness.cli.listening import port
from oidc_harness.cli.main import CannotGoOn
from oidc_harness.model.application import IdTokenAlgorithm

LONGEST_TIMEOUT_SECONDS = 3600
EPILOG = """\
exit status: 0 all scenarios passed, 1 at least one did not, 2 the call or a file cannot be used
"""
BUNDLED_DEFAULTS = {"client_name": "careful", "jobs": 4}
"""What is meant where nothing is said, of a client that comes with this program."""
FOREIGN_DEFAULTS = {
    "login_path": "/login",
    "probe_path": "/whoami",
    "probe_member": "sub",
    "refresh_path": None,
    "api_path": None,
    "logout_path": None,
    "timeout": 30.0,
    "issuer": None,
    "port": None,
    "host": "127.0.0.1",
    "client_id": "web",
    "client_secret": None,
    "redirect_uri": None,
    "post_logout_redirect_uri": None,
    "backchannel_logout_uri": None,
    "auth_method": None,
    "id_token_alg": "RS256",
}
"""What is meant where nothing is said, of a client of the user's."""
REPORTS = {".json": "json", ".xml": "junit"}
"""The ending of a report's file → its kind."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be said about a run."""
    parser.epilog = EPILOG
    parser.add_argument(
        "files", nargs="*", type=Path, metavar="FILE", help="scenario files, or folders of them; none: all shipped ones"
    )
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
    _add_report_arguments(parser.add_argument_group("report"))
    _add_bundled_arguments(parser.add_argument_group("a client that comes with this program"))
    _add_client_arguments(parser.add_argument_group("a client of yours"))
    _add_registration_arguments(parser.add_argument_group("how your client is registered"))


def _add_report_arguments(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--report", choices=("junit", "json"), help="write a report for programs as well; of several clients, a list"
    )
    group.add_argument(
        "--report-file",
        type=Path,
        metavar="FILE",
        help="where; without it the report goes to stdout. Where it ends with .json or .xml, --report need not be said",
    )


def _add_bundled_arguments(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--client-name", choices=("careful", "careless"), help="which of them (careful)")
    group.add_argument("--jobs", type=_positive, metavar="N", help="scenarios at a time (4)")


def _add_client_arguments(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--client",
        action="append",
        metavar="URL",
        help="run against the client at this address; may be said again for a further client of the same registration",
    )
    group.add_argument("--login-path", metavar="PATH", help="where a login starts (/login)")
    group.add_argument("--probe-path", metavar="PATH", help="where it tells who is signed in (/whoami)")
    group.add_argument("--probe-member", metavar="NAME", help="the member of its JSON that says who (sub)")
    group.add_argument("--refresh-path", metavar="PATH", help="where a POST makes it renew its tokens")
    group.add_argument("--api-path", metavar="PATH", help="where a POST makes it use its access token")
    group.add_argument("--logout-path", metavar="PATH", help="where signing out starts")
    group.add_argument("--timeout", type=_seconds, metavar="SECONDS", help="how long a page of it may take (30)")


def _add_registration_arguments(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--issuer", metavar="URL", help="the issuer your client knows (http://127.0.0.1:PORT)")
    group.add_argument("--port", type=port, metavar="PORT", help="where to listen (that of --issuer, else 9400)")
    group.add_argument("--host", help="the address to listen on (127.0.0.1)")
    group.add_argument("--client-id", metavar="ID", help="its client_id (web)")
    group.add_argument(
        "--client-secret",
        metavar="SECRET",
        help="its secret (web-secret); '' for a public client",
    )
    group.add_argument("--redirect-uri", metavar="URI", help="its redirect URI (its URL and /callback)")
    group.add_argument("--post-logout-redirect-uri", metavar="URI", help="where it is returned to after a logout")
    group.add_argument("--backchannel-logout-uri", metavar="URI", help="where it is told of logouts (nowhere)")
    group.add_argument(
        "--auth-method",
        choices=("client_secret_basic", "client_secret_post", "client_secret_jwt", "none"),
        help="how it authenticates at the token endpoint (client_secret_basic, none without a secret)",
    )
    group.add_argument(
        "--id-token-alg",
        choices=get_args(IdTokenAlgorithm),
        help="what its ID tokens are to be signed with (RS256)",
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
    complete(arguments)
    # Everything a run needs, pyoidc among it, takes a second to import.
    from oidc_harness.cli.run_all import run_all

    return run_all(arguments)


def complete(arguments: argparse.Namespace) -> None:
    """Put in what is meant where nothing is said. Raises `CannotGoOn` for what is said and would have no effect."""
    if arguments.client:
        _refuse(_said(arguments, BUNDLED_DEFAULTS), "is about the clients that come with this program; --client is not")
    else:
        _refuse(_said(arguments, FOREIGN_DEFAULTS), "is about a client of yours; say with --client where it is")
    for name, default in {**BUNDLED_DEFAULTS, **FOREIGN_DEFAULTS}.items():
        if getattr(arguments, name) is None:
            setattr(arguments, name, default)
    if arguments.report_file is not None and arguments.report is None:
        arguments.report = _kind_of_report(arguments.report_file)


def _said(arguments: argparse.Namespace, names: Mapping[str, object]) -> Iterator[str]:
    return (f"--{name.replace('_', '-')}" for name in names if getattr(arguments, name) is not None)


def _refuse(options: Iterator[str], why: str) -> None:
    for option in options:
        raise CannotGoOn(f"{option} {why}")


def _kind_of_report(file: Path) -> str:
    kind = REPORTS.get(file.suffix.lower())
    if kind is None:
        raise CannotGoOn(f"--report-file {file}: say with --report which kind it is to be, junit or json")
    return kind
