"""Clients that are programs of their own: told what they need on standard input, and asked on standard output."""

import asyncio
import json
import os
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Any

IS_FULL = bool(os.environ.get("OIDC_HARNESS_FULL"))
"""Whether everything has to run that can: then clients in other languages are built, too."""


def free_port() -> int:
    """A port for a server that cannot be told to take any."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def run_client(*command: str | Path, told: Mapping[str, Any]) -> Any:
    """What a client has seen, as JSON, given what it is told; it fails when the client does."""
    process = await asyncio.create_subprocess_exec(
        *command, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    output, errors = await process.communicate(json.dumps(told).encode())
    assert process.returncode == 0, errors.decode()
    return json.loads(output)
