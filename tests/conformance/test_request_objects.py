"""Request objects, by value and by reference. What is supported has to be obeyed."""

from typing import Any

from tests.conformance import keys
from tests.conformance.checks import check_told_client, check_told_person
from tests.conformance.client import Asked, Client
from tests.conformance.suite import CALLBACK, Suite
from tests.support.elsewhere import Elsewhere
from tests.support.request_objects import hashed, unsigned

PATH = "/request.jwt"
ELSEWHERE = "https://elsewhere.example/callback"


def _inside(client: Client, **changes: Any) -> dict[str, str]:
    """What the object says; its state is not the one outside."""
    return client.request(iss=client.id, aud=client.suite.issuer, **changes)


async def _obeyed(client: Client, inside: dict[str, str], **sent: str) -> None:
    """The answer is as the object wants it, where something else is said around it."""
    person = client.suite.person()
    asked = await client.ask(person, **sent)
    assert asked.request["state"] != inside["state"]
    answer = await person.sign_in(asked.answer)
    await client.accept(Asked(inside, answer))


async def test_oidcc_unsigned_request_object_supported_correctly_or_rejected_as_unsupported(suite: Suite) -> None:
    assert suite.metadata["request_parameter_supported"] is True
    assert "none" in suite.metadata["request_object_signing_alg_values_supported"]
    client = await suite.client()
    inside = _inside(client)
    await _obeyed(client, inside, request=unsigned(inside))


async def test_oidcc_request_uri_unsigned_supported_correctly_or_rejected_as_unsupported(
    suite: Suite, place: Elsewhere
) -> None:
    client = await suite.client(request_uris=[place.https + PATH])
    inside = _inside(client)
    place.documents[PATH] = unsigned(inside)
    await _obeyed(client, inside, request_uri=place.https + PATH)


async def test_oidcc_ensure_request_object_with_redirect_uri(suite: Suite) -> None:
    client, person = await suite.client(), suite.person()
    inside = _inside(client)
    await _obeyed(client, inside, request=unsigned(inside), redirect_uri=ELSEWHERE)
    bad = unsigned(_inside(client, redirect_uri=ELSEWHERE))
    check_told_person((await client.ask(person, request=bad)).answer)


async def test_oidcc_request_uri_unsigned(suite: Suite, place: Elsewhere) -> None:
    """The client_id is in the object, and not known when the client is registered: the hash is that of something."""
    uri = hashed(place.https + PATH, suite.random())
    client = await suite.client(request_uris=[uri])
    inside = _inside(client)
    place.documents[PATH] = unsigned(inside)
    await _obeyed(client, inside, request_uri=uri)
    assert place.asked == [PATH]


async def test_oidcc_request_uri_signed_rs256(suite: Suite, place: Elsewhere) -> None:
    assert "RS256" in suite.metadata["request_object_signing_alg_values_supported"]
    assert suite.metadata["request_uri_parameter_supported"] is True
    uri = hashed(place.https + PATH, suite.random())
    client = await suite.client(request_uris=[uri], request_object_signing_alg="RS256")
    inside = _inside(client)
    place.documents[PATH] = keys.signed(inside)
    await _obeyed(client, inside, request_uri=uri)
    # Signed by nobody it is refused.
    place.documents[PATH] = unsigned(inside)
    await suite.wait(3600)
    asked = await client.ask(suite.person(), request_uri=uri, redirect_uri=CALLBACK)
    parameters = asked.answer.redirect.parameters
    assert check_told_client(parameters, parameters["state"], suite.issuer) == "invalid_request_object"
