"""The parameters of an authorization request that may have a request object (OIDC Core 6, RFC 9101)."""

from dataclasses import dataclass

from oidc_harness.model.application import Application
from oidc_harness.model.fetched_document import FetchedDocument
from oidc_harness.protocol.authorization_request import refuse_unread
from oidc_harness.protocol.client_keys import has_key_for
from oidc_harness.protocol.errors import OAuthError, TellClient
from oidc_harness.protocol.parameters import Parameters, first
from oidc_harness.protocol.request_object import (
    RequestObjectQuestion,
    document_wanted,
    has_request_object,
    understand,
)
from oidc_harness.protocol.request_object_encryption import open_object
from oidc_harness.protocol.request_uri import has_hash
from oidc_harness.provider.client import clear_secret
from oidc_harness.provider.client_keys import load_client_keys
from oidc_harness.provider.endpoint import Refusal
from oidc_harness.provider.outside import Outside, document_of_now, load_document
from oidc_harness.provider.provider import Provider
from oidc_harness.storage.port import Records

FRESH_SECONDS = 10
"""How old a fetched object may be: whoever comes back to a request at once is answered from the same one."""


@dataclass(frozen=True, slots=True, eq=False)
class Understood:
    """The parameters that count, or those that came and why they cannot be understood."""

    parameters: Parameters
    refusal: Refusal | None = None
    """For `decide` to raise: by then it is known whom the request concerns."""


async def load_understood(
    came: Parameters, application: Application | None, records: Records, provider: Provider
) -> Understood:
    """Take the request object out of the request. Raises `Wanted` where it has to be fetched first."""
    if application is None or not has_request_object(came.pairs, provider.policy):
        return Understood(came)
    url = document_wanted(came, application, provider.policy)
    document = await _load_object(url, records, provider.outside) if url else None
    try:
        opened = open_object(_text(came, document), provider.keys)
    except OAuthError as error:
        return Understood(came, refuse_unread(error, came, application, provider.policy))
    question = RequestObjectQuestion(
        parameters=came,
        application=application,
        document=document,
        opened=opened,
        client_keys=await load_client_keys(application, has_key_for(opened), records, provider.outside),
        policy=provider.policy,
        issuer=provider.issuer,
        clear_secret=clear_secret(application, provider),
        now=provider.now,
    )
    try:
        return Understood(understand(question))
    except (OAuthError, TellClient) as refusal:
        return Understood(came, refusal)


async def _load_object(uri: str, records: Records, outside: Outside) -> FetchedDocument:
    """What stands there: looked at anew where it is old, or has not the hash that is asked for (OIDC Core 6.2).

    It is one document whatever hash is asked for: anybody can make up those, and each would be kept for a day.
    """
    url, _, stated = uri.partition("#")
    document = await load_document(url, records, outside, max_age=FRESH_SECONDS)
    return document if not stated or has_hash(document, stated) else document_of_now(url, outside)


def _text(came: Parameters, document: FetchedDocument | None) -> str:
    """The object as it came; a file ends with a line break in many an editor."""
    if document is None:
        return first(came.pairs, "request") or ""
    return (document.content or "").strip()
