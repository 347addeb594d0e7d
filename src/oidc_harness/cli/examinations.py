"""Examinations: what `doctor` looks at. Each gives findings, and none raises."""

import argparse
import importlib
import json
import re
import socket
import ssl
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from oidc_harness import __version__
from oidc_harness.cli.listening import why_not_listening
from oidc_harness.shipped import fixtures_directory, scenarios_directory
from oidc_harness.web.outbound import trusted
from oidc_harness.web.settings import ServerSettings

OLDEST_PYTHON = (3, 11)
MODULES = {
    "aiohttp": "aiohttp",
    "annotated-types": "annotated_types",
    "cryptography": "cryptography",
    "faker": "faker",
    "jinja2": "jinja2",
    "joserfc": "joserfc",
    "oic": "oic",
    "pydantic": "pydantic",
    "pyopenssl": "OpenSSL",
    "ruamel.yaml": "ruamel.yaml",
}
"""Distribution → what is imported of it; a test compares with the requirements of the package."""
MOST_SKEW_SECONDS = 60
_PATIENCE_SECONDS = 10
_FIRST_RELEASE = 1_760_000_000
"""A moment before there was this program: a clock that shows an earlier one is wrong."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    what: str
    remedy: str | None = None
    """What to do about it. None: all is well."""


def examine(arguments: argparse.Namespace) -> Iterator[Finding]:
    """Everything, the most basic things first."""
    yield _python()
    for distribution, module in MODULES.items():
        yield _dependency(distribution, module)
    yield from _shipped_files()
    yield _switches()
    yield _port(ServerSettings(host=arguments.host, port=arguments.port))
    yield _clock()
    yield from _servers(arguments.public_url, arguments.internal_url, arguments.ca)


def _python() -> Finding:
    here = f"Python {sys.version.split()[0]} at {sys.executable}, oidc-harness {__version__}"
    if sys.version_info[:2] >= OLDEST_PYTHON:
        return Finding(here)
    return Finding(here, f"Python {'.'.join(map(str, OLDEST_PYTHON))} or newer is needed; install it, and this into it")


def _dependency(distribution: str, module: str) -> Finding:
    try:
        importlib.import_module(module)
        return Finding(f"{distribution} {version(distribution)}")
    # A package that is broken may fail in any way when it is imported.
    except Exception as error:
        remedy = f"install it again: python -m pip install --force-reinstall '{_requirement(distribution)}'"
        return Finding(f"{distribution} cannot be imported: {type(error).__name__}: {error}", remedy)


def _requirement(distribution: str) -> str:
    try:
        stated = requires("oidc-harness") or []
    except PackageNotFoundError:
        stated = []
    named = {re.split(r"[><=~!;\s\[]", each)[0]: each for each in stated}
    return named.get(_canonical(distribution), distribution)


def _canonical(distribution: str) -> str:
    """As package metadata spells names (PEP 503)."""
    return re.sub(r"[-_.]+", "-", distribution).lower()


def _shipped_files() -> Iterator[Finding]:
    yield _files("keys", lambda: fixtures_directory() / "keys", "*.json")
    yield _files("fixtures", fixtures_directory, "*.yaml")
    yield _files("scenarios", scenarios_directory, "*.yaml")


def _files(what: str, find_directory: Any, pattern: str) -> Finding:
    try:
        directory: Path = find_directory()
        number = len(list(directory.glob(pattern)))
    except OSError as error:
        return Finding(f"{what} are not readable: {error}", "install oidc-harness again")
    if number == 0:
        return Finding(f"{what}: none in {directory}", "install oidc-harness again")
    return Finding(f"{what}: {number} in {directory}")


def _switches() -> Finding:
    from oidc_harness.harness.catalogue import Catalogue, CatalogueError

    catalogue = Catalogue()
    try:
        found, checks = catalogue.switches(), catalogue.checks()
    except CatalogueError as error:
        return Finding(f"switches: {error}", "mend or uninstall that package")
    if not found:
        return Finding("switches: none is installed", "install oidc-harness again; its entry points are missing")
    return Finding(f"switches: {len(found)} installed, and {len(checks)} checks")


def _port(settings: ServerSettings) -> Finding:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        with closing(socket.create_server((settings.host, settings.port), family=family)) as listener:
            return Finding(f"{settings.host} port {listener.getsockname()[1]} is free")
    except OSError as error:
        what = f"{settings.host} port {settings.port} cannot be used"
        return Finding(what, why_not_listening(settings, error))


def _clock() -> Finding:
    now = time.time()
    told = f"the clock shows {time.strftime('%Y-%m-%d %H:%M:%S', time.gmtime(now))} UTC"
    if now >= _FIRST_RELEASE:
        return Finding(told)
    return Finding(told, "tokens would be dated in the past; set the clock, or have it set by NTP")


def _servers(public_url: str | None, internal_url: str | None, ca_file: str | None) -> Iterator[Finding]:
    if public_url is None:
        if internal_url is not None:
            yield Finding("--internal-url is given alone", "give --public-url too: that is the issuer to compare with")
        return
    for name, url in (("public", public_url), ("internal", internal_url)):
        if url is not None:
            yield from _server(name, url.rstrip("/"), public_url.rstrip("/"), ca_file)


def _server(name: str, url: str, issuer: str, ca_file: str | None) -> Iterator[Finding]:
    address = f"{url}/.well-known/openid-configuration"
    try:
        document, date = _fetched(address, ca_file)
    except (OSError, ValueError, URLError) as error:
        reason = getattr(error, "reason", error)
        yield Finding(f"{name} URL {url} does not answer: {reason}", _remedy(reason))
        return
    if document.get("issuer") == issuer:
        yield Finding(f"{name} URL {url} answers as issuer {issuer}")
    else:
        remedy = f"clients compare it to the letter; start the server with --public-url {issuer}"
        yield Finding(f"{name} URL {url} answers as issuer {document.get('issuer')!r}", remedy)
    yield _skew(url, date)


def _remedy(reason: object) -> str:
    if isinstance(reason, ssl.SSLCertVerificationError):
        return "give --ca the file of its authority (serve --tls-ca-out writes one); clients have to trust it too"
    return "start the server, or correct the URL; in a container, check that its network reaches that name"


def _fetched(address: str, ca_file: str | None) -> tuple[dict[str, Any], str]:
    if not address.startswith(("http://", "https://")):
        raise ValueError("expected an address with http or https")
    context = trusted(ca_file) if address.startswith("https:") else None
    with urlopen(address, timeout=_PATIENCE_SECONDS, context=context) as answer:  # noqa: S310 - the scheme is checked above
        document = json.loads(answer.read(1_000_000))
        if not isinstance(document, dict):
            raise ValueError("the answer is no discovery document")
        return document, answer.headers.get("Date", "")


def _skew(url: str, date: str) -> Finding:
    try:
        skew = parsedate_to_datetime(date).timestamp() - time.time()
    except (TypeError, ValueError):
        return Finding(f"{url} does not say what time it is there")
    told = f"the clock of {url} differs by {abs(skew):.0f} s"
    if abs(skew) <= MOST_SKEW_SECONDS:
        return Finding(told)
    return Finding(told, "tokens would seem expired, or not yet valid; set both clocks by NTP")
