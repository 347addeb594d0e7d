"""One sign-in as three requests over one connection: authorize, token with PKCE, userinfo."""

import http.client
import json
from base64 import urlsafe_b64encode
from hashlib import sha256
from urllib.parse import parse_qsl, urlencode, urlsplit

VERIFIER = "v" * 43
CHALLENGE = urlsafe_b64encode(sha256(VERIFIER.encode()).digest())[:-1].decode()
CLIENT = {"client_id": "benchmark", "redirect_uri": "http://127.0.0.1/callback"}
AUTHORIZE = "/authorize?" + urlencode(
    {
        **CLIENT,
        "response_type": "code",
        "scope": "openid email",
        "state": "s" * 22,
        "nonce": "n" * 22,
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
    }
)
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class FlowFailed(Exception):
    """The server did not answer as it should; a benchmark of failures would mean nothing."""


class Driver:
    """A client that does nothing but drive."""

    def __init__(self, issuer: str) -> None:
        """`issuer`: base URL of the server."""
        parts = urlsplit(issuer)
        self._connection = http.client.HTTPConnection(parts.hostname or "", parts.port)

    def discover(self) -> None:
        """Fetch the metadata."""
        self.fetch("/.well-known/openid-configuration")

    def fetch(self, path: str) -> None:
        """Fetch one document."""
        self._request("GET", path, 200)

    def sign_in(self) -> None:
        """The three requests."""
        location, _ = self._request("GET", AUTHORIZE, 303)
        code = dict(parse_qsl(urlsplit(location).query))["code"]
        fields = {"grant_type": "authorization_code", "code": code, "code_verifier": VERIFIER, **CLIENT}
        _, body = self._request("POST", "/token", 200, urlencode({**fields, "client_secret": "benchmark-secret"}), FORM)
        bearer = {"Authorization": "Bearer " + json.loads(body)["access_token"]}
        self._request("GET", "/userinfo", 200, headers=bearer)

    def _request(
        self, method: str, path: str, expected: int, body: str | None = None, headers: dict[str, str] | None = None
    ) -> tuple[str, bytes]:
        self._connection.request(method, path, body, headers or {})
        response = self._connection.getresponse()
        content = response.read()
        if response.status != expected:
            raise FlowFailed(f"{method} {path}: {response.status} instead of {expected}: {content[:300]!r}")
        return response.headers.get("Location", ""), content
