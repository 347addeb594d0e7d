"""Courtesy: how often one document is asked for, so that nobody can make this server hammer somebody else's."""

from collections import Counter
from collections.abc import Callable

MOST_LOOKS = 60
"""Requests for one document within `WHILE_SECONDS`. A client that tries things out by hand or by test needs few."""
WHILE_SECONDS = 10


class Courtesy:
    """Counts what was asked for in the present while. What it remembers is no more than what was asked in it."""

    def __init__(self, elapsed: Callable[[], float]) -> None:
        """`elapsed`: seconds by a clock that nobody sets; a realm's time has no say in what others have to bear."""
        self._elapsed = elapsed
        self._begun = elapsed()
        self._looks: Counter[str] = Counter()

    def permits(self, url: str) -> bool:
        """Whether the document may be asked for once more; if so, that is counted.

        Its address is taken without query and fragment, as anybody can make up those.
        """
        now = self._elapsed()
        if now - self._begun >= WHILE_SECONDS:
            self._begun, self._looks = now, Counter()
        document = url.partition("#")[0].partition("?")[0]
        if self._looks[document] >= MOST_LOOKS:
            return False
        self._looks[document] += 1
        return True
