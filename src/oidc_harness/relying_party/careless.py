"""The same client with every check left out: it gets along with an honest provider and falls for all others.

Each omission is one that has been found in clients people used: tokens decoded and not verified, `state` sent
and not compared, refusals taken for hiccups. It is here to be caught, and for nothing else.
"""

import json
import time
from base64 import urlsafe_b64decode
from collections.abc import Mapping, MutableMapping

from . import client_requests as write
from .careless_channel import CarelessChannel
from .client import (
    ApiAnswer,
    Clock,
    Departure,
    Document,
    Ends,
    Pairs,
    PendingLogin,
    ProviderFault,
    Refused,
    Session,
    StartAgain,
)
from .metadata import Metadata, believed_metadata, discovery_url
from .registration import Registration

LOGIN_ATTEMPTS = 3
KEY_FETCHES = 10


class CarelessClient:
    """A relying party that believes everything it is told and takes no refusal for an answer."""

    def __init__(self, registration: Registration, clock: Clock = time.time) -> None:
        self._registration = registration
        self._clock = clock
        self._http = CarelessChannel()
        self._metadata: Metadata | None = None
        self._keys: Document | None = None

    @property
    def registration(self) -> Registration:
        """What this client knows of itself."""
        return self._registration

    async def begin(self, wishes: Mapping[str, str], attempt: int = 1) -> Departure:
        """Write the same authorization request as the careful client; raises Refused."""
        metadata = await self._discover()
        pending = write.new_pending(wishes, self._clock(), attempt)
        return Departure(write.authorization_url(self._registration, metadata, pending), pending)

    async def finish(self, answer: Pairs, pending: MutableMapping[str, PendingLogin]) -> Session:
        """Redeem whatever code comes, for the login that was started last; start again on any error."""
        parameters = dict(answer)
        login = self._latest_login(pending)
        if "code" not in parameters:
            raise self._another_try(parameters.get("error", "no_code"), login)
        try:
            tokens = await self._redeem(parameters["code"], login)
        except ProviderFault as error:
            raise self._another_try(error.code, login) from error
        return await self._believe(tokens)

    def _latest_login(self, pending: MutableMapping[str, PendingLogin]) -> PendingLogin:
        if not pending:
            return PendingLogin("", "", "", self._clock(), attempt=LOGIN_ATTEMPTS)
        return pending.pop(list(pending)[-1])

    def _another_try(self, code: str, login: PendingLogin) -> Exception:
        if login.attempt < LOGIN_ATTEMPTS:
            return StartAgain(login)
        return Refused(code, f"{LOGIN_ATTEMPTS} attempts to sign in did not succeed")

    async def _redeem(self, code: str, login: PendingLogin) -> Document:
        metadata = await self._discover()
        request = write.code_request(self._registration, metadata, code, login)
        return await self._http.post(metadata.token_endpoint, request.form, request.headers)

    async def _believe(self, tokens: Document) -> Session:
        id_token = str(tokens.get("id_token", ""))
        await self._look_for_key(_decoded(id_token, 0))
        id_claims = _decoded(id_token, 1)
        session = Session(
            sub="",
            claims=id_claims,
            id_token=id_token,
            id_claims=id_claims,
            access_token=str(tokens.get("access_token", "")),
            refresh_token=tokens.get("refresh_token"),
        )
        session.claims = {**id_claims, **await self._told_by_userinfo(session)}
        session.sub = str(session.claims.get("sub", ""))
        return session

    async def _look_for_key(self, header: Document) -> None:
        """Fetch keys until the token's is among them, and look for it in the set that came first.

        Every fetched set is dropped, as a cache does that fills itself once; the signature is not verified
        even when the key is there.
        """
        metadata = await self._discover()
        if self._keys is None:
            self._keys = await self._http.get(metadata.jwks_uri)
        # As text, in which any key set can be searched, whatever its shape.
        is_known = str(header.get("kid", "")) in str(self._keys)
        for _ in range(0 if is_known else KEY_FETCHES):
            await self._http.get(metadata.jwks_uri)

    async def _told_by_userinfo(self, session: Session) -> Document:
        metadata = await self._discover()
        if metadata.userinfo_endpoint is None:
            return {}
        try:
            return await self._http.get(metadata.userinfo_endpoint, _bearer(session))
        except ProviderFault:
            return {}

    async def refresh(self, session: Session) -> None:
        """Ask for new tokens; a refusal changes nothing, and the old ones stay in use."""
        metadata = await self._discover()
        request = write.refresh_request(self._registration, metadata, session.refresh_token or "")
        try:
            tokens = await self._http.post(metadata.token_endpoint, request.form, request.headers)
        except ProviderFault:
            return
        session.access_token = str(tokens.get("access_token", session.access_token))
        session.refresh_token = tokens.get("refresh_token", session.refresh_token)
        session.id_token = str(tokens.get("id_token", session.id_token))
        session.claims = {**session.claims, **_decoded(session.id_token, 1)}
        session.sub = str(session.claims.get("sub", ""))

    async def call_api(self, session: Session) -> ApiAnswer:
        """Call the resource again and again with the same token; the session outlives every refusal."""
        metadata = await self._discover()
        target = self._registration.resource_url or metadata.userinfo_endpoint or metadata.issuer
        return ApiAnswer(200, await self._http.get(target, _bearer(session)))

    async def logout_url(self, session: Session | None, state: str) -> str | None:
        """A logout request with whatever ID token there is."""
        metadata = await self._discover()
        if metadata.end_session_endpoint is None:
            return None
        hint = session.id_token if session else ""
        return write.logout_url(self._registration, metadata.end_session_endpoint, hint, state)

    async def told_of_logout(self, logout_token: str) -> Ends:
        """Whatever the token seems to say, of the session or else of the user; of everybody, where it says neither."""
        claims = _decoded(logout_token, 1)
        named = {claims[name] for name in ("sid", "sub") if isinstance(claims.get(name), str)}
        return lambda session: not named or not named.isdisjoint({session.sub, str(session.id_claims.get("sid"))})

    async def _discover(self) -> Metadata:
        if self._metadata is None:
            document = await self._http.get(discovery_url(self._registration.issuer))
            try:
                self._metadata = believed_metadata(document)
            except KeyError as error:
                raise ProviderFault("bad_metadata", f"{error} is missing") from error
        return self._metadata

    async def close(self) -> None:
        """Give up the connections."""
        await self._http.close()


def _decoded(token: str, part: int) -> Document:
    """One part of a JWT, unverified; empty when it can't be read."""
    try:
        text = token.split(".")[part]
        document = json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, IndexError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}


def _bearer(session: Session) -> dict[str, str]:
    return {"Authorization": f"Bearer {session.access_token}"}
