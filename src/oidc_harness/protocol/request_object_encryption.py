"""A request object that only the provider can read (OIDC Core 6.1, 10.2; RFC 9101 4, 6.1)."""

from oidc_harness.model.key import KeyRing
from oidc_harness.protocol.errors import invalid_request_object
from oidc_harness.protocol.jose_composer import compose
from oidc_harness.protocol.jose_decryption import Decrypted, decrypt, is_encrypted
from oidc_harness.protocol.jose_error import JoseError, shown
from oidc_harness.protocol.signature import UNSIGNED
from oidc_harness.protocol.spec import spec


def open_object(text: str, keys: KeyRing) -> str:
    """The object in an encrypted one, for every rule about it to be held against; any other as it is.

    It was signed before it was encrypted, or not at all. Raises `invalid_request_object`.
    """
    if not is_encrypted(text):
        return text
    try:
        return _inside(decrypt(text, keys))
    except JoseError as reason:
        raise invalid_request_object("the request object cannot be opened", str(reason), spec("RFC9101-6.1")) from None


def _inside(decrypted: Decrypted) -> str:
    """A JWT, or else claims, which are what an unsigned object is (RFC 7519 7.2).

    `cty` says that it is a JWT, but not every client's library sends it; claims are known by being an object.
    """
    cty = decrypted.header.get("cty")
    if cty is not None and not (isinstance(cty, str) and cty.lower() == "jwt"):
        raise JoseError(f"Its cty is {shown(cty)}; expected JWT for a signed object in an encrypted one (RFC 7519 5.2)")
    if cty is not None or not decrypted.plaintext.startswith(b"{"):
        return decrypted.plaintext.decode("ascii", "replace")
    typ = {"typ": decrypted.header["typ"]} if "typ" in decrypted.header else {}
    return compose({"alg": UNSIGNED, **typ}, decrypted.plaintext, None)
