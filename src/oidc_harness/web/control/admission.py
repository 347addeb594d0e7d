"""Who may see the pages of the server: who has typed the admin token in; all of this machine where there is none."""

import hmac
import secrets
from urllib.parse import urlsplit

from aiohttp import web

from oidc_harness.web.admin.guard import Refusal, is_admin_token, why_foreign, why_no_token
from oidc_harness.web.settings import ServerSettings


class Admission:
    """One per server. What it hands out is worth nothing after a restart, and nothing at another server."""

    def __init__(self, settings: ServerSettings, base_url: str) -> None:
        """`base_url`: where browsers reach the server."""
        self._settings = settings
        self._base_url = base_url
        self._secret = secrets.token_bytes(32)
        # Browsers do not tell the ports of one host apart when they send cookies (RFC 6265 8.5).
        self.cookie_name = f"oidc_control_{urlsplit(base_url).port or ''}"

    @property
    def form_token(self) -> str:
        """What our own forms carry, so that no other site can post them in a person's name."""
        return self._derived("form")

    @property
    def cookie(self) -> str:
        """The value of the cookie of somebody who has typed the token in."""
        return self._derived("entry")

    def why_foreign(self, request: web.Request) -> Refusal | None:
        """Why the request is refused whoever asks; None if it is not."""
        return why_foreign(request, self._settings, self._base_url)

    def why_outside(self, request: web.Request) -> Refusal | None:
        """Why whoever asks is not let in, or not yet (401); None if they are."""
        refusal = why_no_token(request, self._settings)
        if refusal is None or refusal.status != 401:
            return refusal
        return None if _same(request.cookies.get(self.cookie_name, ""), self.cookie) else refusal

    def opens(self, token: str) -> bool:
        """Whether this is the admin token; never where there is none, as nobody needs it then."""
        return self._settings.admin_token is not None and is_admin_token(token, self._settings.admin_token)

    def is_ours(self, form_token: str) -> bool:
        """Whether a form was sent from a page of this server."""
        return _same(form_token, self.form_token)

    def _derived(self, purpose: str) -> str:
        return hmac.digest(self._secret, purpose.encode(), "sha256").hex()


def _same(presented: str, made: str) -> bool:
    """In constant time; what is presented need not have been UTF-8."""
    return hmac.compare_digest(presented.encode("utf-8", "surrogateescape"), made.encode())
