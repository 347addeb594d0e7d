"""Proof Key for Code Exchange (RFC 7636), and when it is required (A26)."""

import re
from base64 import urlsafe_b64encode
from dataclasses import replace
from hashlib import sha256
from hmac import compare_digest

from oidc_harness.model.application import Application
from oidc_harness.model.code import Code
from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.protocol.difference import describe_difference
from oidc_harness.protocol.errors import invalid_grant, invalid_request
from oidc_harness.protocol.parameters import Parameters
from oidc_harness.protocol.spec import spec

METHODS = ("S256", "plain")
_STRICTNESS = ("off", "allowed", "required", "S256")
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]{43,128}")


def methods_offered(policy: RealmPolicy) -> tuple[str, ...]:
    """What the metadata announce (RFC 8414 2)."""
    return ("S256",) if policy.pkce == "S256" else METHODS


def held_to(policy: RealmPolicy, application: Application) -> Application:
    """The application under the stricter of its own setting and the realm's."""
    if policy.pkce == "allowed" or _STRICTNESS.index(application.pkce) >= _STRICTNESS.index(policy.pkce):
        return application
    return replace(application, pkce=policy.pkce)


def accept_challenge(parameters: Parameters, application: Application) -> tuple[str | None, str | None]:
    """Challenge and method of an authorization request, or (None, None) (RFC 7636 4.3, 4.4.1).

    Raises `invalid_request` where PKCE is required and missing, or malformed.
    """
    challenge = parameters.get("code_challenge")
    method = parameters.get("code_challenge_method")
    if not _looks_at_challenge(application):
        return None, None
    if challenge is None:
        _refuse_missing(method, application)
        return None, None
    method = method or "plain"
    _check_method(method, application)
    if not _UNRESERVED.fullmatch(challenge):
        raise invalid_request(
            "code_challenge is malformed",
            f"code_challenge {challenge!r}: expected 43 to 128 characters of A-Z a-z 0-9 - . _ ~",
            spec("RFC7636-4.2"),
        )
    return challenge, method


def _looks_at_challenge(application: Application) -> bool:
    return application.public or application.pkce != "off"


def _refuse_missing(method: str | None, application: Application) -> None:
    if method is not None:
        raise invalid_request("code_challenge is missing", "code_challenge_method came alone", spec("RFC7636-4.3"))
    if application.public or application.pkce in ("required", "S256"):
        setting = f"its PKCE setting, or that of the realm, is {application.pkce}"
        why = "it is a public client" if application.public else setting
        raise invalid_request(
            "code_challenge is required",
            f"application {application.id} must use PKCE: {why}",
            spec("RFC7636-4.4.1"),
        )


def _check_method(method: str, application: Application) -> None:
    offered = ("S256",) if application.pkce == "S256" else METHODS
    if method not in offered:
        raise invalid_request(
            "code_challenge_method is not supported",
            f"code_challenge_method {method!r}; this application may use {', '.join(offered)}",
            spec("RFC7636-4.4.1"),
        )


def check_verifier(verifier: str | None, code: Code, application: Application) -> None:
    """Compare the verifier of a token request with the challenge (RFC 7636 4.6). Raises `invalid_grant`.

    A verifier for a code that was asked for without a challenge is refused too: it shows that the challenge was
    removed on the way (RFC 9700 4.8.2). Where PKCE is off, neither is looked at (RFC 7636 5).
    """
    if code.code_challenge is None:
        if verifier is not None and _looks_at_challenge(application):
            raise invalid_grant(
                "code_verifier without code_challenge",
                "the token request has a code_verifier, but the authorization request had no code_challenge",
                spec("RFC9700-4.8.2"),
            )
        return
    if verifier is None:
        raise invalid_grant("code_verifier is missing", "the code was asked for with PKCE", spec("RFC7636-4.5"))
    if not _UNRESERVED.fullmatch(verifier):
        raise invalid_grant(
            "code_verifier is malformed",
            "code_verifier: expected 43 to 128 characters of A-Z a-z 0-9 - . _ ~",
            spec("RFC7636-4.1"),
        )
    computed = challenge_of(verifier) if code.code_challenge_method == "S256" else verifier
    if not compare_digest(computed, code.code_challenge):
        raise invalid_grant(
            "code_verifier does not fit",
            describe_difference(f"code_challenge by {code.code_challenge_method}", code.code_challenge, computed),
            spec("RFC7636-4.6"),
        )


def challenge_of(verifier: str) -> str:
    """The S256 challenge of a verifier (RFC 7636 4.2)."""
    return urlsafe_b64encode(sha256(verifier.encode("ascii")).digest())[:-1].decode("ascii")
