"""A served realm with one application and one person, for client libraries that are not ours."""

import os
import shutil
import subprocess
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import pytest

from oidc_harness.model.application import Application
from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.model.user import User
from oidc_harness.model.write import Add
from oidc_harness.protocol.fingerprint import fingerprint
from oidc_harness.web.server import Server
from oidc_harness.web.settings import OutboundPolicy, ServerSettings
from tests.interop import htmlunit_process
from tests.support.judged import judged

AUTOMATIC = RealmPolicy(sign_in="auto", default_persona="alice", dynamic_registration="open")
NODE_FOLDER = Path(__file__).with_name("node")


@dataclass(frozen=True, slots=True)
class Provider:
    """What a client library has to be told."""

    issuer: str
    client_id: str = "interop"
    client_secret: str = "a secret: with %signs & spaces"
    redirect_uri: str = "http://127.0.0.1:8765/callback"
    post_logout_redirect_uri: str = "http://127.0.0.1:8765/goodbye"
    subject: str = "user-alice"
    email: str = "alice@example.com"


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    """A server that may speak to clients on this machine."""
    async with judged(ServerSettings(port=0, outbound=OutboundPolicy(allow_private=True))) as running:
        yield running


@pytest.fixture
def policy() -> RealmPolicy:
    """That of the realm of `provider`."""
    return AUTOMATIC


@pytest.fixture
async def provider(server: Server, policy: RealmPolicy) -> Provider:
    realm = await server.realms.make("default", policy)
    told = Provider(realm.issuer)
    async with realm.records() as records:
        records.write(Add(_application(told)), Add(_person(told)))
    return told


def _application(told: Provider) -> Application:
    return Application(
        id=told.client_id,
        name="Interop",
        redirect_uris=(told.redirect_uri,),
        post_logout_redirect_uris=(told.post_logout_redirect_uri,),
        secret_hash=fingerprint(told.client_secret),
        generation="first",
    )


def _person(told: Provider) -> User:
    return User(id=told.subject, username="alice", email=told.email, email_key=told.email, generation="first")


@pytest.fixture(scope="session")
def node() -> str:
    """Path of Node.js, with the client libraries installed beside the scripts."""
    found = shutil.which("node")
    npm = shutil.which("npm")
    if found is None or npm is None:
        pytest.skip("node and npm are not installed: the JavaScript clients cannot run")
    if not (NODE_FOLDER / "node_modules").is_dir():
        installed = subprocess.run([npm, "ci", "--no-audit", "--no-fund"], cwd=NODE_FOLDER, capture_output=True)
        if installed.returncode != 0:
            leave_out("the JavaScript clients are not installed: npm ci failed in tests/interop/node")
    return found


@pytest.fixture(scope="session")
def java() -> str:
    """Path of Java, with HtmlUnit installed beside the program that drives it."""
    found, maven = shutil.which("java"), shutil.which("mvn")
    if found is None or maven is None:
        pytest.skip("java and mvn are not installed: HtmlUnit cannot run")
    if not htmlunit_process.LIBRARIES.is_dir():
        command = [maven, "--quiet", "--batch-mode", "dependency:copy-dependencies"]
        if subprocess.run(command, cwd=htmlunit_process.FOLDER, capture_output=True).returncode != 0:
            leave_out("HtmlUnit is not installed: mvn dependency:copy-dependencies failed in tests/interop/htmlunit")
    return found


def leave_out(reason: str) -> NoReturn:
    """Skip what cannot run here; `make test-full` leaves nothing out that could have been installed."""
    if os.environ.get("OIDC_HARNESS_FULL"):
        pytest.fail(reason)
    pytest.skip(reason)
