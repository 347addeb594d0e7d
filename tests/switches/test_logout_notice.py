"""Lies in logout tokens: each changes one thing that it says, or how it is signed, and nothing else."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from oidc_harness.harness.catalogue import Catalogue
from oidc_harness.protocol import jose
from oidc_harness.protocol.fingerprint import fingerprint
from oidc_harness.protocol.jose_compact import split
from oidc_harness.protocol.jwks import document
from oidc_harness.protocol.logout_notice import EVENT
from oidc_harness.provider.conduct import HONEST
from oidc_harness.switches.base import LogoutNoticeSwitch, SignatureSwitch
from oidc_harness.switches.logout_notice import (
    BclAudWrong,
    BclEventsMissing,
    BclEventsWrong,
    BclExpOdd,
    BclIatOdd,
    BclIssWrong,
    BclJtiMissing,
    BclNoncePresent,
    BclNoSubject,
    BclSidSubConflict,
    BclSidUnknown,
)
from oidc_harness.switches.logout_signature import (
    BclAlgNone,
    BclAlgOther,
    BclBadSignature,
    BclIdTokenSent,
    BclType,
)
from tests.switches import questions
from tests.switches.questions import NOW

LIES: list[tuple[LogoutNoticeSwitch, Mapping[str, Any]]] = [
    (BclIssWrong(), {"iss": "https://issuer.example"}),
    (BclAudWrong("client-2"), {"aud": "client-2"}),
    (BclEventsMissing(), {"events": None}),
    (BclEventsWrong(), {"events": {"https://schemas.example/event/no-logout": {}}}),
    (BclEventsWrong("text"), {"events": EVENT}),
    (BclEventsWrong("list"), {"events": [EVENT]}),
    (BclEventsWrong("no-object"), {"events": {EVENT: "yes"}}),
    (BclNoncePresent(), {"nonce": fingerprint("jti-1")}),
    (BclIatOdd(), {"iat": None}),
    (BclIatOdd("ahead"), {"iat": NOW + 3600, "exp": NOW + 3720}),
    (BclExpOdd(), {"iat": NOW - 3720, "exp": NOW - 3600}),
    (BclExpOdd("missing"), {"exp": None}),
    (BclJtiMissing(), {"jti": None}),
    (BclNoSubject(), {"sub": None, "sid": None}),
    (BclSidSubConflict(), {"sub": "another-user"}),
    (BclSidUnknown(), {"sid": fingerprint("jti-1")}),
]


@pytest.mark.parametrize(("switch", "expected"), LIES, ids=lambda case: str(case)[:40])
def test_what_is_said_differs_and_nothing_else(switch: LogoutNoticeSwitch, expected: Mapping[str, Any]) -> None:
    question = questions.logout_notice()
    assert switch.applies(question)
    honest = HONEST.logout_notice(question)
    assert questions.changed(honest, switch.act(HONEST.logout_notice, question)) == expected


def test_an_unknown_session_is_one_of_a_known_user() -> None:
    """Of whom alone the honest token might not speak."""
    quiet = replace(questions.APPLICATION, backchannel_logout_claims="sid")
    question = questions.logout_notice(application=quiet)
    assert BclSidUnknown().act(HONEST.logout_notice, question)["sub"] == questions.ALICE.id


def test_there_is_no_conflict_without_a_session() -> None:
    assert not BclSidSubConflict().applies(questions.logout_notice(sid=None))


@pytest.mark.parametrize("switch", [switch for switch, _ in LIES], ids=str)
def test_the_front_channel_stays_honest(switch: LogoutNoticeSwitch) -> None:
    assert not switch.applies(questions.logout_notice(channel="front"))


def signing(alg: str = "RS256") -> Any:
    claims = HONEST.logout_notice(questions.logout_notice())
    return replace(questions.signature(alg=alg), purpose="logout_token", claims=claims)


SIGNATURES: list[SignatureSwitch] = [BclBadSignature(), BclAlgNone(), BclAlgOther(), BclType(), BclIdTokenSent()]


@pytest.mark.parametrize("alg", ["RS256", "ES256", "HS256"])
@pytest.mark.parametrize(
    ("switch", "header"),
    [
        (BclBadSignature(), {"typ": "logout+jwt"}),
        (BclAlgNone(), {"alg": "none", "typ": "logout+jwt"}),
        (BclType(), {"typ": "at+jwt"}),
    ],
    ids=str,
)
def test_the_header_differs_and_the_claims_do_not(switch: SignatureSwitch, header: dict[str, str], alg: str) -> None:
    question = signing(alg)
    given = split(switch.act(HONEST.signature, question))
    assert given.payload == split(HONEST.signature(question)).payload
    assert given.header.items() >= {"alg": alg, **header}.items()


@pytest.mark.parametrize("alg", ["RS256", "ES256"])
def test_the_other_algorithm_is_one_of_the_realm(alg: str) -> None:
    text = BclAlgOther().act(HONEST.signature, signing(alg))
    others = [each for each in questions.KEYS.algorithms() if each != alg]
    assert jose.verify(text, document(questions.KEYS)["keys"], algorithms=others).claims == dict(signing().claims)


def test_where_there_is_no_other_algorithm_none_is_used() -> None:
    [own] = [key for key in questions.KEYS.keys if key.alg == "RS256"]
    assert not BclAlgOther().applies(replace(signing(), keys=replace(questions.KEYS, keys=(own,))))


def test_the_id_token_is_signed_and_no_logout_token() -> None:
    text = BclIdTokenSent().act(HONEST.signature, signing())
    verified = jose.verify(text, document(questions.KEYS)["keys"], algorithms=["RS256"])
    assert set(verified.claims) == {"iss", "sub", "sid", "aud", "iat", "exp", "nonce"}
    assert "typ" not in split(text).header


@pytest.mark.parametrize("switch", SIGNATURES, ids=str)
@pytest.mark.parametrize("purpose", ["id_token", "access_token", "userinfo", "introspection"])
def test_other_documents_stay_honest(purpose: Any, switch: SignatureSwitch) -> None:
    assert switch.applies(signing())
    assert not switch.applies(replace(signing(), purpose=purpose))


def test_each_is_in_the_catalogue() -> None:
    shown = {switch.name for switch, _ in LIES} | {switch.name for switch in SIGNATURES}
    assert {switch.name for switch in Catalogue().switches() if switch.name.startswith("bcl-")} == shown
