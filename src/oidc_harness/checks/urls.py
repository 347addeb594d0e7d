"""What must never stand in a URL, because URLs are logged, remembered and passed on."""

from collections.abc import Sequence
from typing import ClassVar

from oidc_harness.checks.base import Breach, Check, Level, Looked, client_named, looked
from oidc_harness.protocol.spec import spec
from oidc_harness.provider.exchange import Exchange


class UrlCheck(Check):
    """A rule that some parameters are not sent in a URL."""

    kept_out: ClassVar[tuple[str, ...]]
    level: ClassVar[Level] = "MUST"

    def look(self, exchanges: Sequence[Exchange]) -> Looked:
        found = [
            Breach(f"{client_named(exchange)} sent {name} in the URL of {exchange.endpoint}", (exchange.number,))
            for exchange in exchanges
            for name in self.kept_out
            if any(name == key and value for key, value in exchange.request.query)
        ]
        return looked(exchanges, found)


class KeepsCredentialsOutOfUrls(UrlCheck):
    """Sends no client secret, assertion or password in a URL."""

    name = "keeps-credentials-out-of-urls"
    clause = spec("RFC6749-2.3.1")
    kept_out = ("client_secret", "client_assertion", "password")


class KeepsTokensOutOfUrls(UrlCheck):
    """Sends no access or refresh token in a URL."""

    name = "keeps-tokens-out-of-urls"
    clause = spec("RFC9700-4.3.2")
    kept_out = ("access_token", "refresh_token", "token")
