"""Entry-point groups: under which names switches and checks are announced, and whether other people announce any.

Apart from the catalogue, which brings in all that a switch is made of: a server that starts has no time for that.
"""

SWITCHES = "oidc_harness.switches"
CHECKS = "oidc_harness.checks"
_OUR_MODULES = "oidc_harness."


def others_announce_switches() -> bool:
    """Whether any switch is installed that does not come with this program."""
    # It takes longer to import than most of a start's own work.
    from importlib.metadata import entry_points

    return any(not entry.value.startswith(_OUR_MODULES) for entry in entry_points(group=SWITCHES))
