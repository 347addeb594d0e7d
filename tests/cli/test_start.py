"""What `oidc-harness serve` brings in up to its first document: every file costs a start about a millisecond."""

import os
import signal
import subprocess
import sys
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

LIBRARIES = {
    "cryptography",
    "faker",
    "importlib.metadata",
    "jinja2",
    "joserfc",
    "oic",
    "pydantic",
    "ruamel.yaml",
    "sqlite3",
}
OURS = {
    "checks",
    "harness.catalogue",
    "harness.registrar",
    "harness.shapes",
    "harness.verdict",
    "protocol.access_token",
    "protocol.id_token",
    "protocol.introspection",
    "protocol.jose",
    "protocol.key_set",
    "protocol.next_step",
    "protocol.redemption",
    "protocol.token_response",
    "protocol.token_use",
    "protocol.userinfo",
    "provider.authorize",
    "provider.issue",
    "provider.token",
    "provider.userinfo",
    "services.applications",
    "services.keys",
    "services.users",
    "switches.base",
    "switches.expectation",
    "web.admin.api",
    "web.certificate",
    "web.pages.login",
    "web.templates",
}
"""Below `oidc_harness`: what is needed by the first sign-in, by a page, by the control API, or by a switch."""
LATER = LIBRARIES | {f"oidc_harness.{name}" for name in OURS}


PROGRAM = """
import atexit, gc, sys
atexit.register(lambda: print(gc.isenabled(), gc.get_freeze_count() > 10_000, *sys.modules, file=sys.stderr))
from oidc_harness.cli.main import main
main(["serve", "--port", "0"])
"""


def _start(folder: Path) -> set[str]:
    """Start, fetch the discovery document, stop; what was brought in by then.

    Garbage is looked for by then, but not among what the start brought in.
    """
    environment = {**os.environ, "XDG_CACHE_HOME": str(folder), "PYTHONUNBUFFERED": "1"}
    pipe = subprocess.PIPE
    command = [sys.executable, "-c", PROGRAM]
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, env=environment) as process:
        address = urlsplit(next(line.split()[1] for line in process.stdout or () if line.startswith("discovery")))
        with closing(HTTPConnection(address.netloc)) as connection:
            connection.request("GET", address.path)
            assert connection.getresponse().status == 200
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=60)
        searched, spared, *modules = told.removeprefix("stopped\n").split()
        assert (searched, spared) == ("True", "True")
        return set(modules)


def test_the_first_document_waits_for_nothing_that_it_does_not_need(tmp_path: Path) -> None:
    """The second time, once the world is in the cache."""
    first, second = _start(tmp_path), _start(tmp_path)
    assert LATER & first >= {"pydantic", "ruamel.yaml"}
    assert {"oidc_harness.provider.discovery", "oidc_harness.web.server"} <= second
    assert LATER & second == set()


def test_what_comes_later_is_called_so(tmp_path: Path) -> None:
    """A name that nothing has would guard nothing."""
    program = f"import importlib.util as u; print(*[name for name in {sorted(LATER)!r} if not u.find_spec(name)])"
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert found.stdout.split() == []
