"""Write the reference pages that are derived from the code: `python -m docs.generate`."""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from docs.derived.checks import checks_page
from docs.derived.command_line import command_line_page
from docs.derived.control_api import control_api_page
from docs.derived.endpoints import endpoints_page
from docs.derived.errors import errors_page
from docs.derived.files import application_page, policy_page, scenario_page, world_page
from docs.derived.limits import limits_page
from docs.derived.presets import presets_page
from docs.derived.switches import switches_page

REFERENCE = Path(__file__).resolve().parent / "reference"
PAGES: Mapping[str, Callable[[], str]] = {
    "application.md": application_page,
    "checks.md": checks_page,
    "command-line.md": command_line_page,
    "control-api.md": control_api_page,
    "endpoints.md": endpoints_page,
    "errors.md": errors_page,
    "limits.md": limits_page,
    "presets.md": presets_page,
    "realm-policy.md": policy_page,
    "scenario-file.md": scenario_page,
    "switches.md": switches_page,
    "world-file.md": world_page,
}


def main() -> None:
    """Write every page whose text has changed, and say which."""
    for name, make in PAGES.items():
        path, text = REFERENCE / name, make()
        if not path.exists() or path.read_text("utf-8") != text:
            path.write_text(text, "utf-8")
            sys.stdout.write(f"{path.name}\n")


if __name__ == "__main__":
    main()
