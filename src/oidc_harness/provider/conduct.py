"""Conduct: a provider's behaviour as a value. Its fields are the seams, the only places where a switch can act.

Four seams say what the provider accepts, one what it decides, nine what it says, one how it signs, one how it sends.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from oidc_harness.provider import honest

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
    from oidc_harness.provider.honest import Claims


@dataclass(frozen=True, slots=True)
class Conduct:
    """One function per seam. A switch is a function around one of them."""

    # accepts
    authorization_request: "Callable[[AuthorizationRequestQuestion], AuthorizationRequest]" = (
        honest.authorization_request
    )
    """May this application ask for this?"""
    client_authentication: "Callable[[ClientAuthenticationQuestion], Application]" = honest.client_authentication
    """Is this client who it says it is?"""
    redemption: "Callable[[RedemptionQuestion], Redeemed]" = honest.redemption
    """May this code or refresh token be exchanged?"""
    token_use: "Callable[[TokenUseQuestion], Grant]" = honest.token_use
    """May this access token be used here?"""
    # decides
    next_step: "Callable[[NextStepQuestion], Step]" = honest.next_step
    """Sign in, consent, refuse or answer?"""
    # says
    metadata: "Callable[[MetadataQuestion], Claims]" = honest.metadata
    """What can this provider do?"""
    jwks: "Callable[[KeySetQuestion], Claims]" = honest.jwks
    """Which keys does it publish?"""
    redirection: "Callable[[RedirectionQuestion], Redirection]" = honest.redirection
    """What goes back through the browser?"""
    id_token: "Callable[[IdTokenQuestion], Claims]" = honest.id_token
    """What does the ID token say?"""
    access_token: "Callable[[AccessTokenQuestion], Claims]" = honest.access_token
    """What is in the access token?"""
    token_response: "Callable[[TokenResponseQuestion], Claims]" = honest.token_response
    """What does the token endpoint answer?"""
    userinfo: "Callable[[UserinfoQuestion], Claims]" = honest.userinfo
    """What does the client learn about the person?"""
    introspection: "Callable[[IntrospectionQuestion], Claims]" = honest.introspection
    """Is this token live?"""
    logout_notice: "Callable[[LogoutNoticeQuestion], Claims]" = honest.logout_notice
    """What is a client told when a session has ended?"""
    # signs
    signature: "Callable[[SignatureQuestion], str]" = honest.signature
    """How does a document become compact text?"""
    # sends
    delivery: "Callable[[DeliveryQuestion], Delivery]" = honest.delivery
    """How do the bytes reach the client?"""


HONEST = Conduct()
"""The conduct of a conforming provider."""
