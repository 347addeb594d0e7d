"""Which authorization requests are accepted: every parameter of RFC 6749 4.1.1 and OIDC Core 3.1.2.1.

Each refusal is tried twice: against the rule itself, and against the endpoint over HTTP.
"""

from dataclasses import dataclass, field
from typing import Any

import pytest

from oidc_harness.protocol.errors import OAuthError, TellClient
from tests.spec.authorization_requests import CHALLENGE, ask
from tests.support import records
from tests.support.refusals import told_client, told_person
from tests.support.world import World


@dataclass(frozen=True)
class Refusal:
    """A request that is refused, how, and by which clause."""

    changes: dict[str, Any]
    code: str
    clause: str
    application: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        changes = [f"{name}={str(value)[:30]}" for name, value in (self.changes | self.application).items()]
        return " ".join([*changes, self.code])


def refusals(code: str, clause: str, *changes: dict[str, Any], **application: Any) -> list[Refusal]:
    return [Refusal(each, code, clause, application) for each in changes]


TO_CLIENT = [
    *refusals("invalid_request", "RFC6749-3.1.1", {"response_type": None}, {"response_type": ""}),
    *refusals(
        "unsupported_response_type",
        "RFC6749-3.1.1",
        {"response_type": "CODE"},
        {"response_type": "code "},
        {"response_type": "code code"},
        {"response_type": "code none"},
        {"response_type": "device"},
    ),
    *refusals("unauthorized_client", "RFC6749-4.1.2.1", {}, response_types=()),
    *refusals(
        "unauthorized_client",
        "RFC6749-4.1.2.1",
        *({"response_type": name} for name in ("token", "id_token", "code id_token", "id_token code", "none")),
    ),
    *refusals(
        "invalid_request",
        "MULTIPLE-2.1",
        {"response_mode": "web_message"},
        {"response_mode": "Query"},
        {"response_mode": "query.jwt"},
    ),
    *refusals("registration_not_supported", "OIDCC-3.1.2.6", {"registration": "{}"}),
    *refusals(
        "invalid_scope",
        "RFC6749-3.3",
        {"scope": "openid  email"},
        {"scope": " openid"},
        {"scope": "openid\temail"},
        {"scope": 'openid "email"'},
        {"scope": "openid back\\slash"},
        {"scope": "openid émail"},
        {"scope": "nothing-known here"},
    ),
    *refusals("invalid_scope", "RFC6749-3.3", {"scope": "openid email"}, allowed_scopes=("openid", "profile")),
    *refusals(
        "invalid_request",
        "OIDCC-3.1.2.1",
        {"prompt": "none login"},
        {"prompt": "consent none"},
        {"prompt": "create"},
        {"prompt": "None"},
        {"prompt": "login  consent"},
        {"max_age": "-1"},
        {"max_age": "1.5"},
        {"max_age": "soon"},
        {"max_age": "1e3"},
        {"max_age": "99999999999"},
        {"max_age": "٣"},
    ),
    *refusals(
        "invalid_request",
        "OIDCC-5.5",
        {"claims": "name"},
        {"claims": "[]"},
        {"claims": "null"},
        {"claims": '"userinfo"'},
        {"claims": '{"userinfo": []}'},
        {"claims": '{"userinfo": "name"}'},
        {"claims": '{"id_token": {"name": true}}'},
        *[
            {"claims": f'{{"id_token": {{"acr": {{"values": {text}}}}}}}'}
            for text in ('"1"', "1", "{}", "null", "true")
        ],
        {"claims": '{"id_token": {"name": "essential"}}'},
        {"claims": '{"userinfo": {"name": null}'},
        {"claims": '{"userinfo": {"name": NaN}}'},
        {"claims": '{"userinfo": {"name": {"value": Infinity}}}'},
        {"claims": '{"userinfo": {"name": {"value": 1e999}}}'},
        {"claims": '{"userinfo": {"name": null, "name": {"essential": true}}}'},
        {"claims": '{"userinfo": {"\\ud800": null}}'},
        {"claims": '{"userinfo": {"name": {"value": ' + "[" * 100 + "]" * 100 + "}}}"},
    ),
    *refusals(
        "invalid_request",
        "RFC7636-4.2",
        {"code_challenge": "short", "code_challenge_method": "S256"},
        {"code_challenge": CHALLENGE[:-1]},
        {"code_challenge": CHALLENGE + "=", "code_challenge_method": "S256"},
        {"code_challenge": "a" * 129},
        {"code_challenge": CHALLENGE[:-1] + "\n", "code_challenge_method": "S256"},
        {"code_challenge": CHALLENGE[:-1] + "é", "code_challenge_method": "S256"},
    ),
    *refusals("invalid_request", "RFC7636-4.3", {"code_challenge_method": "S256"}),
    *refusals(
        "invalid_request",
        "RFC6749-3.1",
        {"scope": ["openid", "openid"]},
        {"response_type": ["code", "token"]},
        {"nonce": ["one", "two"]},
        {"prompt": ["none", "login"]},
        {"response_mode": ["query", "fragment"]},
        {"code_challenge": [CHALLENGE, CHALLENGE]},
        {"unknown": ["one", "two"]},
        {"login_hint": ["one", "two"]},
        {"nonce": ["one", ""]},
    ),
]
TO_CLIENT_WHEN_POSTED = [
    *refusals(
        "invalid_request",
        "RFC6749-3.1",
        {"nonce": "n" * 8193},
        {"scope": "s" * 8193},
        {"response_type": "c" * 8193},
        {"login_hint": "l" * 8193},
    ),
    *refusals(
        "invalid_request",
        "OIDCC-5.5",
        {"claims": "[" * 4000 + "]" * 4000},
        {"claims": '{"userinfo": {"name": {"value": ' + "9" * 5000 + "}}}"},
    ),
]

TO_PERSON = [
    *refusals("invalid_request", "RFC6749-4.1.1", {"client_id": None}, {"client_id": ""}),
    *refusals(
        "invalid_request",
        "RFC6749-4.1.2.1",
        {"client_id": "another"},
        {"client_id": "WEB"},
        {"client_id": "web "},
        {"client_id": "web\0"},
    ),
    *refusals("invalid_request", "OIDCC-3.1.2.1", {"redirect_uri": None}, {"redirect_uri": ""}),
    *refusals(
        "invalid_request",
        "RFC6749-3.1.2.4",
        {"redirect_uri": "https://attacker.example/callback"},
        {"redirect_uri": records.REDIRECT_URI + "/"},
        # Also with other faults in the request, which alone would be told to the client.
        {"redirect_uri": "https://attacker.example/", "response_type": None, "scope": "openid  email"},
    ),
    *refusals(
        "invalid_request",
        "RFC6749-3.1",
        {"client_id": ["web", "web"]},
        {"redirect_uri": [records.REDIRECT_URI, records.REDIRECT_URI]},
        {"redirect_uri": ["", records.REDIRECT_URI]},
        {"state": ["one", "two"]},
    ),
]
TO_PERSON_WHEN_POSTED = refusals(
    "invalid_request",
    "RFC6749-3.1",
    {"client_id": "w" * 8193},
    {"redirect_uri": records.REDIRECT_URI + "?" + "q" * 8193},
    {"state": "s" * 8193},
)


def name(refusal: Refusal) -> str:
    return str(refusal)


@pytest.mark.parametrize("refusal", TO_CLIENT + TO_CLIENT_WHEN_POSTED, ids=name)
def test_the_rule_tells_the_client(refusal: Refusal) -> None:
    with pytest.raises(TellClient) as told:
        ask(refusal.changes, records.application(**refusal.application))
    error = told.value.error
    assert (error.code, error.where.tag) == (refusal.code, refusal.clause)
    assert told.value.reply_to.redirect_uri == records.REDIRECT_URI
    assert told.value.reply_to.state == "state-of-the-art"


@pytest.mark.parametrize("refusal", TO_PERSON + TO_PERSON_WHEN_POSTED, ids=name)
def test_the_rule_tells_the_person(refusal: Refusal) -> None:
    with pytest.raises(OAuthError) as told:
        ask(refusal.changes)
    assert (told.value.code, told.value.where.tag) == (refusal.code, refusal.clause)


@pytest.mark.parametrize("refusal", TO_CLIENT, ids=name)
async def test_the_client_is_told_by_redirect(refusal: Refusal, world: World) -> None:
    client = await world.client(**refusal.application)
    answer = await client.authorize(**refusal.changes)
    told_client(answer, refusal.code, world.issuer)
    assert answer.redirect.target == records.REDIRECT_URI
    error = world.last.error
    assert error is not None
    assert error.where.tag == refusal.clause


@pytest.mark.parametrize("refusal", TO_CLIENT_WHEN_POSTED, ids=name)
async def test_the_client_is_told_when_posted(refusal: Refusal, world: World) -> None:
    client = await world.client()
    told_client(await client.authorize("POST", **refusal.changes), refusal.code, world.issuer)


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("refusal", TO_PERSON, ids=name)
async def test_the_person_is_told_on_a_page(refusal: Refusal, method: str, world: World) -> None:
    client = await world.people()
    told_person(await client.authorize(method, **refusal.changes), refusal.code)


@pytest.mark.parametrize("refusal", TO_PERSON_WHEN_POSTED, ids=name)
async def test_the_person_is_told_when_posted(refusal: Refusal, world: World) -> None:
    client = await world.people()
    told_person(await client.authorize("POST", **refusal.changes), refusal.code)
