"""Patience: how long the jobs of one thread wait for a lock that somebody else holds."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from oidc_harness.storage.port import Busy


class Patience:
    """One job waits in full. Those given meanwhile have waited behind it, and are done at once or fail with it."""

    def __init__(self, seconds: float, set_timeout: Callable[[int], object]) -> None:
        """`set_timeout` is told the milliseconds for the jobs to come."""
        self._set_timeout = set_timeout
        self._full = self._timeout = int(seconds * 1000)
        self._newest = 0
        self._given_up = 0

    def take_number(self) -> int:
        """The number of a job that is given now."""
        self._newest += 1
        return self._newest

    @contextmanager
    def of(self, number: int) -> Iterator[None]:
        """What the job of this number has left of it."""
        has_waited = number <= self._given_up
        self._allow(0 if has_waited else self._full)
        try:
            yield
        except Busy:
            if not has_waited:
                self._given_up = self._newest
            raise

    def _allow(self, milliseconds: int) -> None:
        if milliseconds != self._timeout:
            self._set_timeout(milliseconds)
            self._timeout = milliseconds
