"""Encrypting to a key: opened by another library; which key is fit."""

import warnings
from typing import Any

import pytest

from oidc_harness.protocol.jose import JoseError, encrypt, encryption_key
from oidc_harness.protocol.jose_encryption import fits, keys_for
from tests.support.decryption import ALGORITHMS, ECDH, ENCODINGS, key_for, private_key, public

with warnings.catch_warnings():
    # See jose_keys.py beside this file.
    import authlib.deprecate  # noqa: F401

    warnings.simplefilter("ignore")
    from authlib.jose import JsonWebEncryption, JsonWebKey

RSA, P256 = public(private_key("RSA")), public(private_key("EC", "P-256"))


@pytest.mark.parametrize("enc", ENCODINGS)
@pytest.mark.parametrize("alg", ALGORITHMS)
def test_another_library_opens_it(alg: str, enc: str) -> None:
    token = encrypt("öffne mich", public(key_for(alg)), alg=alg, enc=enc, cty=None)
    reader = JsonWebEncryption(algorithms=[alg, enc])
    found = reader.deserialize_compact(token, JsonWebKey.import_key(key_for(alg)))
    assert found["payload"].decode() == "öffne mich"
    assert (found["header"]["alg"], found["header"]["enc"]) == (alg, enc)


def test_each_time_otherwise() -> None:
    assert encrypt("x", RSA, alg="RSA-OAEP", enc="A128GCM", cty=None) != encrypt(
        "x", RSA, alg="RSA-OAEP", enc="A128GCM", cty=None
    )


FIT: list[tuple[dict[str, Any], str, bool]] = [
    *[(RSA, alg, alg not in ECDH) for alg in ALGORITHMS],
    *[(P256, alg, alg in ECDH) for alg in ALGORITHMS],
    *[(public(private_key("OKP", crv)), "ECDH-ES", crv.startswith("X")) for crv in ("X25519", "X448", "Ed25519")],
    (public(private_key("EC", "secp256k1")), "ECDH-ES", False),
    ({**RSA, "use": "sig"}, "RSA-OAEP", False),
    (public(RSA, use=None), "RSA-OAEP", True),
    ({**RSA, "alg": "RSA-OAEP"}, "RSA-OAEP", True),
    ({**RSA, "alg": "RSA-OAEP"}, "RSA-OAEP-256", False),
    ({**RSA, "alg": "RS256"}, "RSA-OAEP", False),
    ({**RSA, "key_ops": ["wrapKey"]}, "RSA-OAEP", True),
    ({**RSA, "key_ops": ["encrypt", "verify"]}, "RSA-OAEP", True),
    ({**RSA, "key_ops": ["verify"]}, "RSA-OAEP", False),
    ({**RSA, "key_ops": [{}, ["wrapKey"]]}, "RSA-OAEP", False),
    ({**RSA, "key_ops": "wrapKey"}, "RSA-OAEP", False),
    ({**P256, "key_ops": []}, "ECDH-ES", True),
    ({**P256, "key_ops": ["deriveKey"]}, "ECDH-ES", True),
    ({**P256, "crv": "P-999"}, "ECDH-ES", False),
    ({**P256, "x": P256["y"]}, "ECDH-ES", False),
    ({**public(private_key("OKP", "X25519")), "x": "AQAB"}, "ECDH-ES", False),
    ({**RSA, "e": "AA"}, "RSA-OAEP", False),
    ({**P256, "x": 1}, "ECDH-ES", False),
    ({**RSA, "n": "AQAB"}, "RSA-OAEP", False),
    ({"kty": "oct", "k": "AAAA"}, "RSA-OAEP", False),
    ({"kty": []}, "RSA-OAEP", False),
    ({}, "RSA-OAEP", False),
]


@pytest.mark.parametrize(("jwk", "alg", "fit"), FIT)
def test_whether_a_key_is_fit(jwk: dict[str, Any], alg: str, fit: bool) -> None:
    assert fits(jwk, alg) is fit
    assert (encryption_key([jwk], alg) is not None) is fit
    if not fit:
        with pytest.raises(JoseError):
            encrypt("x", jwk, alg=alg, enc="A128GCM", cty=None)


def test_a_point_with_which_all_agree_on_one_key() -> None:
    """RFC 7748 6.1."""
    jwk = {**public(private_key("OKP", "X25519")), "x": "A" * 43}
    assert fits(jwk, "ECDH-ES")
    with pytest.raises(JoseError, match="Nothing can be encrypted"):
        encrypt("x", jwk, alg="ECDH-ES", enc="A128GCM", cty=None)


def test_what_is_fit_in_words() -> None:
    assert keys_for("RSA-OAEP-256") == "RSA"
    assert keys_for("ECDH-ES") == "EC P-256, EC P-384, EC P-521, OKP X25519, OKP X448"
