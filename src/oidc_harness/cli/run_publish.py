"""Publishing: the table for people, and the report for programs where it is wanted."""

import argparse
import json
import sys
from pathlib import Path

from oidc_harness.cli.main import CannotGoOn
from oidc_harness.cli.run_junit import junit
from oidc_harness.cli.run_report import Report
from oidc_harness.cli.run_table import table


def check_writable(file: Path) -> None:
    """See before a run whether its report can be written. Raises `CannotGoOn`."""
    is_new = not file.exists()
    try:
        file.open("ab").close()
        if is_new:
            file.unlink()
    except OSError as error:
        raise _unwritable(file, error) from None


def publish(reports: tuple[Report, ...], arguments: argparse.Namespace) -> None:
    """The table of each client on stdout, unless the report for programs has to be there. Raises `CannotGoOn`."""
    to_stdout = arguments.report is not None and arguments.report_file is None
    tables = "\n\n".join(table(report, arguments.detail) for report in reports)
    print(tables, file=sys.stderr if to_stdout else sys.stdout)
    if arguments.report is None:
        return
    text = junit(reports) if arguments.report == "junit" else _json(reports)
    if to_stdout:
        sys.stdout.write(text)
        return
    try:
        arguments.report_file.write_text(text, "utf-8")
    except OSError as error:
        raise _unwritable(arguments.report_file, error) from None


def _json(reports: tuple[Report, ...]) -> str:
    trees = [report.json_tree() for report in reports]
    return json.dumps(trees if len(trees) > 1 else trees[0], indent=2) + "\n"


def _unwritable(file: Path, error: OSError) -> CannotGoOn:
    return CannotGoOn(f"{file} cannot be written: {error.strerror or error}")
