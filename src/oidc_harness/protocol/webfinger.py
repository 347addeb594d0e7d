"""WebFinger: who is the issuer of somebody (RFC 7033, OIDC Discovery 2)? It says so for every name, known or not."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from oidc_harness.protocol.errors import invalid_request, not_found
from oidc_harness.protocol.request import Pairs
from oidc_harness.protocol.spec import spec

ISSUER_RELATION = "http://openid.net/specs/connect/1.0/issuer"
LONGEST_RESOURCE = 2048
"""Characters of the identifier that is asked about."""
_PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an identifier leads."""

    host: str
    port: int | None
    """None: it says nothing of a port."""
    path: str


def descriptor(query: Pairs, issuer: str) -> Mapping[str, Any]:
    """The JRD for the request's `resource` (RFC 7033 4.2 to 4.4), with the links that its `rel` asks for.

    Raises `invalid_request`, and `not_found` for what is not of this issuer's host.
    """
    resource = asked_resource(query)
    place = _place(resource)
    if place is None:
        raise invalid_request(
            "resource is not a URI of a person or place",
            f"resource {resource!r}: expected acct:user@host, or an address with http or https",
            spec("RFC7033-4.2"),
        )
    if not _leads_to(place, issuer):
        raise not_found(
            "this server knows nothing of that resource",
            f"resource {resource!r} is not on the host of the issuer {issuer}",
            spec("RFC7033-4.2"),
        )
    relations = [value for name, value in query if name == "rel"]
    wanted = not relations or ISSUER_RELATION in relations
    return {"subject": resource, "links": [{"rel": ISSUER_RELATION, "href": issuer}] if wanted else []}


def asked_resource(query: Pairs) -> str:
    """The one `resource` of a request. Raises `invalid_request` (RFC 7033 4.2)."""
    found = [value for name, value in query if name == "resource"]
    if len(found) != 1 or not found[0]:
        told = "is missing" if not any(found) else "is given twice"
        raise invalid_request(f"resource {told}", "a query has exactly one resource", spec("RFC7033-4.1"))
    if len(found[0]) > LONGEST_RESOURCE:
        detail = f"resource has {len(found[0])} characters; at most {LONGEST_RESOURCE} are taken"
        raise invalid_request("resource is too long", detail, spec("RFC7033-4.2"))
    return found[0]


def is_below(resource: str, issuer: str) -> bool:
    """Whether an address is that of the issuer, or one under it: of several issuers of a host the nearest is meant."""
    place = _place(resource)
    if place is None or resource[:5].lower() == "acct:" or not _leads_to(place, issuer):
        return False
    path = urlsplit(issuer).path
    return place.path == path or place.path.startswith(path + "/")


def _leads_to(place: _Place, issuer: str) -> bool:
    """An `acct:` has no port, and stands for its host whatever the port of its server is (RFC 7565 4)."""
    own = _address(issuer)
    return own is not None and place.host == own.host and place.port in (own.port, None)


def _place(resource: str) -> _Place | None:
    """Where it leads; None for what is no identifier that is understood here."""
    if any(character <= " " or not character.isprintable() for character in resource):
        return None
    scheme, _, rest = resource.partition(":")
    if scheme.lower() == "acct":
        return _account(rest)
    return _address(resource) if scheme.lower() in _PORTS else None


def _account(rest: str) -> _Place | None:
    """The host stands behind the last `@`; what stands before it is the user's own business."""
    user, at, host = rest.rpartition("@")
    if not user or not at or set(host) & set("/?#"):
        return None
    found = _address(f"https://{host}")
    given = found is not None and host.rpartition(":")[2] == str(found.port)
    return _Place(found.host, found.port if given else None, "") if found is not None else None


def _address(url: str) -> _Place | None:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    return _Place(host, port or _PORTS.get(parts.scheme), parts.path.rstrip("/")) if host else None
