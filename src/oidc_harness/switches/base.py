"""What switches derive from: one class for each seam, which says what is asked there and what is answered."""

from collections.abc import Mapping
from typing import Any

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
from oidc_harness.switches.switch import AnySwitch, StateSwitch, Switch

__all__ = [
    "AccessTokenSwitch",
    "AnySwitch",
    "AuthorizationRequestSwitch",
    "Claims",
    "ClientAuthenticationSwitch",
    "DeliverySwitch",
    "IdTokenSwitch",
    "IntrospectionSwitch",
    "JwksSwitch",
    "LogoutNoticeSwitch",
    "MetadataSwitch",
    "NextStepSwitch",
    "RedemptionSwitch",
    "RedirectionSwitch",
    "SignatureSwitch",
    "StateSwitch",
    "Switch",
    "TokenResponseSwitch",
    "TokenUseSwitch",
    "UserinfoSwitch",
]

Claims = Mapping[str, Any]


class AuthorizationRequestSwitch(Switch[AuthorizationRequestQuestion, AuthorizationRequest]):
    """Around what the authorization endpoint accepts."""

    seam = "authorization_request"


class ClientAuthenticationSwitch(Switch[ClientAuthenticationQuestion, Application]):
    """Around client authentication."""

    seam = "client_authentication"


class RedemptionSwitch(Switch[RedemptionQuestion, Redeemed]):
    """Around the redemption of codes and refresh tokens."""

    seam = "redemption"


class TokenUseSwitch(Switch[TokenUseQuestion, Grant]):
    """Around the use of access tokens."""

    seam = "token_use"


class NextStepSwitch(Switch[NextStepQuestion, Step]):
    """Around the decision what happens next to a sign-in."""

    seam = "next_step"


class MetadataSwitch(Switch[MetadataQuestion, Claims]):
    """Around the discovery document."""

    seam = "metadata"


class JwksSwitch(Switch[KeySetQuestion, Claims]):
    """Around the key set."""

    seam = "jwks"


class RedirectionSwitch(Switch[RedirectionQuestion, Redirection]):
    """Around what goes to the client through the browser."""

    seam = "redirection"


class IdTokenSwitch(Switch[IdTokenQuestion, Claims]):
    """Around ID token claims."""

    seam = "id_token"


class AccessTokenSwitch(Switch[AccessTokenQuestion, Claims]):
    """Around access token claims."""

    seam = "access_token"


class TokenResponseSwitch(Switch[TokenResponseQuestion, Claims]):
    """Around the members of the token response."""

    seam = "token_response"


class UserinfoSwitch(Switch[UserinfoQuestion, Claims]):
    """Around userinfo claims."""

    seam = "userinfo"


class IntrospectionSwitch(Switch[IntrospectionQuestion, Claims]):
    """Around the introspection response."""

    seam = "introspection"


class LogoutNoticeSwitch(Switch[LogoutNoticeQuestion, Claims]):
    """Changes what a client is told when a session has ended, by either channel."""

    seam = "logout_notice"


class SignatureSwitch(Switch[SignatureQuestion, str]):
    """Around signing, of ID tokens and of much else: `applies` says which purpose it is about."""

    seam = "signature"


class DeliverySwitch(Switch[DeliveryQuestion, Delivery]):
    """Around sending."""

    seam = "delivery"
