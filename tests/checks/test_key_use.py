"""What is seen of requests for the key set."""

from dataclasses import replace

import pytest

from oidc_harness.checks.key_use import AsksForKeysSparingly
from tests.checks.looking import Row, check_row, name_of
from tests.switches.journal import KEYS, KEYS_BY_POST, REDEEMED

ID_TOKEN = replace(REDEEMED, members={"id_token": "a.b.c", "access_token": "at-1"})

ROWS: list[Row] = [
    (AsksForKeysSparingly(), (KEYS, ID_TOKEN, KEYS, KEYS, ID_TOKEN, KEYS), 4, ()),
    (AsksForKeysSparingly(), (ID_TOKEN, KEYS, KEYS, KEYS, ID_TOKEN), 3, (2, 3, 4)),
    (AsksForKeysSparingly(), (ID_TOKEN, KEYS, KEYS, KEYS), 3, (2, 3, 4)),
    (AsksForKeysSparingly(), (KEYS, KEYS, REDEEMED, KEYS), 3, (1, 2, 4)),
    (AsksForKeysSparingly(), (KEYS, KEYS, KEYS_BY_POST), 2, ()),
    (AsksForKeysSparingly(), (ID_TOKEN,), 0, ()),
]


@pytest.mark.parametrize("row", ROWS, ids=name_of)
def test_what_is_seen(row: Row) -> None:
    check_row(row)
