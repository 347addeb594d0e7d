"""Resource owner password credentials grant — RFC 6749 4.3. Only for applications registered for it."""

import asyncio
from dataclasses import dataclass

from oidc_harness.model.application import Application
from oidc_harness.model.grant import Grant
from oidc_harness.model.member import Member
from oidc_harness.model.user import User
from oidc_harness.model.write import Add
from oidc_harness.protocol.about import About
from oidc_harness.protocol.errors import invalid_grant
from oidc_harness.protocol.next_step import Person, why_person_is_refused
from oidc_harness.protocol.parameters import Parameters
from oidc_harness.protocol.passwords import password_fits
from oidc_harness.protocol.scope import parse_scope, permitted_scopes
from oidc_harness.protocol.spec import spec
from oidc_harness.provider.decision import Decision
from oidc_harness.provider.grants.grant_type import GrantType, TokenRequest, respond
from oidc_harness.provider.issue import Order, grants_refresh_token, last_use
from oidc_harness.provider.membership import join
from oidc_harness.provider.people import load_person
from oidc_harness.provider.provider import Provider
from oidc_harness.storage.look_up import find_user
from oidc_harness.storage.port import Records


@dataclass(frozen=True, slots=True, eq=False)
class Facts:
    """Who was named, and whether the password is theirs."""

    person: Person | None
    password_fits: bool


async def load(parameters: Parameters, application: Application | None, records: Records, provider: Provider) -> Facts:
    """Look the user up and check the password off the loop: scrypt is slow by design, so not for just anybody."""
    username, password = parameters.get("username"), parameters.get("password")
    if application is None or "password" not in application.grant_types or not username or not password:
        return Facts(None, False)
    user = await find_user(records, username)
    fits = await asyncio.to_thread(password_fits, password, user)
    return Facts(await load_person(user, application, records) if user else None, fits)


def about(facts: Facts) -> About:
    """The user named, if there is one."""
    return About("token", None, facts.person.user if facts.person else None)


def decide(request: TokenRequest, facts: Facts, provider: Provider) -> Decision:
    """One answer for an unknown user and a wrong password (4.3.2); then the rules about people (B4, B5, C7)."""
    for name in ("username", "password"):
        request.parameters.required(name, spec("RFC6749-4.3.2"))
    person = facts.person
    if person is None or not facts.password_fits:
        raise invalid_grant("wrong username or password", "no active user has this username with this password")
    refusal = why_person_is_refused(request.application, person)
    if refusal is not None:
        raise invalid_grant(refusal.description, refusal.detail, refusal.where)
    scopes = permitted_scopes(parse_scope(request.parameters.get("scope")), request.application)
    member, joining = join(person, request.application, provider)
    grant = _grant(request, scopes, member, person.user, provider)
    order = Order(
        about=About("token", request.application, person.user, grant.id),
        application=request.application,
        grant=grant,
        user=person.user,
        scopes=scopes,
        with_refresh_token=grants_refresh_token(request.application, scopes, provider.policy),
        encryption=request.encryption,
    )
    return respond(order, (*joining, Add(grant)), provider)


def _grant(request: TokenRequest, scopes: tuple[str, ...], member: Member, user: User, provider: Provider) -> Grant:
    return Grant(
        id=provider.entropy.token(16),
        application_id=request.application.id,
        user_id=user.id,
        scopes=scopes,
        auth_time=provider.now,
        acr=provider.policy.acr_values[0],
        amr=("pwd",),
        auth_time_requested=request.application.require_auth_time,
        created_at=provider.now,
        expires_at=last_use(request.application, scopes, provider.policy, provider.now),
        application_generation=request.application.generation,
        user_generation=user.generation,
        member_generation=member.generation,
    )


PASSWORD = GrantType(load, decide, about)
