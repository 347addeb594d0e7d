"""The compact form: three base64url parts, the first two JSON objects — RFC 7515 3.1 and 7.1, RFC 7519 7.2.

Reading is strict: what two readers could understand differently is refused, so that nobody verifies one thing
and uses another (RFC 8725 2.6, 3.7).
"""

import json
import math
from base64 import b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from oidc_harness.protocol.jose_error import JoseError, shown

MAXIMUM_CHARACTERS = 65_536
"""Longest token that is looked at."""
MAXIMUM_DEPTH = 32
"""Deepest nesting of objects and lists in a header or payload."""


@dataclass(frozen=True, slots=True)
class Compact:
    """A token taken apart; nothing about it is verified yet."""

    header: dict[str, Any]
    payload: bytes
    signature: bytes
    signing_input: bytes
    """What the signature is over: the first two parts as they came (RFC 7515 5.1)."""


def split(token: str) -> Compact:
    """The parts of a token in compact form. Raises JoseError."""
    header, payload, signature = _three_parts(token)
    return Compact(
        header=json_object(base64url_decode(header, "header"), "header"),
        payload=base64url_decode(payload, "payload"),
        signature=base64url_decode(signature, "signature"),
        signing_input=f"{header}.{payload}".encode("ascii"),
    )


def decode_unverified(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and claims of a token as it came, for showing to people; nothing is verified.

    Raises JoseError when it can't be taken apart.
    """
    compact = split(token)
    return compact.header, json_object(compact.payload, "payload")


def _three_parts(token: str) -> list[str]:
    if not token.isascii():
        raise JoseError("The token is not ASCII text in compact form")
    if len(token) > MAXIMUM_CHARACTERS:
        raise JoseError(f"The token has {len(token)} characters; at most {MAXIMUM_CHARACTERS} are accepted")
    dots = token.count(".")
    if dots == 4:
        raise JoseError("The token has five parts, so it is encrypted (RFC 7516); a signed one has three")
    if dots != 2:
        raise JoseError(f"The token has {dots + 1} parts; the compact form of a signed one has three (RFC 7515 7.1)")
    return token.split(".")


def base64url(data: bytes) -> str:
    """BASE64URL without padding — RFC 7515 2."""
    return urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def base64url_decode(text: str, what: str) -> bytes:
    """The octets of canonical BASE64URL without padding — RFC 7515 2.

    Raises JoseError, which names `what` was read.
    """
    try:
        data = b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (Base64Error, ValueError):
        raise JoseError(f"The {what} is not base64url") from None
    # Padding, line breaks, "+", "/" and unused bits would give one token several spellings.
    if base64url(data) != text:
        raise JoseError(f"The {what} is not in the one canonical form of base64url (RFC 7515 2)")
    return data


def json_object(data: bytes, what: str) -> dict[str, Any]:
    """The JSON object in `data`, read strictly: UTF-8, no name twice, finite numbers, bounded depth.

    Raises JoseError naming `what` was read.
    """
    try:
        value = _parse(data.decode("utf-8"))
    except _Refused as refused:
        raise JoseError(f"The {what} {refused}") from None
    except (ValueError, RecursionError):
        raise JoseError(f"The {what} is not JSON in UTF-8") from None
    if not isinstance(value, dict):
        raise JoseError(f"The {what} is not a JSON object")
    return value


class _Refused(ValueError):
    """JSON of a kind that is not accepted. The message goes on from "The payload ..."."""


def _parse(text: str) -> object:
    value: object = _DECODER.decode(text)
    if text.count("{") + text.count("[") > MAXIMUM_DEPTH and deeper_than(value, MAXIMUM_DEPTH):
        raise _Refused(f"is nested deeper than {MAXIMUM_DEPTH} levels")
    # An escaped half of a surrogate pair is no character; it could be stored but never sent on.
    if "\\u" in text and not _encodable(value):
        raise _Refused("has text that is not Unicode")
    return value


def deeper_than(value: object, levels: int) -> bool:
    """Whether objects and lists are nested in each other more than `levels` deep."""
    layer = [value]
    for _ in range(levels):
        layer = [child for node in layer for child in _children(node)]
    return any(isinstance(node, Mapping | list | tuple) for node in layer)


def _children(node: object) -> Iterable[object]:
    if isinstance(node, Mapping):
        return node.values()
    return node if isinstance(node, list | tuple) else ()


def _encodable(value: object) -> bool:
    try:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        [(twice, _)] = Counter(name for name, _ in pairs).most_common(1)
        raise _Refused(f"has the member {shown(twice)} twice (RFC 7515 4, RFC 7519 4)")
    return members


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise _Refused(f"has the number {shown(text)}, which is too large")
    return number


def _no_constant(name: str) -> NoReturn:
    raise _Refused(f"has {name}, which is not JSON")


_DECODER = json.JSONDecoder(object_pairs_hook=_distinct, parse_float=_finite, parse_constant=_no_constant)
