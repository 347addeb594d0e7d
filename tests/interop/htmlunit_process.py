"""HtmlUnit, driven line by line: the browser in which the certification suite looks at a provider."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.records import ALICE, PASSWORD

FOLDER = Path(__file__).with_name("htmlunit")
LIBRARIES = FOLDER / "target" / "dependency"


@dataclass(frozen=True)
class HtmlUnit:
    """A browser with cookies and script, and no screen."""

    process: asyncio.subprocess.Process

    async def open(self, url: str) -> str:
        """Go to an address; gives that at which it arrives."""
        return await self._do("open", url)

    async def fill(self, element: str, text: str) -> None:
        await self._do("fill", element, text)

    async def press(self, element: str) -> str:
        """Press a button; gives the address at which it arrives."""
        return await self._do("press", element)

    async def log_in(self, username: str = ALICE, password: str = PASSWORD) -> str:
        """Fill in the login page and send it."""
        await self.fill("login-username", username)
        await self.fill("login-password", password)
        return await self.press("login-submit")

    async def _do(self, *words: str) -> str:
        reading, writing, errors = self.process.stdout, self.process.stdin, self.process.stderr
        assert reading is not None
        assert writing is not None
        assert errors is not None
        writing.write("\t".join(words).encode() + b"\n")
        await writing.drain()
        answer = (await reading.readline()).decode().strip()
        if not answer:
            raise AssertionError((await errors.read()).decode()[-4000:])
        return answer


@asynccontextmanager
async def htmlunit_at(java: str) -> AsyncIterator[HtmlUnit]:
    """Start one, and end it with the context."""
    process = await asyncio.create_subprocess_exec(
        java,
        # What it warns of would fill the pipe, which nobody reads before the end.
        "-Dorg.apache.commons.logging.Log=org.apache.commons.logging.impl.NoOpLog",
        "-cp",
        f"{LIBRARIES}/*",
        "Visit.java",
        cwd=FOLDER,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield HtmlUnit(process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
