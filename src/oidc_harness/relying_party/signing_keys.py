"""Which keys a client may verify a signature with: those of the one algorithm it is registered for."""

from typing import Any

from .client import Document
from .registration import Registration

CURVES = {"ES256": "P-256", "ES384": "P-384", "ES512": "P-521"}
KEY_TYPES = {"RS": "RSA", "PS": "RSA", "ES": "EC", "HS": "oct"}
ALGORITHMS = tuple(f"{family}{bits}" for family in KEY_TYPES for bits in (256, 384, 512))


def usable_keys(key_set: Document, registration: Registration, kid: str | None) -> list[Any]:
    """The pyjwkest keys that fit; keys that can't be understood are passed over (RFC 7517 5).

    A symmetric algorithm is verified with the client secret and never with anything the provider published
    (OpenID Connect Core 10.1). `kid` None means that the token names no key.
    """
    if registration.id_token_alg.startswith("HS"):
        return _secret_key(registration, kid)
    published = key_set.get("keys")
    members = published if isinstance(published, list) else []
    fitting = [member for member in members if _fits(member, registration.id_token_alg, kid)]
    return [key for member in fitting for key in _loaded(member)]


def _fits(member: object, algorithm: str, kid: str | None) -> bool:
    if not isinstance(member, dict) or member.get("kty") != KEY_TYPES[algorithm[:2]]:
        return False
    fits_curve = algorithm not in CURVES or member.get("crv") == CURVES[algorithm]
    fits_use = member.get("use", "sig") == "sig" and member.get("alg", algorithm) == algorithm
    return fits_curve and fits_use and (kid is None or member.get("kid") == kid)


def _loaded(member: Document) -> list[Any]:
    # Lazily, as everything that pulls pyoidc in.
    from oic.utils.keyio import KeyBundle

    bundle: Any = KeyBundle
    public = {name: value for name, value in member.items() if name not in ("x5c", "x5t", "x5u")}
    try:
        return list(bundle(keys=[public]).available_keys())
    # pyjwkest tells of a broken key by ValueError, TypeError, AttributeError and its own exceptions alike.
    except Exception:
        return []


def _secret_key(registration: Registration, kid: str | None) -> list[Any]:
    if not registration.client_secret:
        return []
    from jwkest.jwk import SYMKey

    # pyjwkest passes over a key whose id is not the token's; the secret has no id of its own.
    return [SYMKey(key=registration.client_secret, kid=kid or "")]
