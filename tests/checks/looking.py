"""Looking at a journal with a check, and rows that say what it has to see."""

from typing import Any, TypeAlias

from oidc_harness.checks.base import Check
from oidc_harness.model.application import Application
from tests.support import records
from tests.switches.journal import Happened, written

WEB = records.application()
S256 = {"code_challenge": "c" * 43, "code_challenge_method": "S256"}
FULL = {"client_id": "web", "scope": "openid email", "state": "s", "nonce": "n", **S256}

Row: TypeAlias = tuple[Check, tuple[Happened, ...], int, tuple[int, ...]]
"""Check, journal, how many exchanges are relevant, and the numbers of those that break the rule."""


def asked(*without: str, application: Application = WEB, **changes: Any) -> Happened:
    """An authorization request with everything, less some parameters."""
    parameters = {name: value for name, value in {**FULL, **changes}.items() if name not in without}
    # Sent to a page first, as when somebody has to sign in: no grant yet.
    return Happened("authorize", query=tuple(parameters.items()), grant_id=None, application=application)


def check_row(row: Row) -> None:
    """Assert that the check sees what the row says, and nothing in a journal without exchanges."""
    check, journal, relevant, broken = row
    looked = check.look(written(*journal)[0])
    assert looked.relevant == relevant
    assert tuple(sorted({number for breach in looked.breaches for number in breach.evidence})) == broken
    assert all(breach.reason for breach in looked.breaches)
    nothing = check.look(())
    assert (nothing.relevant, nothing.breaches) == (0, ())


def name_of(row: Row) -> str:
    """What a row is called in a report."""
    return f"{row[0].name}-{len(row[1])}-{'-'.join(map(str, row[3])) or 'kept'}"
