"""How parameters are written on the wire: as `application/x-www-form-urlencoded` in UTF-8 (RFC 6749 appendix B)."""

from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oidc_harness.protocol.errors import OAuthError
from oidc_harness.web.adapter import MOST_FIELDS, parse
from tests.support.http import FORM
from tests.support.refusals import told_person
from tests.support.world import World

escapes = st.sampled_from(
    ("%41", "%c3%a9", "%FF", "%C3", "%", "%zz", "%EF%BF%BD", "%00", "+", "&", "=", ";", "#", "é", "\ufffd")
)
texts = st.lists(escapes | st.text(st.characters(codec="utf-8"), max_size=3), max_size=8).map("".join)


@pytest.mark.property
@given(text=texts)
def test_it_is_read_as_the_standard_library_reads_it(text: str) -> None:
    try:
        expected = tuple(parse_qsl(text, keep_blank_values=True, errors="strict"))
    except UnicodeDecodeError:
        with pytest.raises(OAuthError):
            parse(text)
        return
    assert parse(text) == expected


def test_more_than_is_sensible_is_not_read() -> None:
    assert len(parse("&".join(["a=b"] * MOST_FIELDS))) == MOST_FIELDS
    with pytest.raises(OAuthError):
        parse("&".join(["a=b"] * (MOST_FIELDS + 1)))


WRITTEN = [
    ("a+b", "a b"),
    ("a%20b", "a b"),
    ("a%2Bb", "a+b"),
    ("%C3%A9", "é"),
    ("%c3%a9", "é"),
    ("é", "é"),
    ("%EF%BF%BD", "\ufffd"),
    ("a;b", "a;b"),
    ("a%26b%3Dc", "a&b=c"),
    ("%zz%", "%zz%"),
]


@pytest.mark.parametrize(("written", "meant"), WRITTEN)
async def test_a_state_comes_back_as_it_was_meant(written: str, meant: str, world: World) -> None:
    client = await world.people()
    uri = "https%3A%2F%2Frp.example%2Fcallback"
    body = f"client_id={client.id}&response_type=code&redirect_uri={uri}&state={written}".encode()
    posted = await world.send("POST", "/authorize", body=body, headers={"Content-Type": FORM})
    assert posted.redirect.parameters["state"] == meant
    if written.isascii():
        opened = await world.send("GET", f"/authorize?{body.decode()}")
        assert opened.redirect.parameters["state"] == meant


@pytest.mark.parametrize("written", ["%FF", "%C3", "a%ED%A0%80", "%C0%80"])
async def test_what_is_not_utf8_is_refused_and_not_altered(written: str, world: World) -> None:
    client = await world.people()
    uri = "https%3A%2F%2Frp.example%2Fcallback"
    query = f"client_id={client.id}&response_type=code&redirect_uri={uri}&state={written}"
    told_person(await world.send("GET", f"/authorize?{query}"))
    body = query.encode()
    told_person(await world.send("POST", "/authorize", body=body, headers={"Content-Type": FORM}))
