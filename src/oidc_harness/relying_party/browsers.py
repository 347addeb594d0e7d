"""What a client's web application remembers of each browser, found by a cookie."""

import asyncio
import secrets
from collections import OrderedDict
from dataclasses import dataclass, field

from .client import Ends, PendingLogin, Session

MAX_BROWSERS = 10_000
MAX_PENDING = 20


@dataclass(slots=True)
class Browser:
    """One browser: its open logins by state, the session of the person at it, the state of its logout."""

    id: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    pending: OrderedDict[str, PendingLogin] = field(default_factory=OrderedDict)
    session: Session | None = None
    logout_state: str | None = None
    # Tokens are used and renewed by one request at a time, so that a rotated one is not used twice.
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    def expect(self, login: PendingLogin) -> None:
        """Remember an open login; the oldest is forgotten when there are too many."""
        self.pending[login.state] = login
        if len(self.pending) > MAX_PENDING:
            self.pending.popitem(last=False)


class Browsers:
    """Browsers by a random id, a bounded number of them: the one not seen for longest is forgotten."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, Browser] = OrderedDict()

    def find(self, browser_id: str | None) -> Browser | None:
        """The browser with this id, or None: an id that was not given out here is worth nothing."""
        if browser_id is None or browser_id not in self._known:
            return None
        self._known.move_to_end(browser_id)
        return self._known[browser_id]

    def keep(self, browser: Browser) -> None:
        """Remember a browser under its id."""
        self._known[browser.id] = browser
        if len(self._known) > MAX_BROWSERS:
            self._known.popitem(last=False)

    def sign_out(self, ends: Ends) -> None:
        """Forget these sessions, in every browser."""
        for browser in self._known.values():
            if browser.session is not None and ends(browser.session):
                browser.session = None

    def rename(self, browser: Browser) -> None:
        """Give a browser another id: one that was planted before a sign-in finds nothing after it."""
        self._known.pop(browser.id, None)
        browser.id = secrets.token_urlsafe(32)
        self.keep(browser)
