"""Nimbus, under many a Java client: registers itself, signs in by code and hybrid flow, and hears of its logout."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from oidc_harness.model.realm_policy import RealmPolicy
from tests.support import records
from tests.support.world import MakeWorld

from .programs import IS_FULL, free_port, run_client

pytestmark = pytest.mark.interop

FOLDER = Path(__file__).with_name("java")
BUILT = FOLDER / "build"
OUT_OF_REACH = ("Could not transfer", "Could not resolve", "could not be resolved", "Could not find artifact")
"""What Maven says where it cannot fetch what it needs."""

CODE = ["authorization_code", "refresh_token"]
REGISTRATIONS: dict[str, dict[str, Any]] = {
    "basic": {"response_types": ["code"], "grant_types": CODE},
    "secret-jwt": {
        "response_types": ["code"],
        "grant_types": CODE,
        "token_endpoint_auth_method": "client_secret_jwt",
        "id_token_signed_response_alg": "HS512",
        "request_object_signing_alg": "RS256",
    },
    "hybrid": {
        "response_types": ["code id_token"],
        "grant_types": [*CODE, "implicit"],
        "token_endpoint_auth_method": "private_key_jwt",
        "id_token_signed_response_alg": "ES256",
        "request_object_signing_alg": "ES256",
        "userinfo_signed_response_alg": "ES256",
    },
    "encrypted": {
        "response_types": ["code id_token token"],
        "grant_types": [*CODE, "implicit"],
        "token_endpoint_auth_method": "private_key_jwt",
        "id_token_signed_response_alg": "PS256",
        "id_token_encrypted_response_alg": "RSA-OAEP",
        "id_token_encrypted_response_enc": "A256GCM",
        "userinfo_signed_response_alg": "RS256",
        "userinfo_encrypted_response_alg": "RSA-OAEP",
        "userinfo_encrypted_response_enc": "A128CBC-HS256",
        "request_object_signing_alg": "PS256",
        "subject_type": "pairwise",
    },
}


@pytest.fixture(scope="session")
def nimbus() -> list[str]:
    """The command that runs the client. It is built where everything has to run, unless that was done before."""
    java, maven = shutil.which("java"), shutil.which("mvn")
    if java is None or maven is None:
        pytest.skip("java and mvn are not installed: the client in Java cannot be built")
    if IS_FULL and not _is_built():
        built = subprocess.run(
            [maven, "--batch-mode", "--quiet", "compile"], cwd=FOLDER, capture_output=True, text=True
        )
        if any(words in built.stdout for words in OUT_OF_REACH):
            pytest.skip(f"what the client in Java needs cannot be fetched: {built.stdout.strip()[:500]}")
        assert built.returncode == 0, built.stdout + built.stderr
    if not _is_built():
        pytest.skip("the client in Java is not built: make test-full does that")
    return [java, "-cp", f"{BUILT}/classes:{BUILT}/libraries/*", "interop.Nimbus"]


def _is_built() -> bool:
    """Whether every source has its class, and no source is younger."""
    sources = [*FOLDER.glob("src/main/java/interop/*.java")]
    classes = [BUILT / "classes" / "interop" / f"{source.stem}.class" for source in sources]
    if not all(each.exists() for each in [BUILT / "libraries", *classes]):
        return False
    youngest = max(each.stat().st_mtime for each in [FOLDER / "pom.xml", *sources])
    return youngest <= min(each.stat().st_mtime for each in classes)


@pytest.mark.parametrize("registration", REGISTRATIONS)
async def test_nimbus_completes_its_flow(registration: str, nimbus: list[str], make_world: MakeWorld) -> None:
    policy = RealmPolicy(sign_in="auto", default_persona=records.ALICE, dynamic_registration="open", pkce="S256")
    world = await make_world(policy)
    await world.add(records.user())
    metadata = REGISTRATIONS[registration]
    for alg in {metadata.get("id_token_signed_response_alg"), metadata.get("userinfo_signed_response_alg")}:
        if alg and not alg.startswith("HS"):
            await world.rotate(alg)
    seen = await run_client(
        *nimbus,
        told={
            "issuer": world.issuer,
            "metadata": {
                "redirect_uris": ["http://127.0.0.1:8765/callback"],
                "post_logout_redirect_uris": ["http://127.0.0.1:8765/goodbye"],
                "backchannel_logout_uri": f"http://127.0.0.1:{free_port()}/logout",
                **metadata,
            },
        },
    )
    asked = next(exchange.request for exchange in world.exchanges if exchange.endpoint == "authorize")
    assert ("request" in dict(asked.query)) == ("request_object_signing_alg" in metadata)
    subject = seen.pop("subject")
    assert (subject == "user-alice") == (metadata.get("subject_type") != "pairwise")
    assert seen == {
        "userinfo_subject": subject,
        "email": f"{records.ALICE}@people.example",
        "refreshed_subject": subject,
        "rotated": True,
        "live": True,
        "dead": False,
        "goodbye": "http://127.0.0.1:8765/goodbye?state=bye",
        "ended_session": True,
        "ended_subject": subject,
    }
