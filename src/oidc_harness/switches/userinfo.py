"""Lies at the userinfo endpoint."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from annotated_types import MinLen

from oidc_harness.protocol.spec import spec
from oidc_harness.protocol.userinfo import UserinfoQuestion
from oidc_harness.switches.base import UserinfoSwitch
from oidc_harness.switches.expectation import shows_nobody_else

Claims = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class UiSubMismatch(UserinfoSwitch):
    """Userinfo speaks of somebody else than the ID token.

    A client that believes it can be handed the claims of another person by a substituted access token.
    """

    name = "ui-sub-mismatch"
    breaks = spec("OIDCC-5.3.2")
    expects = shows_nobody_else()

    value: Annotated[str, MinLen(1)] = "somebody-else"
    """The `sub` it has."""

    def act(self, honest: Callable[[UserinfoQuestion], Claims], question: UserinfoQuestion) -> Claims:
        """The honest claims with another `sub`."""
        return {**honest(question), "sub": self.value}
