"""Endpoint: where the functions of a file under `provider/` are mounted, and under which name."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any, Literal

from oidc_harness.model.application import Application
from oidc_harness.protocol.about import About
from oidc_harness.protocol.errors import OAuthError, TellClient
from oidc_harness.protocol.request import Request
from oidc_harness.provider.decision import Decision
from oidc_harness.provider.provider import Provider
from oidc_harness.storage.port import Records

Refusal = OAuthError | TellClient


async def name_nobody(request: Request, records: Records) -> Application | None:
    """Where requests do not come from clients themselves, what they say of a client is not believed unread."""
    return None


@dataclass(frozen=True, slots=True, eq=False)
class Phases:
    """The functions of one endpoint, as its file gives them under the name `PHASES`.

    `load` gathers facts and is the only one that awaits; `decide` turns them into a decision; `refuse` turns an error,
    from either of the two, into a decision.
    """

    load: Callable[[Request, Records, Provider], Awaitable[Any]]
    decide: Callable[[Request, Any, Provider], Decision]
    refuse: Callable[[Refusal, Request, Provider], Decision]
    about: Callable[[Any], About]
    """Whom the loaded facts concern; for refusals, which know nothing of the facts."""
    named: Callable[[Request, Records], Awaitable[Application | None]] = name_nobody
    """The client of a request that was refused before its facts were loaded."""


@dataclass(frozen=True, slots=True, eq=False)
class Endpoint:
    """One row of the provider's table."""

    name: str
    methods: tuple[str, ...]
    path: str
    file: str
    """Which file under `provider/` has its functions."""
    origins: Literal["none", "application", "all"] = "none"
    """Which scripts may read the answer (CORS): `none`, `application` (A20) or `all`."""
    body: Literal["form", "any", "json"] = "form"
    """What a POST may carry: `form`; `any`, of which only a form is looked at; or `json`, which a PUT carries too."""
    document: Literal["metadata", "jwks"] | None = None
    """Given: the answer depends on this seam, and on the addresses, policy and keys of the realm; on nothing else."""

    @property
    def phases(self) -> Phases:
        """The endpoint's functions. Its file is read at the first request: a start does not wait for it."""
        return _phases(self.file)


@cache
def _phases(file: str) -> Phases:
    phases: Phases = import_module(f"oidc_harness.provider.{file}").PHASES
    return phases
