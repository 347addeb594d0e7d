"""The honest function of each seam, as the protocol has it.

Each file of the protocol is read when its seam is first reached: a start does not wait for what signs tokens.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from oidc_harness.model.application import Application
    from oidc_harness.model.grant import Grant
    from oidc_harness.protocol.access_token import AccessTokenQuestion
    from oidc_harness.protocol.authorization_request import AuthorizationRequest, AuthorizationRequestQuestion
    from oidc_harness.protocol.client_authentication import ClientAuthenticationQuestion
    from oidc_harness.protocol.delivery import Delivery, DeliveryQuestion
    from oidc_harness.protocol.id_token import IdTokenQuestion
    from oidc_harness.protocol.introspection import IntrospectionQuestion
    from oidc_harness.protocol.key_set import KeySetQuestion
    from oidc_harness.protocol.logout_notice import LogoutNoticeQuestion
    from oidc_harness.protocol.metadata import MetadataQuestion
    from oidc_harness.protocol.next_step import NextStepQuestion, Step
    from oidc_harness.protocol.redemption import Redeemed, RedemptionQuestion
    from oidc_harness.protocol.redirection import Redirection, RedirectionQuestion
    from oidc_harness.protocol.signature import SignatureQuestion
    from oidc_harness.protocol.token_response import TokenResponseQuestion
    from oidc_harness.protocol.token_use import TokenUseQuestion
    from oidc_harness.protocol.userinfo import UserinfoQuestion

Claims = Mapping[str, Any]


def authorization_request(question: "AuthorizationRequestQuestion") -> "AuthorizationRequest":
    """May this application ask for this?"""
    from oidc_harness.protocol.authorization_request import accept

    return accept(question)


def client_authentication(question: "ClientAuthenticationQuestion") -> "Application":
    """Is this client who it says it is?"""
    from oidc_harness.protocol.client_authentication import authenticate

    return authenticate(question)


def redemption(question: "RedemptionQuestion") -> "Redeemed":
    """May this code or refresh token be exchanged?"""
    from oidc_harness.protocol.redemption import redeem

    return redeem(question)


def token_use(question: "TokenUseQuestion") -> "Grant":
    """May this access token be used here?"""
    from oidc_harness.protocol.token_use import use

    return use(question)


def next_step(question: "NextStepQuestion") -> "Step":
    """Sign in, consent, refuse or answer?"""
    from oidc_harness.protocol.next_step import next_step as answer

    return answer(question)


def metadata(question: "MetadataQuestion") -> Claims:
    """What can this provider do?"""
    from oidc_harness.protocol.metadata import metadata as answer

    return answer(question)


def jwks(question: "KeySetQuestion") -> Claims:
    """Which keys does it publish?"""
    from oidc_harness.protocol.key_set import key_set

    return key_set(question)


def redirection(question: "RedirectionQuestion") -> "Redirection":
    """What goes back through the browser?"""
    from oidc_harness.protocol.redirection import redirection as answer

    return answer(question)


def id_token(question: "IdTokenQuestion") -> Claims:
    """What does the ID token say?"""
    from oidc_harness.protocol.id_token import claims

    return claims(question)


def access_token(question: "AccessTokenQuestion") -> Claims:
    """What is in the access token?"""
    from oidc_harness.protocol.access_token import claims

    return claims(question)


def token_response(question: "TokenResponseQuestion") -> Claims:
    """What does the token endpoint answer?"""
    from oidc_harness.protocol.token_response import members

    return members(question)


def userinfo(question: "UserinfoQuestion") -> Claims:
    """What does the client learn about the person?"""
    from oidc_harness.protocol.userinfo import claims

    return claims(question)


def introspection(question: "IntrospectionQuestion") -> Claims:
    """Is this token live?"""
    from oidc_harness.protocol.introspection import members

    return members(question)


def logout_notice(question: "LogoutNoticeQuestion") -> Claims:
    """What is a client told when a session has ended?"""
    from oidc_harness.protocol.logout_notice import claims

    return claims(question)


def signature(question: "SignatureQuestion") -> str:
    """How does a document become compact text?"""
    from oidc_harness.protocol.signature import sign

    return sign(question)


def delivery(question: "DeliveryQuestion") -> "Delivery":
    """How do the bytes reach the client?"""
    from oidc_harness.protocol.delivery import deliver

    return deliver(question)
