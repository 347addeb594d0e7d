"""Check files without running anything: fixtures, people files and scenarios, each known by its members.

Every problem is told with file, line, column and path, what was found and what is allowed.
"""

import argparse
import asyncio
import sys
from pathlib import Path

from oidc_harness.cli.main import PASSED, UNUSABLE


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which files."""
    parser.add_argument(
        "files", nargs="+", type=Path, metavar="FILE", help="a fixture, people or scenario file, or a folder of them"
    )


def execute(arguments: argparse.Namespace) -> int:
    """Check each file; returns the exit status."""
    return asyncio.run(_validate(arguments.files))


async def _validate(paths: list[Path]) -> int:
    # The reader, pydantic and every switch.
    from oidc_harness.cli.file_kinds import check_file
    from oidc_harness.cli.named_files import named_files
    from oidc_harness.harness.catalogue import Catalogue
    from oidc_harness.harness.yaml_files import BadFile

    catalogue, status = Catalogue(), PASSED
    for path in named_files(paths):
        try:
            print(f"{path}: good {await check_file(path, catalogue)}")
        except BadFile as error:
            print(error, file=sys.stderr)
            status = UNUSABLE
    return status
