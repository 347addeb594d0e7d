"""The postman: sends what is in the outboxes, again where it did not arrive, and with no transaction open meanwhile.

What was committed is sent at least once: a server that stops between sending and noting it sends once more when it runs
again, with a token of its own `jti`.
"""

import asyncio
import logging
from collections.abc import Iterable, Iterator

from oidc_harness.harness.clock import system_time
from oidc_harness.harness.fetching import FetchFailed
from oidc_harness.harness.outbox import Posted
from oidc_harness.harness.realm import Realm, RealmGone
from oidc_harness.harness.recording import Recording
from oidc_harness.model.application import Application
from oidc_harness.model.outbox import LogoutNotice
from oidc_harness.model.user import User
from oidc_harness.model.write import Add, Swap, Write
from oidc_harness.protocol.about import About
from oidc_harness.protocol.delivery import HttpReply
from oidc_harness.protocol.logout_notice import NAME
from oidc_harness.protocol.request import Request
from oidc_harness.provider.exchange import Exchange
from oidc_harness.services.circumstances import Circumstances
from oidc_harness.services.paging import each
from oidc_harness.storage.port import Records, StorageError

LOOK_EVERY_SECONDS = 0.25
"""How soon what was put in by a service is found."""
AT_ONCE = 20
"""Notices of one realm that one look through its outbox sends."""
WORTH_TRYING_AGAIN = frozenset({408, 425, 429})
"""Statuses that are about the moment and not about the request (RFC 9110 15.5.9, RFC 8470 5.2, RFC 6585 4)."""
LONGEST_KEPT = 4096
"""Bytes of an answer that the journal keeps."""
_LOG = logging.getLogger(__name__)


async def keep_sending(realms: Iterable[Realm]) -> None:
    """Look through the outboxes for as long as the server runs. What one client keeps waiting holds up no other."""
    while True:
        await _look_through(realms)
        await asyncio.sleep(LOOK_EVERY_SECONDS)


async def _look_through(realms: Iterable[Realm]) -> None:
    for realm in realms:
        if realm.outbox.may_have_mail:
            for id in await _due(realm):
                _start(realm, id)


async def stop_sending(realms: Iterable[Realm]) -> None:
    """Break off what is under way; it is sent when the server runs again."""
    tasks = [task for realm in realms for task in realm.outbox.under_way.values()]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def send_due(realm: Realm) -> None:
    """Send what is to be sent by now, and wait until it was tried."""
    await asyncio.gather(*(send(realm, id) for id in await _due(realm)))


async def _due(realm: Realm) -> list[str]:
    """The ids of what is to be sent by now, as far as there is room for it."""
    realm.outbox.may_have_mail = False
    try:
        async with realm.records() as records:
            return await _first_due(realm, records)
    except RealmGone:
        return []
    except StorageError as error:
        _LOG.warning("%s: the outbox cannot be read for now: %s", realm.name, error)
        realm.outbox.may_have_mail = True
        return []


async def _first_due(realm: Realm, records: Records) -> list[str]:
    due: list[str] = []
    async for notice in each(records, LogoutNotice, state="pending"):
        realm.outbox.may_have_mail = True
        if notice.next_try_at <= realm.clock.now() and notice.id not in realm.outbox.under_way:
            due.append(notice.id)
        if len(due) == AT_ONCE:
            break
    return due


async def send_written(realm: Realm, writes: Iterable[Write]) -> None:
    """Try once to send what a decision has put into the outbox, before its answer goes out."""
    await asyncio.gather(*(send(realm, id) for id in _written(writes)))


def _written(writes: Iterable[Write]) -> Iterator[str]:
    for write in writes:
        if isinstance(write, Add) and isinstance(write.record, LogoutNotice):
            yield write.record.id


async def send(realm: Realm, id: str) -> None:
    """Try once, if it is due; whoever asks for what is under way waits for that."""
    await asyncio.shield(_start(realm, id))


def _start(realm: Realm, id: str) -> "asyncio.Task[None]":
    under_way = realm.outbox.under_way
    if id not in under_way:
        under_way[id] = asyncio.create_task(_try(realm, id))
        under_way[id].add_done_callback(lambda _: under_way.pop(id, None))
    return under_way[id]


async def _try(realm: Realm, id: str) -> None:
    try:
        await _send_if_due(realm, id)
    except RealmGone:
        pass
    except Exception:
        # The store would not have it. It stays in the outbox, and is tried again once something can be written again.
        realm.outbox.may_have_mail = False
        _LOG.exception("%s: the logout notice %s could not be sent for now", realm.name, id)


async def _send_if_due(realm: Realm, id: str) -> None:
    async with realm.records() as records:
        notice = await records.get(LogoutNotice, id)
        if notice is None or notice.state != "pending" or notice.next_try_at > realm.clock.now():
            return
        application = await records.get(Application, notice.application_id)
        user = await records.get(User, notice.user_id)
    if application is None or not notice.is_for(application):
        # Whoever has the client_id now is told nothing at an address that is not theirs.
        await _note(realm, notice.refused("the application is gone, or wants no notice there now; nothing was sent"))
        return
    about = About(NAME, application, user)
    await _note(realm, await _post(realm, notice, about, application))


async def _post(realm: Realm, notice: LogoutNotice, about: About, application: Application) -> LogoutNotice:
    from oidc_harness.provider.logout import logout_token  # only who ends sessions pays for it

    recording = Recording(realm.next_draw(), NAME)
    try:
        form = {"logout_token": logout_token(notice, about, application, realm.provider(recording))}
    except Exception as fault:
        _LOG.exception("%s: no logout token can be made for %s", realm.name, application.id)
        return notice.refused(f"no token could be made, nothing was sent: {fault}")
    posted: Posted | None = None
    try:
        posted = await realm.post(notice.url, form)
        after = after_answer(notice, posted.status, realm.clock.now())
    except FetchFailed as reason:
        after = notice.put_off(str(reason), realm.clock.now())
    await _record(realm, Request("POST", notice.url, form=tuple(form.items())), about, recording, posted)
    return after


def after_answer(notice: LogoutNotice, status: int, now: int) -> LogoutNotice:
    """200 (and, by many, 204) says it is done, 400 that it never will be (OIDC Back-Channel Logout 2.8)."""
    if status in (200, 204):
        return notice.delivered(f"taken: status {status}")
    outcome = f"the client answered with status {status}; expected 200 or 204 (OIDC Back-Channel Logout 2.8)"
    if status >= 500 or status in WORTH_TRYING_AGAIN:
        return notice.put_off(outcome, now)
    return notice.refused(outcome)


async def _note(realm: Realm, after: LogoutNotice) -> None:
    async def act(circumstances: Circumstances) -> None:
        circumstances.records.write(Swap(after))

    await realm.transact(act)


async def _record(realm: Realm, request: Request, about: About, recording: Recording, posted: Posted | None) -> None:
    """Into the journal, as what the client did with the notice. None: no answer came."""
    reply = None
    if posted is not None:
        headers = (("Content-Type", posted.content_type),)
        reply = HttpReply(posted.status, headers, posted.body[:LONGEST_KEPT])
    fired, now = tuple(recording.fired), realm.clock.now()
    await realm.append(lambda number: Exchange(number, NAME, request, about, reply, fired, None, now, system_time()))
