"""The oracle over a whole journal: pyoidc reads every answer that no switch has touched, whatever a test looked at.

It judges the members of an answer here. Signatures are for those who know the addressee: see `tests/support/oracle.py`.

Where pyoidc stops, beside what is told there: a client that registers no redirect URI is none for it (RFC 7591 2 lets
it be one). At the registration endpoint it knows no error but those of RFC 7591 3.2.2, neither that of a bearer token
(RFC 6750 3.1) nor that of a body which is no JSON: there an answer has to be an error, and its code may be any.
At userinfo it knows the three of RFC 6750 3.1; a client without a key to encrypt to is `unauthorized_client` there as
everywhere, for want of a code of that place.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from oic.exception import PyoidcError
from oic.extension.message import TokenIntrospectionResponse
from oic.oauth2.message import ErrorResponse, Message, TokenErrorResponse
from oic.oic.message import (
    AccessTokenResponse,
    AuthorizationErrorResponse,
    AuthorizationResponse,
    OpenIDSchema,
    ProviderConfigurationResponse,
    RegistrationResponse,
    UserInfoErrorResponse,
)

from oidc_harness.provider.exchange import Exchange
from tests.support.oracle import BEYOND_PYOIDC, by_https

ANSWERS: Mapping[str, type[Message]] = {
    "discovery": ProviderConfigurationResponse,
    "token": AccessTokenResponse,
    "userinfo": OpenIDSchema,
    "introspection": TokenIntrospectionResponse,
    "registration": RegistrationResponse,
    "client_configuration": RegistrationResponse,
}
REFUSALS: Mapping[str, type[ErrorResponse]] = {
    "token": TokenErrorResponse,
    "userinfo": UserInfoErrorResponse,
}


def misread(exchanges: Iterable[Exchange]) -> Iterator[str]:
    """What pyoidc holds against the honest answers among these."""
    for exchange in exchanges:
        if exchange.fired or exchange.reply is None or exchange.trace is not None:
            continue
        try:
            _read(exchange)
        except (PyoidcError, ValueError, AssertionError) as error:
            place, body = f"{exchange.endpoint} {exchange.reply.status}", exchange.reply.body
            yield f"{place}: {type(error).__name__} {error}: {body!r}"


def _read(exchange: Exchange) -> None:
    reply = exchange.reply
    assert reply is not None
    headers = {name.lower(): value for name, value in reply.headers}
    if headers.get("content-type") == "application/json" and reply.body:
        members = json.loads(reply.body)
        _judge(_message_of(exchange.endpoint, reply.status, members), members)
    elif exchange.endpoint == "authorize" and "location" in headers:
        _read_redirect(headers["location"])


def _read_redirect(location: str) -> None:
    url = urlsplit(location)
    parameters = dict(parse_qsl(url.fragment or url.query, keep_blank_values=True))
    if "error" in parameters:
        _judge(AuthorizationErrorResponse, parameters)
    elif parameters.keys() & {"code", "access_token", "id_token"}:
        _judge(AuthorizationResponse, parameters)


def _message_of(endpoint: str, status: int, members: Mapping[str, Any]) -> type[Message] | None:
    if (endpoint, members.get("error")) == ("userinfo", "unauthorized_client"):
        return ErrorResponse
    if "error" in members:
        return REFUSALS.get(endpoint, ErrorResponse)
    kind = ANSWERS.get(endpoint) if status < 400 else None
    return Message if kind is RegistrationResponse and not members.get("redirect_uris") else kind


def _judge(kind: type[Message] | None, members: Mapping[str, Any]) -> None:
    if kind is None or members.get("error") in BEYOND_PYOIDC:
        return
    told = {name: value for name, value in members.items() if name != "id_token"}
    if kind is ProviderConfigurationResponse:
        told = {name: by_https(value) for name, value in told.items()}
    assert kind().from_dict(told).verify(), f"{kind.__name__} does not verify"
