"""Driver: what a scenario needs of the client under test and of the browser in front of it."""

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Literal, Protocol

from oidc_harness.harness.realm import Realm
from oidc_harness.harness.scenario_files import ScenarioFile
from oidc_harness.harness.world import RealmWorld


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen of the client."""

    signed_in: bool
    subject: str | None = None
    """As whom, as the client says it."""
    shows_error: bool | None = None
    """Whether the last page tells of an error. None: that cannot be told of this client."""
    note: str = ""
    """What the last page says, for people."""


class CannotDo(Exception):
    """This client offers no way to do what a step asks; the message says what is missing."""


class NoSuchPage(Exception):
    """The browser is not where a step can be done: the client or the provider went another way."""


class Driver(Protocol):
    """A browser with a client behind it. Every method but `look` may raise `CannotDo` or `NoSuchPage`."""

    async def start_login(self, parameters: Mapping[str, str]) -> None:
        """Open the client's login address with these parameters."""

    async def sign_in(self, username: str, password: str) -> None:
        """Fill in the login page."""

    async def consent(self, answer: Literal["approve", "deny"]) -> None:
        """Answer the consent page."""

    async def return_to_application(self) -> None:
        """Follow the link of the provider's page that tells of a refusal."""

    async def call_api(self) -> None:
        """Have the client use its access token."""

    async def refresh(self) -> None:
        """Have the client renew its tokens."""

    async def log_out(self) -> None:
        """Open the client's logout address, and confirm where the provider asks."""

    async def look(self) -> Look:
        """Ask the client who is signed in."""


@dataclass(frozen=True, slots=True)
class Performance:
    """A realm of its own and a client in front of it, for one run of one scenario."""

    realm: Realm
    driver: Driver
    application_id: str
    """The client_id of the client under test in this realm."""


class Stage(Protocol):
    """Where scenarios are performed."""

    def performance(self, file: ScenarioFile, world: RealmWorld) -> AbstractAsyncContextManager[Performance]:
        """A fresh realm with this world and nothing armed, and the scenario's client with a fresh browser."""
