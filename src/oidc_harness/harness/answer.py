"""The runner: load, decide, write; again on conflict. What is written is written before anybody hears of it."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from oidc_harness.harness.answered import Answered
from oidc_harness.harness.postman import send_written
from oidc_harness.harness.realm import MOST_ATTEMPTS, Realm, TooManyConflicts
from oidc_harness.harness.recording import Recording
from oidc_harness.model.fetched_document import FetchedDocument
from oidc_harness.protocol.about import About
from oidc_harness.protocol.errors import OAuthError, TellClient
from oidc_harness.protocol.request import Request
from oidc_harness.provider.decision import Decision
from oidc_harness.provider.endpoint import Endpoint
from oidc_harness.provider.exchange import Fired
from oidc_harness.provider.outside import Wanted
from oidc_harness.provider.provider import Provider
from oidc_harness.services.circumstances import Circumstances
from oidc_harness.services.errors import ServiceError
from oidc_harness.storage.port import Conflict, Records


async def answer(realm: Realm, endpoint: Endpoint, request: Request) -> Answered:
    """Answer a request to an endpoint of the provider."""
    phases = endpoint.phases

    async def attempt(records: Records, provider: Provider) -> Decision:
        try:
            facts = await phases.load(request, records, provider)
        except (OAuthError, TellClient) as refusal:
            concerns = await _named(endpoint, request, records)
            return replace(phases.refuse(refusal, request, provider), about=concerns)
        try:
            return phases.decide(request, facts, provider)
        except (OAuthError, TellClient) as refusal:
            return replace(phases.refuse(refusal, request, provider), about=phases.about(facts))

    return await carry_out(realm, endpoint.name, attempt)


async def refuse_unread(realm: Realm, endpoint: Endpoint, request: Request, error: OAuthError) -> Answered:
    """Refuse a request before it is looked at, the way its endpoint tells errors."""

    async def attempt(records: Records, provider: Provider) -> Decision:
        concerns = await _named(endpoint, request, records)
        return replace(endpoint.phases.refuse(error, request, provider), about=concerns)

    return await carry_out(realm, endpoint.name, attempt)


async def _named(endpoint: Endpoint, request: Request, records: Records) -> About:
    """Whom a request concerns of which no more is known than what it says."""
    return About(endpoint.name, await endpoint.phases.named(request, records))


async def carry_out(realm: Realm, name: str, attempt: Callable[[Records, Provider], Awaitable[Decision]]) -> Answered:
    """Run an attempt in a transaction of its own.

    Again on fresh facts whenever another was faster, and again when a document is there that it wanted; each is fetched
    once.
    """
    recording = Recording(realm.next_draw(), name)
    seen: dict[str, FetchedDocument] = {}
    for _ in range(MOST_ATTEMPTS):
        provider = realm.provider(recording, seen)
        try:
            async with realm.records() as records:
                decision = await attempt(records, provider)
                records.write(*decision.writes)
        except (Conflict, Wanted) as obstacle:
            realm.switchboard.forget(recording)
            recording = Recording(recording.draw, name)
            if isinstance(obstacle, Wanted):
                seen[obstacle.url] = await realm.look_at(obstacle.url)
            continue
        realm.outbox.may_have_mail = True
        await send_written(realm, decision.writes)
        if decision.error is None:
            await _let_happen(realm, decision, recording)
        return Answered(decision, provider, recording)
    raise TooManyConflicts(f"{name}: {MOST_ATTEMPTS} attempts lost their race; the records it needs are contended")


async def _let_happen(realm: Realm, decision: Decision, recording: Recording) -> None:
    """Run the state switches that wait for this exchange: for real, and before its answer goes out.

    What a service refuses is told in the journal: the exchange itself was decided, and stands.
    """
    for armed, switch in realm.switchboard.due(recording.endpoint, decision.about, recording):

        async def act(circumstances: Circumstances, switch: Any = switch) -> str:
            happened: str = await switch.act(circumstances, decision.about)
            return happened

        try:
            happened = await realm.transact(act)
        except ServiceError as error:
            happened = f"it could not happen: {error}"
        await realm.reload_keys()
        recording.fired.append(Fired(armed.id, switch.name, switch.seam, "nothing happens", happened))
