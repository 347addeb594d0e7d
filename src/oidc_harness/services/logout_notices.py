"""Notices to applications when people of the provider end somebody's sessions (C5, C7, OIDC Back-Channel Logout 2)."""

from oidc_harness.model.application import Application
from oidc_harness.model.member import Member
from oidc_harness.model.outbox import LogoutNotice, logout_notice
from oidc_harness.model.session import Session
from oidc_harness.model.write import Add
from oidc_harness.services.circumstances import Circumstances
from oidc_harness.services.paging import each


async def tell_of_session(circumstances: Circumstances, session: Session) -> None:
    """Tell the applications that this session went to that it ended."""
    for application_id in session.application_ids:
        application = await circumstances.records.get(Application, application_id)
        if application is not None and application.backchannel_logout_uri is not None:
            _put_in(circumstances, application, session.user_id, session.sid)


async def tell_application(circumstances: Circumstances, application_id: str, user_id: str) -> None:
    """Tell one application that everything it holds for this user ended.

    One notice without `sid` says that of all sessions (2.4); who wants to be told of each by its `sid` is.
    """
    application = await circumstances.records.get(Application, application_id)
    if application is not None:
        await _tell_all(circumstances, application, user_id)


async def tell_of_members(circumstances: Circumstances, application: Application) -> None:
    """Tell one application that everything it holds for anybody ended; who is blocked has nothing there."""
    if application.backchannel_logout_uri is None:
        return
    async for member in each(circumstances.records, Member, application_id=application.id):
        if member.status == "active":
            await _tell_all(circumstances, application, member.user_id)


async def _tell_all(circumstances: Circumstances, application: Application, user_id: str) -> None:
    if application.backchannel_logout_uri is None:
        return
    sids: list[str | None] = [None]
    if application.hears_of_each_session:
        sessions = [session async for session in each(circumstances.records, Session, user_id=user_id)]
        sids = [session.sid for session in sessions if application.id in session.application_ids]
    for sid in sids:
        _put_in(circumstances, application, user_id, sid)


def _put_in(circumstances: Circumstances, application: Application, user_id: str, sid: str | None) -> None:
    chance = circumstances.entropy.token(9)
    circumstances.records.write(Add(logout_notice(application, user_id, sid, circumstances.now, chance)))


async def list_page(
    circumstances: Circumstances, after: str = "", limit: int = 100, **where: str
) -> list[LogoutNotice]:
    """What is in the outbox, oldest first, beginning behind the id `after`; `where`: values of its indexes."""
    return await circumstances.records.find(LogoutNotice, after=after, limit=limit, **where)


async def tell_every_application(circumstances: Circumstances, user_id: str) -> None:
    """Tell every application that the user is a member of."""
    async for member in each(circumstances.records, Member, user_id=user_id):
        await tell_application(circumstances, member.application_id, user_id)
