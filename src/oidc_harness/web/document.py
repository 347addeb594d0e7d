"""Documents: what a realm says of itself is made and put into bytes once, for as long as the realm is the same."""

from dataclasses import replace

from oidc_harness.harness import documents
from oidc_harness.harness.answered import Answered
from oidc_harness.harness.realm import Realm
from oidc_harness.protocol.request import Request
from oidc_harness.provider.endpoint import Endpoint
from oidc_harness.web.handler import Answerer
from oidc_harness.web.render import Audience, render


def kept(endpoint: Endpoint, make: Answerer) -> Answerer:
    """An answerer that lets a document be made only where it could be another than the last one."""

    async def answered(realm: Realm, request: Request) -> Answered:
        last = documents.find(realm, endpoint)
        if last is not None:
            # What a seeded realm draws next must not depend on whether this was made.
            realm.next_draw()
            return last
        made = await make(realm, request)
        reply = render(made.decision, Audience(realm, None, endpoint.origins))
        ready = replace(made, decision=replace(made.decision, reply=reply))
        documents.keep(realm, endpoint, ready)
        return ready

    return answered
