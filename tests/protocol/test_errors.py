"""Errors as values: what the client is told, what only people are told."""

from typing import Any

import pytest

from oidc_harness.model.write import Swap
from oidc_harness.protocol import errors
from oidc_harness.protocol.errors import LONGEST_DESCRIPTION, OAuthError, TellClient, TellPerson
from oidc_harness.protocol.spec import spec
from tests.support import records

WHERE = spec("RFC6749-5.2")
DESCRIPTIONS = [
    ("plain text, with signs !#[]{}~", "plain text, with signs !#[]{}~"),
    ('"quoted" \\ back', "'quoted' ' back"),
    ("naïve 漢字 😀", "na?ve ?? ?"),
    ("line\r\nbreak\ttab\0nul\x7f", "line??break?tab?nul?"),
]


@pytest.mark.parametrize(("text", "told"), DESCRIPTIONS)
def test_a_description_has_the_characters_that_are_allowed(text: str, told: str) -> None:
    error = OAuthError("invalid_request", text, where=WHERE)
    assert error.description == told
    # People are told what it really was.
    assert error.detail == text


def test_a_description_stays_short_whatever_came() -> None:
    """It may go into a Location header, which clients and proxies bound."""
    error = OAuthError("invalid_request", "x" * 8000, where=WHERE)
    assert error.description == "x" * (LONGEST_DESCRIPTION - 3) + "..."
    assert error.detail == "x" * 8000


FACTORIES: list[tuple[Any, str, int]] = [
    (errors.invalid_request, "invalid_request", 400),
    (errors.invalid_client, "invalid_client", 401),
    (errors.invalid_grant, "invalid_grant", 400),
    (errors.invalid_scope, "invalid_scope", 400),
    (errors.unauthorized_client, "unauthorized_client", 400),
    (errors.unsupported_grant_type, "unsupported_grant_type", 400),
    (errors.unsupported_response_type, "unsupported_response_type", 400),
    (errors.access_denied, "access_denied", 400),
    (errors.login_required, "login_required", 400),
    (errors.consent_required, "consent_required", 400),
    (errors.invalid_token, "invalid_token", 401),
    (errors.insufficient_scope, "insufficient_scope", 403),
]


@pytest.mark.parametrize(("factory", "code", "status"), FACTORIES)
def test_a_registered_code(factory: Any, code: str, status: int) -> None:
    error = factory("description", "detail")
    assert (error.code, error.status, error.description, error.detail) == (code, status, "description", "detail")
    assert str(error) == f"{code}: detail"
    assert error.where.link


def test_an_error_may_write() -> None:
    one, other = Swap(records.user()), Swap(records.member())
    error = errors.invalid_grant("used before").writing(one).writing(other)
    assert error.writes == (one, other)


def test_who_is_told() -> None:
    person = TellPerson("invalid_request", "redirect_uri is missing", where=WHERE)
    client = TellClient(errors.access_denied("denied"), errors.ReplyTo(records.REDIRECT_URI, "query", "s"))
    assert isinstance(person, OAuthError)
    assert not isinstance(client, OAuthError)
    assert str(client) == "access_denied: denied"
