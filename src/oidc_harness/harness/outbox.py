"""Outbox: what of a realm's mail is under way just now. The mail itself are records (`model/outbox.py`)."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol

from oidc_harness.harness.fetching import FetchFailed


class Posted(Protocol):
    """What another server answered to a form."""

    @property
    def status(self) -> int:
        """The HTTP status."""

    @property
    def content_type(self) -> str:
        """Of the body."""

    @property
    def body(self) -> bytes:
        """What it said, whole."""


Post = Callable[[str, dict[str, str]], Awaitable[Posted]]
"""Post a form to a URL. Raises `FetchFailed` where nothing came back."""


async def post_nothing(url: str, form: dict[str, str]) -> Posted:
    """A server without a way out."""
    raise FetchFailed(f"{url} was not asked: this server sends no requests")


@dataclass(slots=True, eq=False)
class Outbox:
    """The state of sending in one realm; gone with the server, while the mail stays."""

    may_have_mail: bool = True
    """Whether somebody may have put something in since it was last looked through. At first nobody knows."""
    under_way: dict[str, "asyncio.Task[None]"] = field(default_factory=dict)
    """What is being sent just now, by the notice's id: nothing is sent twice at once."""
