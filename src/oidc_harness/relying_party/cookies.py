"""The cookies of a browser."""

from collections.abc import Sequence
from email.utils import mktime_tz, parsedate_tz

import aiohttp
from yarl import URL


class CookieJar(aiohttp.CookieJar):
    """A jar that forgets a cookie which expired at the epoch, as many servers delete one.

    aiohttp's own takes second 0 for no date at all, and would send such a cookie for ever.
    """

    def update_cookies_from_headers(self, headers: Sequence[str], response_url: URL) -> None:
        """Keep what these Set-Cookie headers say (RFC 6265 5.2, 5.3)."""
        super().update_cookies_from_headers([_without_epoch(header) for header in headers], response_url)


def _without_epoch(header: str) -> str:
    """The header, which says by `Max-Age` that the cookie is over if it said so by the epoch."""
    pairs = (part.partition("=") for part in header.split(";")[1:])
    attributes = {name.strip().lower(): value.strip() for name, _, value in pairs}
    date = parsedate_tz(attributes.get("expires", ""))
    is_epoch = date is not None and mktime_tz(date) == 0
    return f"{header}; Max-Age=0" if is_epoch and "max-age" not in attributes else header
