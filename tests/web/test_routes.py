"""What stands first in a path of the server is no name for a realm: the one would hide the other."""

from oidc_harness.harness.realm import Surroundings
from oidc_harness.harness.realms import RESERVED, Realms
from oidc_harness.harness.sealing import Sealing
from oidc_harness.harness.shipped_keys import keys_for
from oidc_harness.protocol.metadata import Addresses
from oidc_harness.storage.memory import MemoryStore
from oidc_harness.web.app import create_application
from oidc_harness.web.settings import ServerSettings

TO_COME = {"account", "manage"}
"""Pages that the design has a place for and the server does not have yet."""


def test_every_first_part_of_a_path_is_reserved_and_nothing_else() -> None:
    addresses = Addresses("http://idp.example", "http://idp.example")
    realms = Realms(Surroundings(MemoryStore(), Sealing()), addresses, "default", keys_for)
    application = create_application(realms, ServerSettings(), addresses.issuer)
    served = {resource.canonical.split("/")[1] for resource in application.router.resources()}
    assert {part for part in served if part and "{" not in part} == RESERVED - TO_COME
