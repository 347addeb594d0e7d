"""A private Apache with mod_auth_openidc, as a website has it: in front of an application that only reads headers."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from aiohttp import web

from .programs import IS_FULL

USER = "www-data"
"""Whom root's Apache turns into."""
MODULES = Path("/usr/lib/apache2/modules")
"""Where Debian keeps them."""
LOADED = ("mpm_event", "authn_core", "authz_core", "authz_user", "proxy", "proxy_http", "auth_openidc")
IS_READY = "resuming normal operations"

MAIN = """
DefaultRuntimeDir {folder}
PidFile {folder}/pid
ErrorLog /dev/stderr
LogLevel warn mpm_event:notice
Listen 127.0.0.1:{port}
ServerName localhost:{port}
StartServers 1
ThreadsPerChild 8
MaxRequestWorkers 16
{modules}
{user}
OIDCRedirectURI {base}/callback
OIDCCryptoPassphrase "only a test"
{settings}
<Location />
  AuthType openid-connect
  Require valid-user
</Location>
<Location /goodbye>
  AuthType None
  Require all granted
</Location>
ProxyPass /callback !
ProxyPass / {behind}/
"""


@dataclass
class Apache:
    """One that runs. `said` is what it wrote into its log so far."""

    base: str
    said: list[str] = field(default_factory=list)

    @property
    def callback(self) -> str:
        """The module's one address, for the provider's answers and for whatever else it can be asked."""
        return self.base + "/callback"

    @property
    def complaints(self) -> list[str]:
        """What the module holds against the provider."""
        return [line for line in self.said if "[auth_openidc:error]" in line]


def apache_command() -> str:
    """The Apache of this machine. Without one the full tests fail, and the others are skipped."""
    found = shutil.which("apache2", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if found is not None and (MODULES / "mod_auth_openidc.so").exists():
        return found
    missing = (
        "there is no Apache with mod_auth_openidc here; install it (Debian: apt-get install apache2-bin"
        " libapache2-mod-auth-openidc), or call make test-full as root"
    )
    if IS_FULL:
        pytest.fail(missing)
    pytest.skip(missing)


@contextmanager
def folder_of_apache() -> Iterator[str]:
    """A folder that it may write to."""
    with TemporaryDirectory() as folder:
        if os.geteuid() == 0:
            shutil.chown(folder, USER)
        yield folder


@asynccontextmanager
async def application_behind() -> AsyncIterator[str]:
    """The address of an application which knows of its visitor what the headers say, and repeats it."""

    async def repeat(request: web.BaseRequest) -> web.Response:
        told = {name: value for name, value in request.headers.items() if name.startswith("OIDC_")}
        return web.json_response({"path": request.path, **told})

    runner = web.ServerRunner(web.Server(repeat))
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def running_apache(command: str, folder: Path, port: int, settings: Mapping[str, str]) -> AsyncIterator[Apache]:
    """An Apache on this port whose module has these settings, until the context ends."""
    apache = Apache(f"http://localhost:{port}")
    async with application_behind() as behind:
        file = folder / "apache.conf"
        file.write_text(_configuration(apache, folder, behind, settings))
        process = await asyncio.create_subprocess_exec(
            command, "-f", str(file), "-DFOREGROUND", stderr=asyncio.subprocess.PIPE
        )
        assert process.stderr is not None
        reader = asyncio.create_task(_listen(process.stderr, apache.said, started := asyncio.Event()))
        try:
            await started.wait()
            assert any(IS_READY in line for line in apache.said), "".join(apache.said)
            yield apache
        finally:
            if process.returncode is None:
                process.terminate()
            await process.wait()
            await reader


def _configuration(apache: Apache, folder: Path, behind: str, settings: Mapping[str, str]) -> str:
    return MAIN.format(
        folder=folder,
        port=apache.base.rpartition(":")[2],
        base=apache.base,
        behind=behind,
        modules="\n".join(f"LoadModule {name}_module {MODULES}/mod_{name}.so" for name in LOADED),
        user=f"User {USER}\nGroup {USER}" if os.geteuid() == 0 else "",
        settings="\n".join(f"{name} {value}" for name, value in settings.items()),
    )


async def _listen(log: asyncio.StreamReader, said: list[str], started: asyncio.Event) -> None:
    """Keep what is said; it has started, for good or ill, when it says so or says no more."""
    async for line in log:
        said.append(line.decode(errors="replace"))
        if IS_READY in said[-1]:
            started.set()
    started.set()
