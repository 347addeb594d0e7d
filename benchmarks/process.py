"""A server in a process of its own, and what the operating system says of it."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")
ROOT = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class ServerProcess:
    """A running server."""

    process: subprocess.Popen[str]
    issuer: str

    def cpu_seconds(self) -> float:
        """User and system time so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def resident_bytes(self) -> int:
        """Memory in use now."""
        return int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]) * PAGE

    def advance(self, seconds: int) -> None:
        """Move the clock of the harness's realm."""
        if self.process.stdin is None:
            raise RuntimeError("the server was started without a way to order it about")
        self.process.stdin.write(f"{seconds}\n")
        self.process.stdin.flush()


@contextmanager
def running(*arguments: str) -> Iterator[ServerProcess]:
    """Run `python -m ARGUMENTS`, which says its issuer when it is ready."""
    command = [sys.executable, "-m", *arguments]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, cwd=ROOT) as process:
        try:
            yield ServerProcess(process, _issuer(process))
        finally:
            process.terminate()


def _issuer(process: subprocess.Popen[str]) -> str:
    for line in process.stdout or ():
        found = re.search(r"issuer\W+(http://[^\s\"]+)", line)
        if found:
            return found[1]
    raise RuntimeError("the server ended without saying its issuer")
