"""What a good token request has, and has not."""

from collections.abc import Sequence

from oidc_harness.checks.base import Breach, Check, Looked, client_named, looked
from oidc_harness.protocol.parameters import first
from oidc_harness.protocol.spec import spec
from oidc_harness.provider.exchange import Exchange

_AUTHENTICATED = ("token", "introspection", "revocation")
"""Endpoints at which clients authenticate."""


class SendsCodeOnce(Check):
    """Sends each authorization code once."""

    name = "sends-code-once"
    clause = spec("RFC6749-4.1.2")
    level = "MUST"

    def look(self, exchanges: Sequence[Exchange]) -> Looked:
        redemptions = [exchange for exchange in exchanges if _code(exchange) is not None]
        sent: dict[str, Exchange] = {}
        breaches = []
        for exchange in redemptions:
            earlier = sent.setdefault(_code(exchange) or "", exchange)
            if earlier is not exchange:
                numbers = (earlier.number, exchange.number)
                breaches.append(Breach(f"{client_named(exchange)} sent a code again", numbers))
        return looked(redemptions, breaches)


def _code(exchange: Exchange) -> str | None:
    return first(exchange.request.form, "code") if exchange.endpoint == "token" else None


class PostsTokenRequests(Check):
    """Sends its token requests by POST; what stands in a URL is kept in logs and histories."""

    name = "posts-token-requests"
    clause = spec("RFC6749-3.2")
    level = "MUST"

    def look(self, exchanges: Sequence[Exchange]) -> Looked:
        relevant = [exchange for exchange in exchanges if exchange.endpoint == "token"]
        breaches = [
            Breach(f"{client_named(exchange)} sent a token request by {exchange.request.method}", (exchange.number,))
            for exchange in relevant
            if exchange.request.method != "POST" and _grant_named(exchange)
        ]
        return looked(relevant, breaches)


def _grant_named(exchange: Exchange) -> bool:
    """Whether it asks for tokens, and does not just look whether there is an endpoint."""
    return any(first(exchange.request.query, name) is not None for name in ("grant_type", "code", "refresh_token"))


class AuthenticatesOneWay(Check):
    """Authenticates by one method in each request."""

    name = "authenticates-one-way"
    clause = spec("RFC6749-2.3")
    level = "MUST"

    def look(self, exchanges: Sequence[Exchange]) -> Looked:
        relevant = [exchange for exchange in exchanges if exchange.endpoint in _AUTHENTICATED]
        breaches = [
            Breach(f"{client_named(exchange)} authenticated by {' and by '.join(ways)} at once", (exchange.number,))
            for exchange in relevant
            if len(ways := _ways(exchange)) > 1
        ]
        return looked(relevant, breaches)


def _ways(exchange: Exchange) -> list[str]:
    request = exchange.request
    shown = {
        "the Authorization header": request.headers.get("Authorization"),
        "client_secret": first(request.form, "client_secret"),
        "client_assertion": first(request.form, "client_assertion"),
    }
    return [way for way, value in shown.items() if value]
