"""A correct client: pyoidc writes its requests and judges the answers, aiohttp carries them.

What it demands is in `verification.py` (tokens), `metadata.py` (discovery), `back_channel.py` (HTTP) and here
(the answer at the callback, userinfo, renewal). It takes ID tokens in the one algorithm it is registered for:
RS, PS, ES and HS with 256, 384 or 512 bits; pyoidc verifies no EdDSA and no ES256K.
"""

import time
from collections.abc import Callable, Mapping, MutableMapping
from contextlib import suppress

from . import client_requests as write
from .back_channel import Answer, BackChannel
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
    SessionEnded,
)
from .logout_token import ended_by, verified_logout
from .metadata import Metadata, checked_metadata, discovery_url
from .registration import Registration
from .verification import Expected, KeyProblem, check_renewed_claims, check_token_response, verified_claims

PENDING_SECONDS = 3600
METADATA_SECONDS = 600
LONGEST_TOKEN_SECONDS = 10 * 365 * 86400


class CarefulClient:
    """A relying party that refuses whatever the specifications tell it to refuse.

    `clock` gives Unix seconds; a test whose provider lives in another time hands in that time.
    """

    def __init__(self, registration: Registration, clock: Clock = time.time) -> None:
        self._registration = registration
        self._clock = clock
        self._http = BackChannel(registration.timeout_seconds, clock)
        self._metadata: Metadata | None = None
        self._metadata_until = 0.0
        self._keys: Document | None = None

    @property
    def registration(self) -> Registration:
        """What this client knows of itself."""
        return self._registration

    async def begin(self, wishes: Mapping[str, str], attempt: int = 1) -> Departure:
        """Write an authorization request with fresh state, nonce and code verifier; raises Refused."""
        metadata = await self._discover()
        pending = write.new_pending(wishes, self._clock(), attempt)
        return Departure(write.authorization_url(self._registration, metadata, pending), pending)

    async def finish(self, answer: Pairs, pending: MutableMapping[str, PendingLogin]) -> Session:
        """Check the answer, redeem its code once, verify all that comes back; raises Refused."""
        parameters = _parameters_once(answer)
        login = self._answered_login(parameters, pending)
        metadata = await self._discover()
        _check_issuer_parameter(parameters, metadata)
        if "error" in parameters:
            raise Refused(parameters["error"], parameters.get("error_description", "the provider said no"))
        if not parameters.get("code"):
            raise Refused("no_code", "the answer holds neither a code nor an error")
        session = await self._redeem(parameters["code"], login, metadata)
        await self._add_userinfo(session, metadata)
        return session

    def _answered_login(
        self, parameters: Mapping[str, str], pending: MutableMapping[str, PendingLogin]
    ) -> PendingLogin:
        login = pending.pop(parameters.get("state", ""), None)
        if login is None:
            raise Refused("unknown_state", "this browser has no open login with the state of this answer")
        if self._clock() - login.started_at > PENDING_SECONDS:
            raise Refused("login_too_old", "the login was started more than an hour ago")
        return login

    async def _redeem(self, code: str, login: PendingLogin, metadata: Metadata) -> Session:
        request = write.code_request(self._registration, metadata, code, login)
        answer = await self._http.post(metadata.token_endpoint, request.form, request.headers)
        tokens = _granted(answer)
        if not tokens.get("id_token"):
            raise Refused("no_id_token", "openid was asked for and no ID token came (Core 3.1.3.3)")
        claims = await self._verify(tokens, self._expected(login), metadata)
        return self._session(tokens, claims)

    def _expected(self, login: PendingLogin) -> Expected:
        max_age = login.wishes.get("max_age")
        return Expected(self._registration, self._clock(), login.nonce, int(max_age) if max_age else None)

    async def _verify(self, tokens: Document, expected: Expected, metadata: Metadata) -> Document:
        return await self._with_keys(lambda keys: verified_claims(tokens, keys, expected), metadata)

    async def _with_keys(self, verify: Callable[[Document], Document], metadata: Metadata) -> Document:
        """Verify with the keys at hand; after a wrong key or signature once more with fresh ones (10.1.1)."""
        if self._keys is not None:
            # Any other refusal stands: only these may come from keys that are out of date.
            with suppress(KeyProblem):
                return verify(self._keys)
        answer = await self._http.get(metadata.jwks_uri)
        self._keys = _successful(answer).document()
        return verify(self._keys)

    def _session(self, tokens: Document, claims: Document) -> Session:
        return Session(
            sub=claims["sub"],
            claims=claims,
            id_token=tokens["id_token"],
            id_claims=claims,
            access_token=tokens["access_token"],
            access_expires_at=self._expiry(tokens.get("expires_in")),
            refresh_token=tokens.get("refresh_token") or None,
        )

    def _expiry(self, expires_in: object) -> float | None:
        if not isinstance(expires_in, int | float) or isinstance(expires_in, bool):
            return None
        return self._clock() + min(max(expires_in, 0), LONGEST_TOKEN_SECONDS)

    async def _add_userinfo(self, session: Session, metadata: Metadata) -> None:
        if metadata.userinfo_endpoint is None:
            return
        answer = await self._authorized(session, metadata.userinfo_endpoint)
        document = answer.document()
        _check_userinfo(document, session.sub)
        session.claims = {**session.id_claims, **document}

    async def refresh(self, session: Session) -> None:
        """Use the refresh token once; raises SessionEnded when it is refused, ProviderFault on a fault."""
        if session.refresh_token is None:
            raise Refused("no_refresh_token", "the provider gave no refresh token")
        metadata = await self._discover()
        request = write.refresh_request(self._registration, metadata, session.refresh_token)
        answer = await self._http.post(metadata.token_endpoint, request.form, request.headers)
        try:
            await self._renew(session, _granted(answer), metadata)
        except ProviderFault:
            raise
        except Refused as error:
            raise SessionEnded(error.code, error.reason) from error

    async def _renew(self, session: Session, tokens: Document, metadata: Metadata) -> None:
        # First of all, so that the new refresh token is kept even if the keys can't be fetched now.
        session.refresh_token = tokens.get("refresh_token") or session.refresh_token
        if tokens.get("id_token"):
            claims = await self._verify(tokens, Expected(self._registration, self._clock()), metadata)
            check_renewed_claims(session.id_claims, claims)
            session.id_token = tokens["id_token"]
        session.access_token = tokens["access_token"]
        session.access_expires_at = self._expiry(tokens.get("expires_in"))

    async def call_api(self, session: Session) -> ApiAnswer:
        """Call the resource; a dead token is renewed once and the call repeated, else the session ends."""
        metadata = await self._discover()
        target = self._registration.resource_url or metadata.userinfo_endpoint
        if target is None:
            raise Refused("no_resource", "there is neither a resource nor a userinfo endpoint to call")
        answer = await self._authorized(session, target)
        document = answer.document()
        if target == metadata.userinfo_endpoint:
            _check_userinfo(document, session.sub)
        return ApiAnswer(answer.status, document)

    async def _authorized(self, session: Session, url: str) -> Answer:
        is_dead = session.access_expires_at is not None and session.access_expires_at <= self._clock()
        if is_dead:
            await self._renew_or_end(session)
        answer = await self._http.get(url, _bearer(session))
        if answer.status == 401 and not is_dead:
            await self._renew_or_end(session)
            answer = await self._http.get(url, _bearer(session))
        if answer.status == 401:
            raise SessionEnded("token_refused", f"{url} refuses a fresh access token")
        return _successful(answer)

    async def _renew_or_end(self, session: Session) -> None:
        if session.refresh_token is None:
            raise SessionEnded("token_dead", "the access token is dead and there is no refresh token")
        await self.refresh(session)

    async def logout_url(self, session: Session | None, state: str) -> str | None:
        """A logout request with the ID token as hint; None when the provider has no such endpoint."""
        metadata = await self._discover()
        if metadata.end_session_endpoint is None or session is None:
            return None
        return write.logout_url(self._registration, metadata.end_session_endpoint, session.id_token, state)

    async def told_of_logout(self, logout_token: str) -> Ends:
        """The sessions that a verified logout token names; raises Refused."""
        metadata, expected = await self._discover(), Expected(self._registration, self._clock())
        claims = await self._with_keys(lambda keys: verified_logout(logout_token, keys, expected), metadata)
        return ended_by(claims)

    async def _discover(self) -> Metadata:
        if self._metadata is None or self._metadata_until <= self._clock():
            answer = await self._http.get(discovery_url(self._registration.issuer))
            document = _successful(answer).document()
            self._metadata = checked_metadata(document, self._registration.issuer)
            self._metadata_until = self._clock() + METADATA_SECONDS
        return self._metadata

    async def close(self) -> None:
        """Give up the connections."""
        await self._http.close()


def _parameters_once(answer: Pairs) -> dict[str, str]:
    parameters = dict(answer)
    if len(parameters) != len(answer):
        raise Refused("repeated_parameter", "a parameter stands more than once in the answer (RFC 6749 3.1)")
    return parameters


def _check_issuer_parameter(parameters: Mapping[str, str], metadata: Metadata) -> None:
    """RFC 9207 2.4: in errors too, and missing only where it was never announced."""
    if "iss" not in parameters and metadata.announces_iss:
        raise Refused("iss_missing", "the provider announces the iss parameter and left it out")
    if parameters.get("iss", metadata.issuer) != metadata.issuer:
        raise Refused("iss_mismatch", f"answered by {parameters['iss']!r}, asked {metadata.issuer!r}")


def _granted(answer: Answer) -> Document:
    """The members of a token response; raises Refused with the provider's own code, or ProviderFault."""
    if answer.status >= 500:
        raise ProviderFault("provider_failed", f"{answer.url} answered {answer.status}")
    document = answer.document()
    if answer.status != 200 or "error" in document:
        raise Refused(
            str(document.get("error", "token_refused")), str(document.get("error_description", answer.status))
        )
    check_token_response(document)
    return document


def _successful(answer: Answer) -> Answer:
    if answer.status == 403:
        raise Refused("insufficient_scope", f"{answer.url} wants more than this client was given")
    if answer.status != 200:
        raise ProviderFault("provider_failed", f"{answer.url} answered {answer.status}, expected 200")
    return answer


def _check_userinfo(document: Document, sub: str) -> None:
    """Core 5.3.2: claims of anybody else than the person of the ID token are not used."""
    if document.get("sub") != sub:
        raise Refused("userinfo_subject", f"userinfo speaks of {document.get('sub')!r}, signed in is {sub!r}")


def _bearer(session: Session) -> dict[str, str]:
    return {"Authorization": f"Bearer {session.access_token}"}
