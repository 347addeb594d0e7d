"""Lies in what an access token is worth. Opaque tokens have claims too: they stay with the provider."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from annotated_types import Ge

from oidc_harness.protocol.access_token import AccessTokenQuestion
from oidc_harness.protocol.spec import spec
from oidc_harness.switches.base import AccessTokenSwitch
from oidc_harness.switches.expectation import calls_at_most

Claims = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class AccessTokenBornExpired(AccessTokenSwitch):
    """The access token has expired when it is issued, and `expires_in` does not say so.

    Userinfo refuses it. A correct client gets another one once, if it can, tries that one, and then lets it be. An
    access token that a conforming provider makes without any lifetime is policy of realm or application (a TTL of 0).
    """

    name = "access-token-born-expired"
    breaks = spec("RFC6750-3.1")
    expects = calls_at_most(2, "userinfo") & calls_at_most(1, "token")

    seconds: Annotated[int, Ge(0)] = 0
    """How many seconds before its issue it expired."""

    def act(self, honest: Callable[[AccessTokenQuestion], Claims], question: AccessTokenQuestion) -> Claims:
        """The honest claims with an `exp` that has passed."""
        return {**honest(question), "exp": question.now - self.seconds}
