"""go-oidc completes code flow with PKCE, userinfo and refresh, and hears by the back channel that it is over."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support import records
from tests.support.world import World

from .programs import IS_FULL, free_port, run_client

pytestmark = pytest.mark.interop

FOLDER = Path(__file__).with_name("go")
PROGRAM = FOLDER / "build" / "go-oidc"
REDIRECT_URI = "http://127.0.0.1:8765/callback"
GOODBYE = "http://127.0.0.1:8765/goodbye"


@pytest.fixture(scope="session")
def go_client() -> Path:
    """The program. It is built where everything has to run; go itself knows what is up to date."""
    go = shutil.which("go")
    if go is None:
        pytest.skip("go is not installed: the client in Go cannot be built")
    if IS_FULL:
        fetched = subprocess.run([go, "mod", "download"], cwd=FOLDER, capture_output=True, text=True)
        if fetched.returncode != 0:
            pytest.skip(f"the Go modules cannot be fetched: {fetched.stderr.strip()}")
        built = subprocess.run([go, "build", "-o", PROGRAM, "."], cwd=FOLDER, capture_output=True, text=True)
        assert built.returncode == 0, built.stderr
    if not PROGRAM.exists():
        pytest.skip("the client in Go is not built: make test-full does that")
    return PROGRAM


@pytest.mark.parametrize("alg", ["RS256", "PS256", "ES384", "EdDSA"])
@pytest.mark.parametrize("signs_userinfo", [False, True])
async def test_go_oidc_completes_its_flow(signs_userinfo: bool, alg: str, go_client: Path, world: World) -> None:
    address = f"127.0.0.1:{free_port()}"
    client = await world.people(
        redirect_uris=(REDIRECT_URI,),
        post_logout_redirect_uris=(GOODBYE,),
        backchannel_logout_uri=f"http://{address}/logout",
        pkce="S256",
        id_token_signed_response_alg=alg,
        userinfo_signed_response_alg=alg if signs_userinfo else None,
    )
    await world.rotate(alg)
    seen = await run_client(
        go_client,
        told={
            "issuer": world.issuer,
            "client_id": client.id,
            "client_secret": client.secret,
            "redirect_uri": REDIRECT_URI,
            "post_logout_redirect_uri": GOODBYE,
            "backchannel_address": address,
        },
    )
    assert seen == {
        "subject": "user-alice",
        "email": f"{records.ALICE}@people.example",
        "refreshed_subject": "user-alice",
        "rotated": True,
        "ended_session": True,
        "ended_subject": "user-alice",
        "goodbye": GOODBYE + "?state=bye",
    }
