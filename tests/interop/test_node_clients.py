"""Two certified JavaScript client libraries complete code flow, refresh, introspection, revocation and logout.

Registered by themselves they complete hybrid flow, with request objects, and with all they are given encrypted.
"""

import asyncio
import json
from dataclasses import replace
from typing import Any

import pytest

from .conftest import AUTOMATIC, NODE_FOLDER, Provider

pytestmark = pytest.mark.interop


@pytest.mark.parametrize("library", ["openid-client", "oauth4webapi"])
async def test_a_javascript_client_completes_its_flow(library: str, node: str, provider: Provider) -> None:
    assert await seen_by(library, node, provider) == {
        "subject": provider.subject,
        "email": provider.email,
        "refreshedSubject": provider.subject,
        "rotated": True,
        "live": True,
        "dead": False,
        "goodbye": f"{provider.post_logout_redirect_uri}?state=bye",
    }


@pytest.mark.parametrize(
    ("library", "policy"),
    [
        # It sends the request object and nothing beside it (RFC 9101 5).
        ("openid-client", replace(AUTOMATIC, request_objects="jar")),
        ("oauth4webapi", AUTOMATIC),
    ],
    ids=["openid-client", "oauth4webapi"],
)
async def test_a_javascript_client_registers_itself(library: str, node: str, provider: Provider) -> None:
    seen = await seen_by(f"{library}-registered", node, provider)
    assert "request" in seen.pop("parameters")
    assert seen == {
        "subject": provider.subject,
        "email": provider.email,
        "refreshedSubject": provider.subject,
    }


async def seen_by(script: str, node: str, provider: Provider) -> Any:
    process = await asyncio.create_subprocess_exec(
        node,
        f"{script}.js",
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
    return json.loads(output)
