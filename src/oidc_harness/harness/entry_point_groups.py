"""Entry-point groups: under which names switches and checks are announced, and whether other people announce any.

Apart from the catalogue, which brings in all that a switch is made of: a server that starts has no time for that.
"""

import sys
from pathlib import Path

SWITCHES = "oidc_harness.switches"
CHECKS = "oidc_harness.checks"
_OUR_MODULES = "oidc_harness."


def others_announce_switches() -> bool:
    """Whether any switch is installed that does not come with this program."""
    # The library takes longer to be imported than most of a start's own work, and the files nearly always tell enough.
    if not any(_may_announce_others(Path(place)) for place in sys.path):
        return False
    from importlib.metadata import entry_points

    return any(not entry.value.startswith(_OUR_MODULES) for entry in entry_points(group=SWITCHES))


def _may_announce_others(place: Path) -> bool:
    """Whether what is installed here may announce such a switch: so it does as far as one can see, or one cannot."""
    try:
        if place.is_file() or place.suffix == ".egg":
            return True
        files = place.glob("*-info/entry_points.txt")
        return any(_names_others(file.read_text("utf-8", errors="replace")) for file in files)
    except OSError:
        return True


def _names_others(text: str) -> bool:
    """Whether a line of our group in this `entry_points.txt` names a module that is not ours."""
    group = text.partition(f"[{SWITCHES}]")[2].partition("\n[")[0]
    named = (line.partition("=")[2].strip() for line in group.splitlines() if line.strip())
    return any(not value.startswith(_OUR_MODULES) for value in named)
