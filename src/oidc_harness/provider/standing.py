"""Load the present records behind a grant."""

from oidc_harness.model.application import Application
from oidc_harness.model.ended_session import EndedSession
from oidc_harness.model.grant import Grant
from oidc_harness.model.member import Member, member_id
from oidc_harness.model.user import User
from oidc_harness.protocol.standing import Standing
from oidc_harness.storage.port import Records

NOBODY = Standing(None, None, None)


async def load_standing(grant: Grant | None, records: Records, application: Application | None = None) -> Standing:
    """Application, user, member and the end of the session of a grant, as they are now.

    `application` spares a look-up where it is known.
    """
    if grant is None:
        return NOBODY
    if application is None or application.id != grant.application_id:
        application = await records.get(Application, grant.application_id)
    if grant.user_id is None:
        return Standing(application, None, None)
    user = await records.get(User, grant.user_id)
    member = await records.get(Member, member_id(grant.application_id, grant.user_id))
    ended = None if grant.sid is None else await records.get(EndedSession, grant.sid)
    return Standing(application, user, member, ended)
