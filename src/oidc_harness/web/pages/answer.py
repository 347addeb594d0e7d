"""Answer a request to a page: in a transaction, again on conflict, and with nothing written where it is refused."""

from oidc_harness.harness.answer import carry_out
from oidc_harness.harness.answered import Answered
from oidc_harness.harness.realm import Realm
from oidc_harness.protocol.errors import OAuthError
from oidc_harness.protocol.request import Request
from oidc_harness.provider.decision import Decision
from oidc_harness.provider.provider import Provider
from oidc_harness.storage.port import Records
from oidc_harness.web.pages.cross_origin import check_origin
from oidc_harness.web.pages.page import PageHandler, Refused, tell


async def answer_page(realm: Realm, page: PageHandler, request: Request) -> Answered:
    """What the page decides, carried out."""

    async def attempt(records: Records, provider: Provider) -> Decision:
        return await page.handle(request, realm.circumstances(records, provider.entropy), provider)

    try:
        check_origin(request, realm.issuer)
        return await carry_out(realm, page.name, attempt)
    except OAuthError as error:
        return await refuse(realm, page.name, tell(error))
    except Refused as refusal:
        return await refuse(realm, page.name, refusal.decision)


async def refuse(realm: Realm, name: str, refusal: Decision) -> Answered:
    """Tell a refusal, in a transaction of its own: what the refused attempt had begun is rolled back by then."""

    async def told(records: Records, provider: Provider) -> Decision:
        return refusal

    return await carry_out(realm, name, told)
