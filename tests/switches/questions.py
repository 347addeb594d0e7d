"""Questions as an honest provider asks them, and the honest answers beside those of a switch."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from oidc_harness.harness.shipped_keys import keys_for
from oidc_harness.model.code import Code
from oidc_harness.model.grant import Grant
from oidc_harness.model.key import KeyRing
from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.model.token import RefreshToken
from oidc_harness.protocol.about import About
from oidc_harness.protocol.access_token import AccessTokenQuestion
from oidc_harness.protocol.authorization_request import AuthorizationRequest
from oidc_harness.protocol.delivery import DeliveryQuestion, HttpReply
from oidc_harness.protocol.errors import ReplyTo
from oidc_harness.protocol.id_token import IdTokenQuestion
from oidc_harness.protocol.logout_notice import LogoutNoticeQuestion
from oidc_harness.protocol.next_step import NextStepQuestion, Person
from oidc_harness.protocol.parameters import Parameters
from oidc_harness.protocol.redemption import RedemptionQuestion
from oidc_harness.protocol.redirection import RedirectionQuestion
from oidc_harness.protocol.signature import SignatureQuestion
from oidc_harness.protocol.standing import Standing
from oidc_harness.protocol.userinfo import UserinfoQuestion
from tests.support import records

NOW = 1_800_000_000
ISSUER = "https://op.example/realm"
KEYS = KeyRing(keys_for("a-realm"))
APPLICATION = records.application()
ALICE = records.user()
MEMBER = records.member()
GRANT = Grant(
    id="grant-1",
    application_id=APPLICATION.id,
    user_id=ALICE.id,
    scopes=("openid", "email"),
    nonce="n-0S6_WzA2Mj",
    sid="sid-1",
    auth_time=NOW - 10,
    acr="1",
    amr=("pwd",),
    created_at=NOW - 5,
    application_generation=APPLICATION.generation,
    user_generation=ALICE.generation,
    member_generation=MEMBER.generation,
)
ABOUT = About("token", APPLICATION, ALICE, GRANT.id)


def id_token(**changes: Any) -> IdTokenQuestion:
    question = IdTokenQuestion(
        ABOUT, ISSUER, ALICE.id, APPLICATION, GRANT, ALICE, NOW, 3600, False, {"at_hash": "at-hash"}
    )
    return replace(question, **changes)


def access_token(**changes: Any) -> AccessTokenQuestion:
    scopes = ("openid", "email")
    question = AccessTokenQuestion(ABOUT, ISSUER, ALICE.id, APPLICATION, GRANT, scopes, "token-1", NOW, 3600)
    return replace(question, **changes)


def signature(**changes: Any) -> SignatureQuestion:
    claims = {"iss": ISSUER, "sub": ALICE.id, "aud": APPLICATION.id}
    return replace(SignatureQuestion(ABOUT, "id_token", claims, "RS256", KEYS, records.SECRET), **changes)


def redirection(**changes: Any) -> RedirectionQuestion:
    question = RedirectionQuestion(
        about=replace(ABOUT, endpoint="authorize"),
        purpose="answer",
        target=records.REDIRECT_URI,
        mode="query",
        issuer=ISSUER,
        state="State-of-the-art",
        names_issuer=True,
        parameters={"code": "code-1"},
    )
    return replace(question, **changes)


def userinfo(**changes: Any) -> UserinfoQuestion:
    return replace(UserinfoQuestion(ABOUT, ALICE.id, GRANT, ALICE, ("openid", "email")), **changes)


REFRESH_TOKEN = RefreshToken(
    id="refresh-1",
    grant_id=GRANT.id,
    application_id=APPLICATION.id,
    scopes=GRANT.scopes,
    issued_at=NOW - 5,
    expires_at=NOW + 86400,
)
CODE = Code(
    id="code-1",
    grant_id=GRANT.id,
    application_id=APPLICATION.id,
    redirect_uri=records.REDIRECT_URI,
    expires_at=NOW + 60,
)


def refresh(**changes: Any) -> RedemptionQuestion:
    question = RedemptionQuestion(
        about=ABOUT,
        application=APPLICATION,
        parameters=Parameters((("grant_type", "refresh_token"), ("refresh_token", "secret"))),
        presented=REFRESH_TOKEN,
        grant=GRANT,
        standing=Standing(APPLICATION, ALICE, MEMBER),
        policy=RealmPolicy(),
        now=NOW,
    )
    return replace(question, **changes)


def code(**changes: Any) -> RedemptionQuestion:
    parameters = Parameters((("grant_type", "authorization_code"), ("redirect_uri", records.REDIRECT_URI)))
    return refresh(presented=CODE, parameters=parameters, **changes)


def next_step(**changes: Any) -> NextStepQuestion:
    """Alice, who is signed in and a member, asks to be let in; nothing but consent is missing."""
    session = records.session("c", NOW - 10)
    request = AuthorizationRequest(
        changes.pop("application", APPLICATION), ReplyTo(records.REDIRECT_URI, "query", "state"), ("openid",)
    )
    question = NextStepQuestion(
        about=replace(ABOUT, endpoint="authorize", grant_id=None),
        request=request,
        session=session,
        signed_in=Person(ALICE, MEMBER),
        candidate=None,
        interaction=None,
        named_subjects=None,
        subject_salt="salt",
        policy=RealmPolicy(),
        now=NOW,
    )
    return replace(question, **changes)


BODY = b'{"access_token":"abc","token_type":"Bearer"}'


def delivery(endpoint: str = "token", body: bytes = BODY) -> DeliveryQuestion:
    headers = (("Content-Type", "application/json"), ("Cache-Control", "no-store"))
    return DeliveryQuestion(replace(ABOUT, endpoint=endpoint), HttpReply(200, headers, body, {"access_token": "abc"}))


def logout_notice(**changes: Any) -> LogoutNoticeQuestion:
    """Of a logout token about one session of Alice."""
    fields: dict[str, Any] = {
        "about": ABOUT,
        "channel": "back",
        "issuer": ISSUER,
        "subject": ALICE.id,
        "application": APPLICATION,
        "sid": "session-1",
        "token_id": "jti-1",
        "now": NOW,
    }
    return LogoutNoticeQuestion(**{**fields, **changes})


def changed(honest: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """What differs: name to the value given, None for what is left out."""
    names = [*honest, *(name for name in given if name not in honest)]
    return {name: given.get(name) for name in names if honest.get(name) != given.get(name)}
