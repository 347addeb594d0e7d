"""Endpoint: the three functions of a file under `provider/`, and where it is mounted."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Literal

from oidc_harness.protocol.about import About
from oidc_harness.protocol.errors import OAuthError, TellClient
from oidc_harness.protocol.request import Request
from oidc_harness.provider.decision import Decision
from oidc_harness.provider.provider import Provider
from oidc_harness.storage.port import Records

Refusal = OAuthError | TellClient


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One row of the provider's table.

    `load` gathers facts and is the only one that awaits; `decide` turns them into a decision; `refuse` turns an error,
    from either of the two, into a decision.
    """

    name: str
    methods: tuple[str, ...]
    path: str
    load: Callable[[Request, Records, Provider], Awaitable[Any]]
    decide: Callable[[Request, Any, Provider], Decision]
    refuse: Callable[[Refusal, Request, Provider], Decision]
    about: Callable[[Any], About]
    """Whom the loaded facts concern; for refusals, which know nothing of the facts."""
    origins: Literal["none", "application", "all"] = "none"
    """Which scripts may read the answer (CORS): `none`, `application` (A20) or `all`."""
