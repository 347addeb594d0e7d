"""How errors are told at the endpoints that clients' servers call."""

from oidc_harness.harness.recording import Recording
from oidc_harness.protocol.errors import OAuthError
from oidc_harness.protocol.request import Request
from oidc_harness.protocol.spec import spec
from oidc_harness.provider.decision import Json
from oidc_harness.provider.refusal import refuse_bearer
from tests.support.world import World


async def test_what_is_no_fault_of_the_token_challenges_nobody(world: World) -> None:
    """RFC 6750 3: the challenge says what is the matter with the token."""
    unavailable = OAuthError("temporarily_unavailable", "not now", where=spec("RFC9110-15.6.4"), status=503)
    told = refuse_bearer(unavailable, Request("GET", "/userinfo"), world.realm.provider(Recording(1, "userinfo")))
    assert isinstance(told.reply, Json)
    assert (told.reply.status, told.reply.headers) == (503, ())
