"""The `claims` request parameter (OIDC Core 5.5)."""

from collections.abc import Mapping
from typing import Any

from oidc_harness.protocol.errors import OAuthError, invalid_request
from oidc_harness.protocol.jose_compact import json_object
from oidc_harness.protocol.jose_error import JoseError
from oidc_harness.protocol.scope import PERSONAL_CLAIMS
from oidc_harness.protocol.spec import spec

ClaimsRequest = Mapping[str, Mapping[str, Mapping[str, Any] | None]]
"""`userinfo` and `id_token`, each claim name → None or `essential`, `value`, `values`."""

_WHERE = spec("OIDCC-5.5")


def parse_claims(text: str | None) -> ClaimsRequest:
    """The claims asked for one by one. Unknown members are ignored; malformed text raises `invalid_request`."""
    if text is None:
        return {}
    try:
        document = json_object(text.encode(), "claims parameter")
    except JoseError as error:
        raise invalid_request("claims is malformed", str(error), _WHERE) from None
    return {place: _requests(place, document[place]) for place in ("userinfo", "id_token") if place in document}


def _requests(place: str, members: object) -> dict[str, Mapping[str, Any] | None]:
    if members is None:
        return {}
    if not isinstance(members, dict):
        raise _malformed(f"{place} is not an object")
    for name, request in members.items():
        if request is not None and not isinstance(request, dict):
            raise _malformed(f"{place}.{name} is neither null nor an object")
        if request and not isinstance(request.get("values", []), list):
            raise _malformed(f"{place}.{name}.values is no array (OIDC Core 5.5.1)")
    return members


def requested_values(claims: ClaimsRequest, place: str, name: str) -> tuple[object, ...]:
    """The values a claim may have, in order of preference (`value` or `values`)."""
    return _values(claims.get(place, {}).get(name) or {})


def permits(request: Mapping[str, Any] | None, value: object) -> bool:
    """Whether a claim of this value is what was asked for (OIDC Core 5.5.1)."""
    wanted = _values(request or {})
    # In JSON true is no number.
    return not wanted or any(each == value and isinstance(each, bool) == isinstance(value, bool) for each in wanted)


def _values(request: Mapping[str, Any]) -> tuple[object, ...]:
    if request.get("value") is not None:
        return (request["value"],)
    return tuple(request.get("values", ()))


def is_essential(claims: ClaimsRequest, place: str, name: str) -> bool:
    """Whether the claim was asked for as essential."""
    request = claims.get(place, {}).get(name)
    return bool(request) and request is not None and request.get("essential") is True


def claim_names(claims: ClaimsRequest, sourced: frozenset[str]) -> tuple[str, ...]:
    """Every claim about the person that is asked for one by one, each once: what there is to consent to.

    Not `acr` and the like, which tell of the sign-in, nor claims unknown here, which are never told. Its language makes
    no difference. `sourced`: claims that other providers have about this person.
    """
    names = (_base(name) for place in claims.values() for name in place)
    return tuple(dict.fromkeys(name for name in names if name in PERSONAL_CLAIMS or name in sourced))


def consented(claims: ClaimsRequest, sourced: frozenset[str]) -> ClaimsRequest:
    """The request without what nobody was asked about, so that what is known of the person later stays untold."""
    names = claim_names(claims, sourced)
    return {
        place: {name: request for name, request in asked.items() if _base(name) in names}
        for place, asked in claims.items()
    }


def _base(name: str) -> str:
    return name.partition("#")[0]


def _malformed(what: str) -> OAuthError:
    return invalid_request("claims is malformed", f"claims {what}", _WHERE)
