"""What an authorization response hands over: code, access token, ID token (OIDC Core 3.1.2.5, 3.2.2.5, 3.3.2.5)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from oidc_harness.model.code import Code
from oidc_harness.model.write import Add, Write
from oidc_harness.protocol.authorization_request import AuthorizationRequest
from oidc_harness.protocol.fingerprint import fingerprint
from oidc_harness.protocol.response_type import gives_code, gives_id_token, gives_token
from oidc_harness.protocol.token_response import TokenResponseQuestion
from oidc_harness.provider.issue import Order, access_token_lifetime, issue_access_token, issue_id_token
from oidc_harness.provider.provider import Provider


@dataclass(frozen=True, slots=True, eq=False)
class Given:
    """The parameters of the response, and the records behind them."""

    parameters: Mapping[str, str]
    writes: tuple[Write, ...]


def hand_over(request: AuthorizationRequest, order: Order, provider: Provider) -> Given:
    """Everything that the response type names; for `none`, nothing: that the person agreed is all there is to say."""
    response_type = request.response_type
    if response_type == "none":
        return Given({}, ())
    parameters: dict[str, str] = {}
    writes: list[Write] = [Add(order.grant)]
    if gives_code(response_type):
        parameters["code"] = provider.entropy.token()
        writes.append(Add(_code(parameters["code"], request, order, provider)))
    if gives_token(response_type):
        members, remembered = _token(order, provider)
        parameters.update(members)
        writes.append(remembered)
    if gives_id_token(response_type):
        parameters.update(_id_token(parameters, request, order, provider))
    return Given(parameters, tuple(writes))


def _code(text: str, request: AuthorizationRequest, order: Order, provider: Provider) -> Code:
    return Code(
        id=fingerprint(text),
        grant_id=order.grant.id,
        application_id=order.application.id,
        redirect_uri=request.reply_to.redirect_uri,
        code_challenge=request.code_challenge,
        code_challenge_method=request.code_challenge_method,
        expires_at=provider.now + provider.policy.code_lifetime,
    )


def _token(order: Order, provider: Provider) -> tuple[Mapping[str, str], Write]:
    """The access token with the members that describe it; never a refresh token (RFC 6749 4.2.2, F4)."""
    text, record = issue_access_token(order, provider)
    question = TokenResponseQuestion(
        about=order.about,
        access_token=text,
        expires_in=access_token_lifetime(order.application, provider.policy),
        scopes=record.scopes,
        refresh_token=None,
        id_token=None,
    )
    members = provider.conduct.token_response(question)
    return {name: str(value) for name, value in members.items()}, Add(record)


def _id_token(
    beside: Mapping[str, str], request: AuthorizationRequest, order: Order, provider: Provider
) -> Mapping[str, str]:
    """The ID token, bound to what comes with it: by `at_hash`, `c_hash` and `s_hash` (OIDC Core 3.3.2.11)."""
    hashed = {
        "at_hash": beside.get("access_token"),
        "c_hash": beside.get("code"),
        "s_hash": request.reply_to.state,
    }
    text = issue_id_token(replace(order, alone=request.response_type == "id_token"), hashed, provider)
    return {} if text is None else {"id_token": text}
