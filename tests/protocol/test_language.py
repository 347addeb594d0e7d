"""Which of the languages there are serves who asks for one (RFC 4647 3.4, OIDC Core 5.2)."""

import pytest

from oidc_harness.protocol.language import MOST_TAGS, find_close, look_up, read_tags

LOOK_UPS = [
    ("de", ("de",), "de"),
    ("de-CH", ("de",), "de"),
    ("DE-ch", ("fr", "de-CH", "de"), "de-CH"),
    ("de", ("De",), "De"),
    ("zh-Hant-CN-x-private1-private2", ("zh-Hant-CN-x-private1", "zh"), "zh-Hant-CN-x-private1"),
    ("zh-Hant-CN-x-private1", ("zh-Hant-CN-x", "zh-Hant"), "zh-Hant"),
    ("de", ("de-CH",), None),
    ("d", ("de",), None),
    ("fr", (), None),
]


@pytest.mark.parametrize(("wanted", "available", "found"), LOOK_UPS)
def test_a_language_is_looked_up_by_ever_shorter_tags(
    wanted: str, available: tuple[str, ...], found: str | None
) -> None:
    assert look_up(wanted, available) == found


def test_a_more_specific_one_is_close() -> None:
    assert find_close("de", ("deu", "de-CH", "de-AT")) == "de-CH"
    assert find_close("de", ("de-CH", "de")) == "de"
    assert find_close("de", ("deu", "d")) is None


def test_tags_are_read_in_order_and_each_once() -> None:
    assert read_tags(" de-CH  fr de-CH x_y ä toolongasubtag en ") == ("de-CH", "fr", "en")
    assert read_tags(None) == read_tags("") == ()
    assert len(read_tags(" ".join(f"x{number}" for number in range(1000)))) == MOST_TAGS
