"""Terminals in which the commands of a page are run, as a reader of the page would run them."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from tests.docs.pages import CHECKOUT, Block
from tests.docs.transcript import Command, commands, matches

PATIENCE_SECONDS = 180
_MARK = "-- status"
_SHARED = ("scenarios", "fixtures")
_PORTS = ("9400", "9443", "8080")
"""What pages say; in a test each is replaced by a port that is free."""


_LISTENS = re.compile(r"\boidc-harness (?:serve|run(?=.*--client http))", re.DOTALL)
"""Commands that listen at 9400 where nothing else is said."""
_OF_MAKE = ("MAKEFLAGS", "MAKELEVEL", "MAKEOVERRIDES", "MFLAGS", "PYTHON")
_ASKS = re.compile(r"\boidc-harness switches (?:arm|armed|disarm)\b")
"""Commands that ask the server at 9400 where nothing else is said."""


class Running:
    """A command that goes on in a terminal of its own."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self._printed: list[str] = []
        self._news = threading.Condition()
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    @property
    def text(self) -> str:
        """Everything that was printed so far."""
        return "".join(self._printed)

    def wait_for(self, is_there: Callable[[str], bool]) -> None:
        """Wait until what was printed is as wanted, or until the command has ended."""
        with self._news:
            assert self._news.wait_for(lambda: is_there(self.text) or self._has_ended, PATIENCE_SECONDS), self.text

    def end(self, number: signal.Signals) -> None:
        """End the command by a signal."""
        self._process.send_signal(number)
        status = self._process.wait(PATIENCE_SECONDS)
        self._listener.join(PATIENCE_SECONDS)
        assert status in (0, 130, -number), f"exit status {status}\n{self.text}"

    @property
    def _has_ended(self) -> bool:
        return self._printed[-1:] == [""]

    def _listen(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as lines:
            for line in lines:
                self._add(line)
        self._add("")

    def _add(self, line: str) -> None:
        with self._news:
            self._printed.append(line)
            self._news.notify_all()


class Desk:
    """A folder to work in, with the files the pages speak of, and terminals."""

    def __init__(self, folder: Path, cache: Path) -> None:
        self.folder = folder
        self._cache = cache
        self._ports = dict(zip(_PORTS, free_ports(len(_PORTS)), strict=True))
        self._running: dict[str, Running] = {}
        for name in _SHARED:
            (folder / name).symlink_to(CHECKOUT / name)
        (folder / ".venv").symlink_to(sys.prefix)
        _write_pip(folder)

    def keep(self, block: Block) -> None:
        """Save a block as the file that the page says it is."""
        path = self.folder / block.options["file"]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self._here(block.text), "utf-8")

    def run(self, block: Block) -> None:
        """Run the commands of a block one after the other, and compare what they print."""
        found = commands(block.text)
        script = "".join(
            f'{self._here(each.text)}\nstatus=$?; printf "\\n%s %s\\n" "{_MARK}" $status; (exit $status)\n'
            for each in found
        )
        done = self.execute(script, self.folder)
        parts = re.split(rf"\n{_MARK} (\d+)\n", self._there(done.stdout))
        _compare(found, parts[0::2], parts[1::2])

    def execute(self, script: str, folder: Path) -> "subprocess.CompletedProcess[str]":
        """Run a script to its end; what it prints to stderr is among what it prints to stdout."""
        return subprocess.run(
            ["bash", "-c", script],
            cwd=folder,
            env=self._environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=PATIENCE_SECONDS,
        )

    def start(self, block: Block) -> None:
        """Run a command that goes on, until it has printed what the page shows."""
        (command,) = commands(block.text)
        process = subprocess.Popen(
            ["bash", "-c", f"exec {self._here(command.text)}"],
            cwd=self.folder,
            env=self._environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        running = self._running[block.options["terminal"]] = Running(process)
        running.wait_for(lambda text: matches(command.expected, self._there(text)))
        assert matches(command.expected, self._there(running.text)), running.text

    def interrupt(self, block: Block) -> None:
        """Press Ctrl-C in the terminal of a command that goes on, and compare what it still prints."""
        running = self._running.pop(block.options["terminal"])
        printed = len(running.text)
        running.end(signal.SIGINT)
        expected = tuple(block.text.rstrip("\n").split("\n")[1:])
        assert matches(expected, self._there(running.text[printed:])), running.text

    def clear(self) -> None:
        """End whatever still runs."""
        for running in self._running.values():
            running.end(signal.SIGKILL)

    def port(self, told: str) -> str:
        """The port that stands for the one pages speak of."""
        return self._ports[told]

    def _here(self, text: str) -> str:
        port = self._ports["9400"]
        there = _LISTENS.sub(rf"\g<0> --port {port}", _ASKS.sub(rf"\g<0> --server http://127.0.0.1:{port}", text))
        return _replaced(there, self._ports)

    def _there(self, text: str) -> str:
        return _replaced(text, {here: told for told, here in self._ports.items()})

    def _environment(self) -> Mapping[str, str]:
        path = os.pathsep.join([str(self.folder / "bin"), str(Path(sys.executable).parent), os.environ["PATH"]])
        # What a make that runs the tests says to makes below it is not for those of the pages.
        inherited = {name: value for name, value in os.environ.items() if name not in _OF_MAKE}
        return {
            **inherited,
            "PATH": path,
            "PYTHONPATH": str(self.folder / "site"),
            "PYTHONUNBUFFERED": "1",
            "COLUMNS": "100",
            "XDG_CACHE_HOME": str(self._cache),
        }


def free_ports(number: int) -> list[str]:
    """Ports of this machine that nobody uses, all different."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(number)]
    ports = [str(each.getsockname()[1]) for each in sockets]
    for each in sockets:
        each.close()
    return ports


def _replaced(text: str, replacements: Mapping[str, str]) -> str:
    pattern = rf"\b(?:{'|'.join(replacements)})\b"
    return re.sub(pattern, lambda found: replacements[found[0]], text)


def _compare(found: Iterable[Command], printed: list[str], statuses: list[str]) -> None:
    for command, text, status in zip(found, printed, statuses, strict=False):
        assert matches(command.expected, text), f"$ {command.text}\n{text}"
        assert status == "0" or _is_asked_for(command, found), f"$ {command.text}\nexit status {status}\n{text}"


def _is_asked_for(command: Command, found: Iterable[Command]) -> bool:
    """A failure is meant where the page goes on to show the exit status."""
    following = list(found)[list(found).index(command) + 1 :]
    return bool(following) and following[0].text == "echo $?"


def _write_pip(folder: Path) -> None:
    """A pip that installs into this folder alone, whichever of pip and uv there is."""
    options = f"--target {folder / 'site'} --no-deps --no-build-isolation"
    uv = shutil.which("uv")
    installer = f"{sys.executable} -m pip" if uv is None else f"{uv} pip"
    (folder / "bin").mkdir()
    script = folder / "bin" / "pip"
    script.write_text(f'#!/bin/sh\nexec {installer} "$@" {options} --quiet\n', "utf-8")
    script.chmod(0o755)
