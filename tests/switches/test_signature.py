"""Lies in the signature: the claims stay as they are."""

from dataclasses import replace

import pytest

from oidc_harness.protocol import jose
from oidc_harness.protocol.jose_compact import split
from oidc_harness.protocol.jwks import document
from oidc_harness.provider.conduct import HONEST
from oidc_harness.switches.base import SignatureSwitch
from oidc_harness.switches.signature import AlgNone, SigGarbage
from tests.switches import questions

ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA", "HS256")


@pytest.mark.parametrize("alg", ALGORITHMS)
def test_garbage_is_as_long_as_a_signature_and_none(alg: str) -> None:
    question = questions.signature(alg=alg)
    keys = questions.APPLICATION.secret_hash if alg == "HS256" else document(questions.KEYS)["keys"]
    honest, given = split(HONEST.signature(question)), split(given_text := SigGarbage().act(HONEST.signature, question))
    assert (given.header, given.payload) == (honest.header, honest.payload)
    assert len(given.signature) == len(honest.signature)
    with pytest.raises(jose.JoseError, match="signature was not made"):
        jose.verify(given_text, keys or "", algorithms=[alg])


def test_the_same_token_gets_the_same_garbage() -> None:
    question = questions.signature()
    assert SigGarbage().act(HONEST.signature, question) == SigGarbage().act(HONEST.signature, question)


@pytest.mark.parametrize("alg", ALGORITHMS)
def test_none_is_said_and_nothing_signed(alg: str) -> None:
    given = split(AlgNone().act(HONEST.signature, questions.signature(alg=alg)))
    assert given.header == {"alg": "none"}
    assert given.signature == b""
    assert jose.decode_unverified(HONEST.signature(questions.signature()))[1] == dict(questions.signature().claims)
    assert given.payload == split(HONEST.signature(questions.signature(alg=alg))).payload


@pytest.mark.parametrize("switch", [SigGarbage(), AlgNone()], ids=str)
def test_who_registered_for_no_signature_misses_none(switch: SignatureSwitch) -> None:
    assert switch.applies(questions.signature())
    assert not switch.applies(questions.signature(alg="none"))


@pytest.mark.parametrize("switch", [SigGarbage(), AlgNone()], ids=str)
def test_access_tokens_stay_honest(switch: SignatureSwitch) -> None:
    question = questions.signature()
    assert switch.applies(question)
    assert not switch.applies(replace(question, purpose="access_token"))


@pytest.mark.parametrize("text", ["", "a", "a.b", "a.b.c.d", "..", "ü.ü.ü"])
def test_garbage_is_made_of_any_text(text: str) -> None:
    assert isinstance(SigGarbage().act(lambda _: text, questions.signature()), str)
