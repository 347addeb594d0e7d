"""Access tokens for the claims of other providers, left out of what is shown (OIDC Core 5.6.2)."""

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from typing import Any

HIDDEN = "(hidden)"
SOURCES = "_claim_sources"
# It begins where a word begins: otherwise a long word without dots would be read from each of its letters on.
_JWS = re.compile(r"(?<![A-Za-z0-9_-])(eyJ[A-Za-z0-9_-]+)\.(eyJ[A-Za-z0-9_-]+)\.[A-Za-z0-9_-]*")

_MEMBER = re.compile(r'("access_token"\s*:\s*)"(?:[^"\\]|\\.)*(?:"|$)')


def hidden_sources(sources: Any) -> Any:
    """The member `_claim_sources` with each `access_token` hidden."""
    if not isinstance(sources, Mapping):
        return sources
    return {key: _hidden(source) for key, source in sources.items()}


def without_claim_tokens(text: str) -> str:
    """A text in which JWTs that give such a token away are written without it, and so without their signature."""
    return _JWS.sub(lambda found: _told(found[0], found[1], found[2]), text) if "eyJ" in text else text


def without_any_token(text: str) -> str:
    """What is no JSON any more, and speaks of such sources, without any member `access_token`."""
    return _MEMBER.sub(rf'\1"{HIDDEN}"', text) if SOURCES in text else text


def _told(whole: str, header: str, payload: str) -> str:
    try:
        claims = json.loads(urlsafe_b64decode(payload + "==="))
    except (ValueError, RecursionError):
        return whole
    sources = claims.get(SOURCES) if isinstance(claims, dict) else None
    hidden = hidden_sources(sources)
    if hidden == sources:
        return whole
    text = json.dumps({**claims, SOURCES: hidden}).encode()
    return f"{header}.{urlsafe_b64encode(text).rstrip(b'=').decode()}.{HIDDEN}"


def _hidden(source: Any) -> Any:
    if isinstance(source, Mapping) and "access_token" in source:
        return {**source, "access_token": HIDDEN}
    return source
