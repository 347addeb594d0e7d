"""PersonaBoard: a switchboard on which personas arm their switches no earlier than at a request that could concern one.

Looking for installed switches takes a tenth of a start, and as long as nobody can be known to sign in, nobody's
switches can act.
"""

import logging
from collections.abc import Iterable

from oidc_harness.harness.recording import Recording
from oidc_harness.harness.switchboard import Armed, Switchboard
from oidc_harness.model.user import PersonaArms, User
from oidc_harness.provider.conduct import Conduct
from oidc_harness.provider.table import ENDPOINTS

IMPERSONAL = frozenset({"home"} | {endpoint.name for endpoint in ENDPOINTS if endpoint.document})
"""Endpoints and pages at which it is nobody in particular who asks."""


class PersonaBoard(Switchboard):
    """A board without personas until one can come."""

    __slots__ = ("_waiting",)

    def __init__(self, users: Iterable[User]) -> None:
        """`users`: who arms something for their own logins."""
        super().__init__()
        self._waiting: list[PersonaArms] = []
        for arms in (arms for user in users for arms in user.arms):
            if arms not in self._waiting:
                self._waiting.append(arms)

    def clear(self) -> None:
        """Be honest again, to personas too."""
        self._waiting = []
        super().clear()

    def armed(self) -> tuple[Armed, ...]:
        """Everything that is in, what personas arm included."""
        self._arm_personas()
        return super().armed()

    def conduct_for(self, recording: Recording) -> Conduct:
        """The provider's conduct for one request."""
        if self._waiting and recording.endpoint not in IMPERSONAL:
            self._arm_personas()
        return super().conduct_for(recording)

    def _arm_personas(self) -> None:
        waiting, self._waiting = self._waiting, []
        if not waiting:
            return
        # For the reason this class is there: it finds and imports every installed switch.
        from oidc_harness.harness.arming import made
        from oidc_harness.harness.catalogue import Catalogue, CatalogueError, UnknownSwitch
        from oidc_harness.harness.parameters import BadParameter

        catalogue = Catalogue()
        for arms in waiting:
            try:
                self.admit(arms, made(catalogue, arms))
            # A switch that was uninstalled since must not stop everybody else's sign-in.
            except (CatalogueError, UnknownSwitch, BadParameter) as error:
                logging.getLogger(__name__).warning("a persona's switch cannot be armed: %s", error)
