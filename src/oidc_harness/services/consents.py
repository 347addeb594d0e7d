"""Consent: what a person answers on the consent page, remembered and withdrawn (F1, F2, C6)."""

from dataclasses import dataclass

from oidc_harness.model.consent import Consent
from oidc_harness.model.interaction import Interaction
from oidc_harness.model.member import Member, member_id
from oidc_harness.model.write import Add, Remove, Swap
from oidc_harness.services.addresses import shown
from oidc_harness.services.circumstances import Circumstances
from oidc_harness.services.errors import NotFound
from oidc_harness.services.logout_notices import tell_application


@dataclass(frozen=True, slots=True)
class Approval:
    """Which user lets which application have what."""

    application_id: str
    user_id: str
    scopes: tuple[str, ...]
    claims: tuple[str, ...] = ()
    """Single claims (OIDC Core 5.5)."""


async def approve(circumstances: Circumstances, interaction: Interaction, approval: Approval) -> Consent:
    """The person said yes to a waiting request; what they approved is remembered (F1)."""
    circumstances.records.write(Swap(interaction.answered("approved", approval.user_id)))
    return await remember(circumstances, approval)


async def deny(circumstances: Circumstances, interaction: Interaction, user_id: str) -> Interaction:
    """The person said no to a waiting request (F2); what was approved earlier stays approved."""
    denied = interaction.answered("denied", user_id)
    circumstances.records.write(Swap(denied))
    return denied


async def remember(circumstances: Circumstances, approval: Approval) -> Consent:
    """Keep an approval; an earlier one is widened by it."""
    key = member_id(approval.application_id, approval.user_id)
    earlier = await circumstances.records.get(Consent, key)
    if earlier is not None:
        widened = earlier.widened(approval.scopes, approval.claims, circumstances.now)
        circumstances.records.write(Swap(widened))
        return widened
    consent = Consent(
        id=key,
        application_id=approval.application_id,
        user_id=approval.user_id,
        scopes=approval.scopes,
        claims=approval.claims,
        given_at=circumstances.now,
    )
    circumstances.records.write(Add(consent))
    return consent


async def withdraw(circumstances: Circumstances, application_id: str, user_id: str) -> None:
    """Take a consent back: it is asked anew, what was issued on it dies, and the application is told (E4).

    Raises `NotFound`.
    """
    key = member_id(application_id, user_id)
    consent = await circumstances.records.get(Consent, key)
    if consent is None:
        raise NotFound(f"user {shown(user_id)} has given application {shown(application_id)} no consent")
    circumstances.records.write(Remove(consent))
    member = await circumstances.records.get(Member, key)
    if member is not None:
        await tell_application(circumstances, application_id, user_id)
        circumstances.records.write(Swap(member.signed_out(circumstances.entropy.token(9))))
