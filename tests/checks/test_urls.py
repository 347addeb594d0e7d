"""What is seen in URLs: secrets and tokens, or none."""

from dataclasses import replace

import pytest

from oidc_harness.checks.urls import KeepsCredentialsOutOfUrls, KeepsTokensOutOfUrls
from tests.checks.looking import Row, asked, check_row, name_of
from tests.switches.journal import REDEEMED, USED

IN_FORM = (("client_secret", "s3cret"),)

ROWS: list[Row] = [
    (KeepsCredentialsOutOfUrls(), (asked(), REDEEMED), 2, ()),
    (KeepsCredentialsOutOfUrls(), (replace(REDEEMED, query=IN_FORM),), 1, (1,)),
    (KeepsCredentialsOutOfUrls(), (asked(client_secret="s3cret"),), 1, (1,)),
    (KeepsCredentialsOutOfUrls(), (replace(REDEEMED, query=(("password", "x"), ("client_assertion", "y"))),), 1, (1,)),
    (KeepsTokensOutOfUrls(), (USED,), 1, ()),
    (KeepsTokensOutOfUrls(), (replace(USED, query=(("access_token", "at-1"),)),), 1, (1,)),
    (KeepsTokensOutOfUrls(), (replace(USED, query=(("access_token", ""),)),), 1, ()),
]


@pytest.mark.parametrize("row", ROWS, ids=name_of)
def test_what_is_seen(row: Row) -> None:
    check_row(row)
