"""Session management: what the client's page is told by the provider's iframe.

Here the iframe's part is played by hand. Its script runs in HtmlUnit and in Chromium elsewhere (`tests/interop`,
`tests/browser`).
"""

import re
from hashlib import sha256

from tests.conformance.client import Client
from tests.conformance.leaving import AFTERWARDS, Session
from tests.conformance.person import Person
from tests.conformance.suite import Suite

ORIGIN = "https://suite.example"


async def test_oidcc_session_management_discovery_endpoint_verification(suite: Suite) -> None:
    for name in ("check_session_iframe", "end_session_endpoint"):
        assert suite.metadata[name].startswith("https://")


async def test_oidcc_session_management_rp_initiated_logout(suite: Suite) -> None:
    client, person = await suite.client(post_logout_redirect_uris=[AFTERWARDS]), suite.person()
    session = Session(client, person, await client.sign_in(person))
    before = await _session_state(client, person)
    assert await _iframe(client, person, before) == "unchanged"
    assert (await session.leave()).location == f"{AFTERWARDS}?state={session.state}"
    assert await _iframe(client, person, before) == "changed"
    await session.is_over()
    # Whoever is told that nobody is signed in is told it by a state that holds.
    assert await _iframe(client, person, await _session_state(client, person)) == "unchanged"


async def _session_state(client: Client, person: Person) -> str:
    asked = await client.ask(person, prompt="none")
    return asked.answer.redirect.parameters["session_state"]


async def _iframe(client: Client, person: Person, session_state: str) -> str:
    """What the iframe has to answer to the client's page (OIDC Session Management 3.2)."""
    url = client.suite.metadata["check_session_iframe"]
    answer = await person.open(url)
    assert answer.status == 200
    assert "X-Frame-Options" not in answer.headers
    assert "frame-ancestors" not in answer.headers.get("Content-Security-Policy", "")
    [name] = re.findall(r'data-cookie="([^"]*)"', answer.text)
    salt = session_state.partition(".")[2]
    seen = f"{client.id} {ORIGIN} {person.readable_at(url).get(name, '')} {salt}"
    return "unchanged" if session_state == f"{sha256(seen.encode()).hexdigest()}.{salt}" else "changed"
