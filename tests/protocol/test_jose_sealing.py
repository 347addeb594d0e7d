"""Sealed secrets: opened by the key that sealed them, and by nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oidc_harness.protocol.jose import JoseError, base64url, seal, unseal

KEY = bytes(range(32))
OTHER_KEY = bytes(32)


@given(st.text(st.characters(codec="utf-8")))
def test_a_sealed_text_can_be_opened(text: str) -> None:
    assert unseal(KEY, seal(KEY, text)) == text


def test_a_sealed_text_does_not_show_what_it_holds() -> None:
    sealed = seal(KEY, "correct horse")
    assert "horse" not in sealed
    assert sealed.isascii()


def test_the_same_text_is_sealed_differently_each_time() -> None:
    assert len({seal(KEY, "correct horse") for _ in range(100)}) == 100


def test_another_key_does_not_open_it() -> None:
    with pytest.raises(JoseError, match="sealed under another key"):
        unseal(OTHER_KEY, seal(KEY, "correct horse"))


def test_no_character_of_it_can_be_changed_or_left_out() -> None:
    sealed = seal(KEY, "correct horse")
    for place, character in enumerate(sealed):
        other = "A" if character != "A" else "B"
        for changed in (sealed[:place] + other + sealed[place + 1 :], sealed[:place] + sealed[place + 1 :]):
            with pytest.raises(JoseError) as refusal:
                unseal(KEY, changed)
            assert "horse" not in str(refusal.value)


@pytest.mark.parametrize(
    ("sealed", "told"),
    [
        ("", "doesn't begin with 'sealed1.'"),
        ("correct horse", "doesn't begin with 'sealed1.'"),
        (base64url(bytes(40)), "doesn't begin with 'sealed1.'"),
        ("sealed1.*", "sealed secret is not base64url"),
        ("sealed1.", "can't be opened"),
        ("sealed1.AAAA", "can't be opened"),
        ("sealed1." + base64url(bytes(27)), "can't be opened"),
        ("sealed1." + base64url(bytes(40)), "can't be opened"),
    ],
)
def test_what_was_never_sealed_is_refused(sealed: str, told: str) -> None:
    with pytest.raises(JoseError, match=told):
        unseal(KEY, sealed)


@pytest.mark.parametrize("octets", [0, 16, 31, 33])
def test_the_key_has_32_octets(octets: int) -> None:
    with pytest.raises(JoseError, match=f"has {octets} octets; it must have 32"):
        seal(bytes(octets), "text")
    with pytest.raises(JoseError, match=f"has {octets} octets; it must have 32"):
        unseal(bytes(octets), seal(KEY, "text"))
