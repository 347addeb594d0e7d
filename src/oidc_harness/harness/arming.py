"""Arming from files and records: switches by name and parameters, and personas, who arm some for themselves."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from oidc_harness.harness.catalogue import Catalogue, UnknownSwitch
from oidc_harness.harness.parameters import BadParameter
from oidc_harness.harness.realm import Realm
from oidc_harness.harness.switchboard import Armed
from oidc_harness.model.user import PersonaArms, User
from oidc_harness.switches.switch import AnySwitch


@dataclass(frozen=True, slots=True)
class ArmingFault:
    """Why a switch cannot be armed as described."""

    steps: tuple[str, ...]
    """Where in the description: `switch`, or one of its `parameters`."""
    message: str


def why_not_armed(catalogue: Catalogue, switch: str, parameters: Mapping[str, Any]) -> ArmingFault | None:
    """Why there is no such switch, or none with such parameters; None where there is."""
    try:
        catalogue.make(switch, parameters)
    except UnknownSwitch as error:
        return ArmingFault(("switch",), str(error))
    except BadParameter as error:
        return ArmingFault(("parameters", error.parameter), str(error).partition(": ")[2])
    return None


def arm_personas(realm: Realm, catalogue: Catalogue, users: Iterable[User]) -> tuple[Armed, ...]:
    """Arm what these users arm: for the logins of those alone whose record says so, whatever becomes of these users.

    Raises `UnknownSwitch` and `BadParameter`; a checked world causes neither.
    """
    return tuple(realm.switchboard.admit(arms, made(catalogue, arms)) for user in users for arms in user.arms)


def made(catalogue: Catalogue, arms: PersonaArms) -> AnySwitch:
    """The switch that a persona arms. Raises `UnknownSwitch` and `BadParameter`."""
    # Checking parameters takes a library that costs half a start, and most personas give none.
    return catalogue.make(arms.switch, arms.parameters) if arms.parameters else catalogue.find(arms.switch)()
