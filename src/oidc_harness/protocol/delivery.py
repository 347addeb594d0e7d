"""Delivery: how the bytes of an answer reach the client. Honest: at once and whole."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from oidc_harness.protocol.about import About

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class HttpReply:
    """An answer as it would go over the wire."""

    status: int
    headers: Headers
    body: bytes
    members: Mapping[str, Any] | None = None
    """The same answer as data, where it is JSON or a JWT."""


@dataclass(frozen=True, slots=True, eq=False)
class DeliveryQuestion:
    """Send this."""

    about: About
    reply: HttpReply


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some bytes, and how long to wait before they go out."""

    content: bytes
    wait_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Delivery:
    """A plan. `web/deliver.py` carries it out."""

    reply: HttpReply
    wait_seconds: float = 0.0
    """Before the first byte."""
    chunks: tuple[Chunk, ...] | None = None
    """None: the whole body at once."""
    ending: Literal["normal", "close", "reset"] = "normal"
    """`close`: hang up after the chunks, whatever was promised; `reset`: TCP RST."""
    declared_length: int | None = None
    """Content-Length to promise; None: the true one."""


def deliver(question: DeliveryQuestion) -> Delivery:
    """The honest plan: everything, at once."""
    return Delivery(question.reply)
