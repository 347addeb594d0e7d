"""Languages: which of the texts there are is the one that was asked for (BCP 47, RFC 4647 3.4, OIDC Core 5.2)."""

import re
from collections.abc import Iterable

MOST_TAGS = 20
"""Languages one request can ask for; what comes after them is not looked at."""
_TAG = re.compile(r"[A-Za-z0-9]{1,8}(-[A-Za-z0-9]{1,8})*")


def is_tag(text: str) -> bool:
    """Whether this has the form of a language tag (RFC 5646 2.1)."""
    return _TAG.fullmatch(text) is not None


def read_tags(text: str | None) -> tuple[str, ...]:
    """Tags separated by spaces, in the order of preference; what is none is no error (OIDC Core 3.1.2.1)."""
    return tuple(dict.fromkeys(filter(is_tag, (text or "").split())))[:MOST_TAGS]


def look_up(wanted: str, available: Iterable[str]) -> str | None:
    """The tag of these that suits best, or None: the wanted one, else ever less specific ones (RFC 4647 3.4)."""
    known = {tag.casefold(): tag for tag in available}
    subtags = wanted.casefold().split("-")
    while subtags:
        found = known.get("-".join(subtags))
        if found is not None:
            return found
        subtags.pop()
        # A subtag of one character introduces the next one, and says nothing alone.
        if subtags and len(subtags[-1]) == 1:
            subtags.pop()
    return None


def find_close(wanted: str, available: Iterable[str]) -> str | None:
    """The same, and where there is none a more specific one: Swiss German serves who asks for German (Core 5.2)."""
    known = tuple(available)
    narrower = (tag for tag in known if tag.casefold().startswith(f"{wanted.casefold()}-"))
    return look_up(wanted, known) or next(narrower, None)
