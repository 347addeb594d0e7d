"""What is seen of token requests: kept, broken, or nothing to look at."""

from dataclasses import replace

import pytest

from oidc_harness.checks.token_requests import AuthenticatesOneWay, PostsTokenRequests, SendsCodeOnce
from tests.checks.looking import Row, check_row, name_of
from tests.switches.journal import REDEEMED, RENEWED, USED

BASIC = {"Authorization": "Basic d2ViOnNlY3JldA=="}
IN_FORM = (("client_secret", "s3cret"),)
IN_ASSERTION = (("client_assertion", "a.b.c"),)
OTHER_CODE = replace(REDEEMED, form=(("grant_type", "authorization_code"), ("code", "c-2")))
BY_GET = replace(REDEEMED, method="GET", query=REDEEMED.form, form=(), refused=True)
LOOKED = replace(BY_GET, method="HEAD", query=())

ROWS: list[Row] = [
    (PostsTokenRequests(), (REDEEMED, RENEWED), 2, ()),
    (PostsTokenRequests(), (BY_GET, REDEEMED), 2, (1,)),
    (PostsTokenRequests(), (LOOKED,), 1, ()),
    (PostsTokenRequests(), (USED,), 0, ()),
    (SendsCodeOnce(), (REDEEMED, OTHER_CODE, RENEWED), 2, ()),
    (SendsCodeOnce(), (REDEEMED, OTHER_CODE, REDEEMED), 2 + 1, (1, 3)),
    (SendsCodeOnce(), (RENEWED,), 0, ()),
    (AuthenticatesOneWay(), (replace(REDEEMED, headers=BASIC), replace(REDEEMED, form=IN_FORM)), 2, ()),
    (AuthenticatesOneWay(), (replace(REDEEMED, headers=BASIC, form=IN_FORM),), 1, (1,)),
    (AuthenticatesOneWay(), (replace(REDEEMED, form=IN_FORM + IN_ASSERTION),), 1, (1,)),
    (AuthenticatesOneWay(), (replace(USED, endpoint="introspection", headers=BASIC, form=IN_ASSERTION),), 1, (1,)),
    (AuthenticatesOneWay(), (replace(USED, headers={"Authorization": "Bearer at-1"}, form=IN_FORM),), 0, ()),
]


@pytest.mark.parametrize("row", ROWS, ids=name_of)
def test_what_is_seen(row: Row) -> None:
    check_row(row)
