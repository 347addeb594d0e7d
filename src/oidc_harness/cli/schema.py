"""Print JSON Schema of the files people write, for editors, and of the JSON report of a run.

An editor that knows YAML and JSON Schema completes and checks a file whose first line is, for example:

  # yaml-language-server: $schema=./scenario.schema.json
"""

import argparse
import json

from oidc_harness.cli.main import PASSED

KINDS = ("fixture", "people", "scenario", "report")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Of what."""
    parser.add_argument("kind", choices=KINDS, help="what to describe")


def execute(arguments: argparse.Namespace) -> int:
    """Print one schema."""
    # pydantic derives it from the dataclasses, and takes its time to be imported.
    from oidc_harness.cli.run_report import Report
    from oidc_harness.harness.scenario import Scenario
    from oidc_harness.harness.shapes import json_schema
    from oidc_harness.harness.world import People, World

    kinds: dict[str, type] = {"fixture": World, "people": People, "scenario": Scenario, "report": Report}
    print(json.dumps(json_schema(kinds[arguments.kind]), indent=2))
    return PASSED
