"""What happens between two requests of a client: people, applications and keys change, for real and by the services."""

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Literal, get_args

from oidc_harness.model.key import SigningAlgorithm
from oidc_harness.protocol.about import About
from oidc_harness.protocol.spec import spec
from oidc_harness.services import applications, keys, users
from oidc_harness.services.circumstances import Circumstances
from oidc_harness.services.errors import NotFound
from oidc_harness.switches.base import StateSwitch
from oidc_harness.switches.expectation import calls_at_most, ends_session, redeems_once, refuses_sign_in, signs_in

Moment = Literal["authorize", "token", "userinfo"]
"""Endpoints of one sign-in, in their order."""


@dataclass(frozen=True, slots=True)
class DuringFlow(StateSwitch):
    """Something that happens in the middle of one person's flow."""

    def applies(self, about: About) -> bool:
        """Exchanges of a person's flow; an authorization request that was sent to a page is none yet."""
        return about.user is not None and about.application is not None and about.grant_id is not None


@dataclass(frozen=True, slots=True)
class AcctBlockedBeforeToken(DuringFlow):
    """The user is blocked in the realm after the code is issued and before it is redeemed: `invalid_grant`."""

    name = "acct-blocked-before-token"
    breaks = spec("RFC6749-5.2")
    expects = refuses_sign_in() & calls_at_most(1, "token") & redeems_once()

    after = "authorize"

    async def act(self, circumstances: Circumstances, about: About) -> str:
        """Block the user of the flow."""
        return await _block(circumstances, about)


@dataclass(frozen=True, slots=True)
class AcctBlockedMidSession(DuringFlow):
    """The user is blocked in the realm while signed in: userinfo answers 401, a refresh `invalid_grant`."""

    name = "acct-blocked-mid-session"
    breaks = spec("RFC6750-3.1")
    expects = ends_session() & calls_at_most(1, "token")

    after: Literal["token", "userinfo", "introspection"] = "userinfo"
    """After whose answer. A client that does not ask userinfo as it signs people in needs `token`."""

    async def act(self, circumstances: Circumstances, about: About) -> str:
        """Block the user of the flow."""
        return await _block(circumstances, about)


@dataclass(frozen=True, slots=True)
class AppSuspended(DuringFlow):
    """The application is deactivated in the middle of a flow: `unauthorized_client`, and 401 from userinfo."""

    name = "app-suspended"
    breaks = spec("RFC6749-5.2")
    expects = ends_session() & calls_at_most(1, "token")

    after: Moment = "authorize"
    """After whose answer."""

    async def act(self, circumstances: Circumstances, about: About) -> str:
        """Deactivate the application of the flow."""
        id = _application_id(about)
        with suppress(NotFound):
            await applications.deactivate(circumstances, id)
        return f"application {id} is deactivated"


@dataclass(frozen=True, slots=True)
class AppDeleted(DuringFlow):
    """The application is deleted in the middle of a flow: `invalid_client`, and 401 from userinfo."""

    name = "app-deleted"
    breaks = spec("RFC6749-5.2")
    expects = ends_session() & calls_at_most(1, "token")

    after: Moment = "authorize"
    """After whose answer."""

    async def act(self, circumstances: Circumstances, about: About) -> str:
        """Delete the application of the flow."""
        id = _application_id(about)
        # An operator who wants it gone has turned a policy off that would refuse this.
        policy = replace(circumstances.policy, deletion="cascade")
        with suppress(NotFound):
            await applications.delete(replace(circumstances, policy=policy), id)
        return f"application {id} is deleted"


@dataclass(frozen=True, slots=True)
class JwksRotateNewKey(DuringFlow):
    """The provider signs with a new key that it publishes in the same moment; the old one stays published.

    A client that keeps keys meets a `kid` it does not know. To be tested it must have signed somebody in before:
    without keys of its own it would fetch the new one in any case. For clients with HMAC signatures it never happens.
    """

    name = "jwks-rotate-new-key"
    breaks = spec("OIDCC-10.1.1")
    expects = signs_in() & calls_at_most(2, "jwks")

    after: Moment = "authorize"
    """After whose answer."""

    def applies(self, about: About) -> bool:
        """Flows whose ID token is signed with a key of the realm."""
        return DuringFlow.applies(self, about) and _algorithm(about) in get_args(SigningAlgorithm)

    async def act(self, circumstances: Circumstances, about: About) -> str:
        """Make a key of the application's algorithm and rotate to it."""
        new = await keys.make(circumstances, _algorithm(about))
        await keys.rotate(circumstances, circumstances.keys, new)
        return f"{new.alg} signatures are made with the new key {new.kid}"


async def _block(circumstances: Circumstances, about: About) -> str:
    user_id = about.user.id if about.user else ""
    # Gone since the exchange was decided, it has no more to lose.
    with suppress(NotFound):
        await users.block(circumstances, user_id)
    return f"user {user_id} is blocked"


def _algorithm(about: About) -> str:
    return about.application.id_token_signed_response_alg if about.application else ""


def _application_id(about: About) -> str:
    return about.application.id if about.application else ""
