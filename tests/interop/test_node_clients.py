"""Two certified JavaScript client libraries complete code flow, refresh, introspection, revocation and logout."""

import asyncio
import json

import pytest

from .conftest import NODE_FOLDER, Provider

pytestmark = pytest.mark.interop


@pytest.mark.parametrize("library", ["openid-client", "oauth4webapi"])
async def test_a_javascript_client_completes_its_flow(library: str, node: str, provider: Provider) -> None:
    process = await asyncio.create_subprocess_exec(
        node,
        f"{library}.js",
        provider.issuer,
        provider.client_id,
        provider.client_secret,
        provider.redirect_uri,
        provider.post_logout_redirect_uri,
        cwd=NODE_FOLDER,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    output, errors = await process.communicate()
    assert process.returncode == 0, errors.decode()
    assert json.loads(output) == {
        "subject": provider.subject,
        "email": provider.email,
        "refreshedSubject": provider.subject,
        "rotated": True,
        "live": True,
        "dead": False,
        "goodbye": f"{provider.post_logout_redirect_uri}?state=bye",
    }
