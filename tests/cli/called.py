"""The command line called from a test that serves something in its own event loop meanwhile."""

import asyncio
import sys


async def called(*arguments: str) -> tuple[int, str]:
    """The exit status, and all that was said."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "oidc_harness", *arguments),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, output.decode()
