"""The provider as people run it: a process of its own, on a store that outlives it."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

SECRET = "a-secret-of-the-ferry"
REDIRECT_URI = "https://ferry.example/callback"
WORLD = f"""
realms:
  default:
    policy: {{sign_in: auto, default_persona: charon, refresh_tokens: always, journal_limit: 10}}
    users: [{{username: charon, id: charon, email: charon@people.example, password: obol}}]
    applications:
      - id: ferry
        name: Ferry
        secret: {SECRET}
        token_endpoint_auth_method: client_secret_post
        redirect_uris: [{REDIRECT_URI}]
"""


@dataclass(frozen=True)
class Served:
    """A process that has said where it can be reached."""

    process: Process
    issuer: str
    banner: str

    @property
    def port(self) -> int:
        port = urlsplit(self.issuer).port
        assert port is not None
        return port


@dataclass(frozen=True)
class Place:
    """A folder with the fixture and the database of a server."""

    folder: Path

    @property
    def database(self) -> Path:
        return self.folder / "records.db"

    @property
    def complaints(self) -> Path:
        """What the server has written to its standard error, at each of its starts."""
        return self.folder / "complaints.txt"

    def arguments(self, port: int) -> list[str]:
        fixture = self.folder / "world.yaml"
        fixture.write_text(WORLD, "utf-8")
        return ["serve", "--port", str(port), "--store", f"sqlite:{self.database}", "--fixture", str(fixture)]

    @asynccontextmanager
    async def served(self, port: int = 0) -> AsyncIterator[Served]:
        """Run the server; at the end it is killed where it has not ended by itself."""
        process = await self.start(port)
        try:
            yield await self._ready(process)
        finally:
            if process.returncode is None:
                process.kill()
            await process.communicate()

    @property
    def environment(self) -> dict[str, str]:
        """With a cache of its own, not that of whoever runs the tests."""
        return {**os.environ, "XDG_CACHE_HOME": str(self.folder / "cache")}

    async def start(self, port: int = 0) -> Process:
        """Begin to run the server."""
        program = (sys.executable, "-m", "oidc_harness", *self.arguments(port))
        # A pipe that nobody reads would stop a server that has much to complain of.
        with self.complaints.open("ab") as file:
            return await asyncio.create_subprocess_exec(*program, env=self.environment, stdout=PIPE, stderr=file)

    async def _ready(self, process: Process) -> Served:
        """Wait for the last line of the banner; a server that ends before has said why."""
        assert process.stdout is not None
        lines: list[str] = []
        while not (lines and lines[-1].startswith("stop ")):
            line = await process.stdout.readline()
            assert line, f"it ended with status {await process.wait()}: {self.complaints.read_text('utf-8')}"
            lines.append(line.decode())
        [issuer] = [line.split()[1] for line in lines if line.startswith("issuer ")]
        return Served(process, issuer, "".join(lines))
