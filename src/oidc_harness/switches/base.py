"""Switch: one deviation as a frozen dataclass with one function. Its fields are its parameters."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from oidc_harness.model.application import Application
from oidc_harness.model.grant import Grant
from oidc_harness.protocol.about import About
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
from oidc_harness.protocol.spec import Spec
from oidc_harness.protocol.token_response import TokenResponseQuestion
from oidc_harness.protocol.token_use import TokenUseQuestion
from oidc_harness.protocol.userinfo import UserinfoQuestion
from oidc_harness.services.circumstances import Circumstances

if TYPE_CHECKING:
    # Judging comes long after arming: a server that starts does not need its vocabulary.
    from oidc_harness.switches.expectation import Expectation

Question = TypeVar("Question")
Answer = TypeVar("Answer")
Claims = Mapping[str, Any]


class AnySwitch:
    """What every switch declares. The first line of the class docstring says what the provider does.

    A switch is a frozen dataclass; its fields, each with a default, are its parameters.
    """

    # Attribute docstrings become the descriptions of the parameters; a parameter that no field knows is an error.
    __pydantic_config__: ClassVar[Mapping[str, Any]] = {"extra": "forbid", "use_attribute_docstrings": True}

    name: ClassVar[str]
    """Unique in the catalogue; small letters and hyphens."""
    seam: ClassVar[str]
    """Where it acts: a field of `Conduct`, or `state`."""
    breaks: ClassVar[Spec]
    """The clause a correct client guards, or the provider breaks."""
    expects: ClassVar["Expectation"]
    """What a correct client does then."""


class Switch(AnySwitch, ABC, Generic[Question, Answer]):
    """A function around one seam. It never sees conditions or counters."""

    def applies(self, question: Question) -> bool:
        """Whether the switch has anything to do with this question; where not, nothing is counted or recorded."""
        return True

    @abstractmethod
    def act(self, honest: Callable[[Question], Answer], question: Question) -> Answer:
        """The answer to give. `honest` is the function that would have answered."""


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


class StateSwitch(AnySwitch, ABC):
    """Something that happens between requests: a person or application changes, for real, by a service.

    It runs after the exchange it waits for was decided and before its answer goes out.
    """

    seam = "state"

    @property
    @abstractmethod
    def after(self) -> str:
        """Name of the endpoint after whose successful exchange it happens."""

    def applies(self, about: About) -> bool:
        """Whether the exchange concerns whom it needs; where not, nothing is counted or recorded."""
        return True

    @abstractmethod
    async def act(self, circumstances: Circumstances, about: About) -> str:
        """Make it happen; one sentence for the journal on what changed."""
