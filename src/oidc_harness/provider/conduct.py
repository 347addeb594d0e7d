"""Conduct: a provider's behaviour as a value. Its fields are the seams, the only places where a switch can act.

Four seams say what the provider accepts, one what it decides, nine what it says, one how it signs, one how it sends.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from oidc_harness.model.application import Application
from oidc_harness.model.grant import Grant
from oidc_harness.protocol import access_token as access_tokens
from oidc_harness.protocol import authorization_request as authorization_requests
from oidc_harness.protocol import client_authentication as client_authentications
from oidc_harness.protocol import delivery as deliveries
from oidc_harness.protocol import id_token as id_tokens
from oidc_harness.protocol import introspection as introspections
from oidc_harness.protocol import key_set as key_sets
from oidc_harness.protocol import logout_notice as logout_notices
from oidc_harness.protocol import metadata as documents
from oidc_harness.protocol import next_step as next_steps
from oidc_harness.protocol import redemption as redemptions
from oidc_harness.protocol import redirection as redirections
from oidc_harness.protocol import signature as signatures
from oidc_harness.protocol import token_response as token_responses
from oidc_harness.protocol import token_use as token_uses
from oidc_harness.protocol import userinfo as userinfos

Claims = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Conduct:
    """One function per seam. A switch is a function around one of them."""

    # accepts
    authorization_request: Callable[
        [authorization_requests.AuthorizationRequestQuestion], authorization_requests.AuthorizationRequest
    ] = authorization_requests.accept
    """May this application ask for this?"""
    client_authentication: Callable[[client_authentications.ClientAuthenticationQuestion], Application] = (
        client_authentications.authenticate
    )
    """Is this client who it says it is?"""
    redemption: Callable[[redemptions.RedemptionQuestion], redemptions.Redeemed] = redemptions.redeem
    """May this code or refresh token be exchanged?"""
    token_use: Callable[[token_uses.TokenUseQuestion], Grant] = token_uses.use
    """May this access token be used here?"""
    # decides
    next_step: Callable[[next_steps.NextStepQuestion], next_steps.Step] = next_steps.next_step
    """Sign in, consent, refuse or answer?"""
    # says
    metadata: Callable[[documents.MetadataQuestion], Claims] = documents.metadata
    """What can this provider do?"""
    jwks: Callable[[key_sets.KeySetQuestion], Claims] = key_sets.key_set
    """Which keys does it publish?"""
    redirection: Callable[[redirections.RedirectionQuestion], redirections.Redirection] = redirections.redirection
    """What goes back through the browser?"""
    id_token: Callable[[id_tokens.IdTokenQuestion], Claims] = id_tokens.claims
    """What does the ID token say?"""
    access_token: Callable[[access_tokens.AccessTokenQuestion], Claims] = access_tokens.claims
    """What is in the access token?"""
    token_response: Callable[[token_responses.TokenResponseQuestion], Claims] = token_responses.members
    """What does the token endpoint answer?"""
    userinfo: Callable[[userinfos.UserinfoQuestion], Claims] = userinfos.claims
    """What does the client learn about the person?"""
    introspection: Callable[[introspections.IntrospectionQuestion], Claims] = introspections.members
    """Is this token live?"""
    logout_notice: Callable[[logout_notices.LogoutNoticeQuestion], Claims] = logout_notices.claims
    """What is a client told when a session has ended?"""
    # signs
    signature: Callable[[signatures.SignatureQuestion], str] = signatures.sign
    """How does a document become compact text?"""
    # sends
    delivery: Callable[[deliveries.DeliveryQuestion], deliveries.Delivery] = deliveries.deliver
    """How do the bytes reach the client?"""


HONEST = Conduct()
"""The conduct of a conforming provider."""
