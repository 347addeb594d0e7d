"""`Accept` and its like: what of several a client asks for (RFC 9110 12.4, 12.5)."""

import re
from collections.abc import Iterator

from oidc_harness.protocol.request import Request

_QUALITY = re.compile(r"0(\.[0-9]{0,3})?|1(\.0{0,3})?")


def asks_for(request: Request, media_type: str, usual: str) -> bool:
    """Whether the client names this media type, and wants it no less than the usual one.

    A range such as `*/*` names nothing: whoever sends that takes what there has always been.
    """
    asked = dict(wishes(request, "Accept"))
    quality = asked.get(media_type, 0.0)
    return quality > 0 and quality >= asked.get(usual, 0.0)


def wishes(request: Request, header: str) -> Iterator[tuple[str, float]]:
    """What is named in such a header, in lower case, and how much each is wanted: from 0, not at all, to 1."""
    for value in request.values_of(header):
        for wish in value.lower().split(","):
            name, *parameters = (part.strip() for part in wish.split(";"))
            yield name, _quality(parameters)


def _quality(parameters: list[str]) -> float:
    """1 where nothing is said; 0, which means not at all, where it cannot be read."""
    weights = [text.removeprefix("q=") for text in parameters if text.startswith("q=")]
    if not weights:
        return 1.0
    return float(weights[0]) if _QUALITY.fullmatch(weights[0]) else 0.0
