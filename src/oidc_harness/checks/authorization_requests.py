"""What a good authorization request has. A browser that comes back from a page is no request of a client."""

from abc import abstractmethod
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import ClassVar

from oidc_harness.checks.base import Breach, Check, Looked, client_named, looked
from oidc_harness.protocol.errors import OAuthError
from oidc_harness.protocol.jose_compact import decode_unverified
from oidc_harness.protocol.jose_error import JoseError
from oidc_harness.protocol.request_object_content import inner_pairs
from oidc_harness.protocol.spec import spec
from oidc_harness.provider.exchange import Exchange


def parameters_of(exchange: Exchange) -> Mapping[str, str]:
    """The parameters of an authorization request; of a repeated one the last value.

    What a request object says goes before what stands beside it (OIDC Core 6.1), whoever signed it.
    """
    request = exchange.request
    pairs = request.form if request.method == "POST" else request.query
    outside = {name: value for name, value in pairs if value}
    return {**outside, **_inside(outside["request"])} if "request" in outside else outside


def _inside(request_object: str) -> Mapping[str, str]:
    try:
        return dict(inner_pairs(decode_unverified(request_object)[1]))
    except (JoseError, OAuthError):
        return {}


def authorization_requests(exchanges: Sequence[Exchange]) -> list[Exchange]:
    """The authorization requests of known clients, without those whose parameters stand somewhere else."""
    return [
        exchange
        for exchange in exchanges
        if exchange.endpoint == "authorize"
        and exchange.about.application is not None
        and not {"interaction", "request_uri"} & parameters_of(exchange).keys()
    ]


class RequestCheck(Check):
    """A rule that each authorization request keeps or breaks by itself."""

    def look(self, exchanges: Sequence[Exchange]) -> Looked:
        relevant = [exchange for exchange in authorization_requests(exchanges) if self.concerns(exchange)]
        reasons = [(exchange, self.why_wrong(parameters_of(exchange))) for exchange in relevant]
        return looked(
            relevant,
            [
                Breach(f"{client_named(exchange)} {reason}", (exchange.number,))
                for exchange, reason in reasons
                if reason is not None
            ],
        )

    def concerns(self, exchange: Exchange) -> bool:
        """Whether the rule is for this request."""
        return True

    @abstractmethod
    def why_wrong(self, parameters: Mapping[str, str]) -> str | None:
        """What is wrong with these parameters, as the end of a sentence; None where nothing is."""


class PreventsForgery(RequestCheck):
    """Ties each sign-in to the browser it began in: by state, PKCE or nonce."""

    name = "prevents-forgery"
    clause = spec("RFC9700-2.1")
    level = "MUST"

    def why_wrong(self, parameters: Mapping[str, str]) -> str | None:
        if any(name in parameters for name in ("state", "code_challenge", "nonce")):
            return None
        return "sent neither state nor code_challenge nor nonce: anybody can finish a sign-in in somebody's browser"


class SendsState(RequestCheck):
    """Sends a state parameter."""

    name = "sends-state"
    clause = spec("OIDCC-3.1.2.1")
    level = "SHOULD"

    def why_wrong(self, parameters: Mapping[str, str]) -> str | None:
        return None if "state" in parameters else "sent no state"


class UsesPkceAsPublicClient(RequestCheck):
    """Uses PKCE where it has no secret to keep."""

    name = "uses-pkce-as-public-client"
    clause = spec("RFC9700-2.1.1")
    level = "MUST"

    def concerns(self, exchange: Exchange) -> bool:
        application = exchange.about.application
        return application is not None and application.public

    def why_wrong(self, parameters: Mapping[str, str]) -> str | None:
        return None if "code_challenge" in parameters else "is a public client and sent no code_challenge"


class UsesPkce(RequestCheck):
    """Uses PKCE although it has a secret too."""

    name = "uses-pkce"
    clause = spec("RFC9700-2.1.1")
    level = "SHOULD"

    def concerns(self, exchange: Exchange) -> bool:
        application = exchange.about.application
        return application is not None and not application.public

    def why_wrong(self, parameters: Mapping[str, str]) -> str | None:
        return None if "code_challenge" in parameters else "sent no code_challenge"


class PreventsCodeInjection(RequestCheck):
    """Ties each code to its own request: by PKCE, or by a nonce that comes back in the ID token."""

    name = "prevents-code-injection"
    clause = spec("RFC9700-2.1.1")
    level = "MUST"

    def why_wrong(self, parameters: Mapping[str, str]) -> str | None:
        openid = "openid" in parameters.get("scope", "").split()
        if "code_challenge" in parameters or (openid and "nonce" in parameters):
            return None
        return "sent neither code_challenge nor, with scope openid, a nonce: it takes codes stolen from other sign-ins"


class SendsNonce(RequestCheck):
    """Sends a nonce with every sign-in, so that no ID token of another one fits; optional in the code flow."""

    name = "sends-nonce"
    clause = spec("OIDCC-3.1.2.1")
    level = "SHOULD"

    def concerns(self, exchange: Exchange) -> bool:
        return "openid" in parameters_of(exchange).get("scope", "").split()

    def why_wrong(self, parameters: Mapping[str, str]) -> str | None:
        return None if "nonce" in parameters else "sent no nonce"


class HidesVerifier(RequestCheck):
    """Uses the PKCE method S256: with plain, whoever sees the request knows the verifier."""

    name = "hides-verifier"
    clause = spec("RFC9700-2.1.1")
    level = "SHOULD"

    def concerns(self, exchange: Exchange) -> bool:
        return "code_challenge" in parameters_of(exchange)

    def why_wrong(self, parameters: Mapping[str, str]) -> str | None:
        method = parameters.get("code_challenge_method", "plain")
        return "used the PKCE method plain" if method == "plain" else None


class FreshValueCheck(Check):
    """A rule that a value is used for one sign-in only.

    The same request sent again before any code was issued is a browser that reloads, and no breach.
    """

    parameter: ClassVar[str]

    def look(self, exchanges: Sequence[Exchange]) -> Looked:
        relevant = [each for each in authorization_requests(exchanges) if self.parameter in parameters_of(each)]
        granted = _grants(exchanges)
        first: dict[tuple[str, str], Exchange] = {}
        breaches = []
        for exchange in relevant:
            application = exchange.about.application
            key = (application.id if application else "", parameters_of(exchange)[self.parameter])
            earlier = first.setdefault(key, exchange)
            if earlier is not exchange and _another_sign_in(earlier, exchange, granted.get(key[0], ())):
                breaches.append(self._breach(earlier, exchange))
        return looked(relevant, breaches)

    def _breach(self, earlier: Exchange, exchange: Exchange) -> Breach:
        reason = f"{client_named(exchange)} sent the {self.parameter} of an earlier sign-in again"
        return Breach(reason, (earlier.number, exchange.number))


def _grants(exchanges: Sequence[Exchange]) -> Mapping[str, list[int]]:
    """By client_id the numbers of the exchanges that gave a code."""
    found = defaultdict[str, list[int]](list)
    for exchange in exchanges:
        application = exchange.about.application
        if exchange.endpoint == "authorize" and exchange.about.grant_id is not None and application is not None:
            found[application.id].append(exchange.number)
    return found


def _another_sign_in(earlier: Exchange, exchange: Exchange, granted: Sequence[int]) -> bool:
    if parameters_of(earlier) != parameters_of(exchange):
        return True
    return bisect_left(granted, earlier.number) < bisect_left(granted, exchange.number)


class FreshState(FreshValueCheck):
    """Takes a new state for each sign-in."""

    name = "fresh-state"
    clause = spec("RFC9700-2.1")
    level = "SHOULD"
    parameter = "state"


class FreshNonce(FreshValueCheck):
    """Takes a new nonce for each sign-in."""

    name = "fresh-nonce"
    clause = spec("RFC9700-2.1.1")
    level = "MUST"
    parameter = "nonce"


class FreshCodeChallenge(FreshValueCheck):
    """Takes a new code verifier for each sign-in."""

    name = "fresh-code-challenge"
    clause = spec("RFC9700-2.1.1")
    level = "MUST"
    parameter = "code_challenge"
