"""The `Authorization` header, which may be sent once (RFC 6749 2.3, RFC 6750 2)."""

from oidc_harness.protocol.errors import invalid_request
from oidc_harness.protocol.request import Request
from oidc_harness.protocol.spec import Spec


def authorization_header(request: Request, where: Spec) -> str | None:
    """Its value, or None. Raises `invalid_request` for more than one: `where` is the clause that allows one method.

    Which of two a client means cannot be told; whoever stands in front of us may have taken the other one.
    """
    values = request.values_of("Authorization")
    if len(values) > 1:
        detail = f"the request has {len(values)} Authorization headers; send one"
        raise invalid_request("more than one Authorization header", detail, where)
    return values[0] if values else None
