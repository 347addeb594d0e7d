"""OAuthError: a refusal as a value, and a factory per registered code.

The client is told `code` and `description`, as the specification says. The person and the journal are told `detail`:
what was expected, what came, and what to do about it.
"""

from dataclasses import dataclass

from oidc_harness.model.application import Application
from oidc_harness.model.write import Write
from oidc_harness.protocol.spec import Spec, spec

LONGEST_DESCRIPTION = 200
"""Characters of an `error_description`: it may go into a header, and quote what a client sent."""
BASIC_CHALLENGE = 'Basic realm="client"'
BEARER_CHALLENGE = 'Bearer realm="userinfo"'
"""A challenge has at least one parameter (RFC 6750 3)."""


class OAuthError(Exception):
    """A request refused by a rule of the protocol (RFC 6749 4.1.2.1, 5.2; RFC 6750 3.1; OIDC Core 3.1.2.6)."""

    def __init__(self, code: str, description: str, *, where: Spec, detail: str = "", status: int = 400) -> None:
        """`code` and `description` go to the client, `detail` to people; `where` is the clause that was broken."""
        super().__init__(f"{code}: {detail or description}")
        self.code = code
        self.description = _printable(description)
        self.detail = detail or description
        self.where = where
        self.status = status
        self.writes: tuple[Write, ...] = ()
        self.challenge: str | None = None
        """Value of `WWW-Authenticate`, where the answer carries one (RFC 6749 5.2, RFC 6750 3)."""

    def writing(self, *writes: Write) -> "OAuthError":
        """The same error, which also changes records: a replayed code revokes what it gave (RFC 6749 4.1.2)."""
        self.writes += writes
        return self

    def challenging(self, challenge: str) -> "OAuthError":
        """The same error, answered with this `WWW-Authenticate`."""
        self.challenge = challenge
        return self


class TellPerson(OAuthError):
    """An authorization request that must not be answered by a redirect: the person is shown a page (F5)."""


class WrongMethod(OAuthError):
    """A request by a method that its address does not take (RFC 9110 15.5.6): nothing was looked at."""

    def __init__(self, method: str, allowed: tuple[str, ...]) -> None:
        """`allowed`: the methods that are taken, which the answer lists too."""
        description = f"{method} is not answered here, send {' or '.join(allowed)}"
        super().__init__("invalid_request", description, where=spec("RFC9110-15.5.6"), status=405)
        self.allowed = allowed


@dataclass(frozen=True, slots=True)
class ReplyTo:
    """Where the browser may be sent with an answer: known once client and redirect URI are."""

    redirect_uri: str
    response_mode: str
    state: str | None


class TellClient(Exception):
    """An authorization request refused by a redirect to the client (RFC 6749 4.1.2.1)."""

    def __init__(self, error: OAuthError, reply_to: ReplyTo, application: Application | None = None) -> None:
        """`error` is what is told, `reply_to` where, `application` the client there."""
        super().__init__(str(error))
        self.error = error
        self.reply_to = reply_to
        self.application = application


def _printable(text: str) -> str:
    """RFC 6749 allows %x20-21 / %x23-5B / %x5D-7E in `error_description`; anything else is replaced."""
    if len(text) > LONGEST_DESCRIPTION:
        text = text[: LONGEST_DESCRIPTION - 3] + "..."
    return "".join(
        character if " " <= character <= "~" and character not in '"\\' else "'" if character in '"\\' else "?"
        for character in text
    )


def invalid_request(description: str, detail: str = "", where: Spec | None = None) -> OAuthError:
    """The request lacks a parameter, repeats one, or is otherwise malformed (RFC 6749 4.1.2.1, 5.2)."""
    return OAuthError("invalid_request", description, detail=detail, where=where or spec("RFC6749-5.2"))


def not_found(description: str, detail: str = "", where: Spec | None = None) -> OAuthError:
    """Nothing is known here of what is asked about (RFC 7033 4.2, RFC 9110 15.5.5)."""
    return OAuthError("not_found", description, detail=detail, where=where or spec("RFC9110-15.5.5"), status=404)


def invalid_client(description: str, detail: str = "", where: Spec | None = None) -> OAuthError:
    """Client authentication failed (RFC 6749 5.2). A 401 carries a challenge, whatever was tried (RFC 9110 15.5.2)."""
    error = OAuthError("invalid_client", description, detail=detail, where=where or spec("RFC6749-5.2"), status=401)
    return error.challenging(BASIC_CHALLENGE)


def invalid_grant(description: str, detail: str = "", where: Spec | None = None) -> OAuthError:
    """The code or refresh token is wrong, dead or somebody else's (RFC 6749 5.2)."""
    return OAuthError("invalid_grant", description, detail=detail, where=where or spec("RFC6749-5.2"))


def invalid_scope(description: str, detail: str = "", where: Spec | None = None) -> OAuthError:
    """The scope is unknown, malformed, or more than was granted (RFC 6749 5.2)."""
    return OAuthError("invalid_scope", description, detail=detail, where=where or spec("RFC6749-3.3"))


def unauthorized_client(description: str, detail: str = "", where: Spec | None = None) -> OAuthError:
    """The client may not use this grant or response type (RFC 6749 4.1.2.1, 5.2)."""
    return OAuthError("unauthorized_client", description, detail=detail, where=where or spec("RFC6749-5.2"))


def unsupported_grant_type(description: str, detail: str = "") -> OAuthError:
    """The grant type is not offered here (RFC 6749 5.2)."""
    return OAuthError("unsupported_grant_type", description, detail=detail, where=spec("RFC6749-5.2"))


def unsupported_response_type(description: str, detail: str = "") -> OAuthError:
    """The response type is not offered here (RFC 6749 4.1.2.1)."""
    return OAuthError("unsupported_response_type", description, detail=detail, where=spec("RFC6749-3.1.1"))


def access_denied(description: str, detail: str = "", where: Spec | None = None) -> OAuthError:
    """The person, or a rule about the person, said no (RFC 6749 4.1.2.1)."""
    return OAuthError("access_denied", description, detail=detail, where=where or spec("RFC6749-4.1.2.1"))


def login_required(description: str, detail: str = "") -> OAuthError:
    """`prompt=none`, and the person would have to sign in (OIDC Core 3.1.2.6)."""
    return OAuthError("login_required", description, detail=detail, where=spec("OIDCC-3.1.2.6"))


def consent_required(description: str, detail: str = "") -> OAuthError:
    """`prompt=none`, and the person would have to consent (OIDC Core 3.1.2.6)."""
    return OAuthError("consent_required", description, detail=detail, where=spec("OIDCC-3.1.2.6"))


def not_supported(code: str, description: str) -> OAuthError:
    """`request_not_supported`, `request_uri_not_supported`, `registration_not_supported` (OIDC Core 3.1.2.6)."""
    return OAuthError(code, description, where=spec("OIDCC-3.1.2.6"))


def invalid_request_uri(description: str, detail: str = "", where: Spec | None = None) -> OAuthError:
    """The request object is not to be had from where the request says (OIDC Core 3.1.2.6)."""
    return OAuthError("invalid_request_uri", description, detail=detail, where=where or spec("OIDCC-6.2"))


def invalid_request_object(description: str, detail: str = "", where: Spec | None = None) -> OAuthError:
    """The request object is malformed, not signed as it must be, or not good for this request (OIDC Core 3.1.2.6)."""
    return OAuthError("invalid_request_object", description, detail=detail, where=where or spec("OIDCC-6.1"))


def invalid_token(description: str, detail: str = "", where: Spec | None = None) -> OAuthError:
    """The access token is unknown, expired, revoked or malformed (RFC 6750 3.1)."""
    return OAuthError("invalid_token", description, detail=detail, where=where or spec("RFC6750-3.1"), status=401)


def insufficient_scope(description: str, detail: str = "") -> OAuthError:
    """The access token is good, but not for this (RFC 6750 3.1)."""
    return OAuthError("insufficient_scope", description, detail=detail, where=spec("RFC6750-3.1"), status=403)


def invalid_software_statement(description: str, detail: str = "", where: Spec | None = None) -> OAuthError:
    """The software statement is malformed, not signed by its issuer, or not good now (RFC 7591 3.2.2)."""
    return OAuthError("invalid_software_statement", description, detail=detail, where=where or spec("RFC7591-3.1.1"))


def unapproved_software_statement(description: str, detail: str = "") -> OAuthError:
    """Nobody who is trusted here vouches for the client (RFC 7591 3.2.2)."""
    return OAuthError("unapproved_software_statement", description, detail=detail, where=spec("RFC7591-3.1.1"))
