"""Given: the realm of a fixture, changed as a scenario says, and then as the client under test is registered."""

from dataclasses import dataclass, replace
from typing import TypeVar

from oidc_harness.harness.scenario import Given
from oidc_harness.harness.world import RealmWorld, WrittenApplication, WrittenInvitation, WrittenMember
from oidc_harness.harness.yaml_files import Steps
from oidc_harness.model.application import ClientAuthenticationMethod, IdTokenAlgorithm

USUAL_ALG: IdTokenAlgorithm = "RS256"
"""What ID tokens are signed with for a client that asked for nothing else (OIDC Registration 2)."""

P = TypeVar("P", WrittenMember, WrittenInvitation)


def changed_world(world: RealmWorld, given: Given) -> RealmWorld:
    """The realm before the first step. The names in `given` are known to exist."""
    return replace(
        world,
        policy=replace(world.policy, **given.policy),
        applications=tuple(replace(each, **given.applications.get(each.id, {})) for each in world.applications),
        users=tuple(replace(each, **given.users.get(each.username, {})) for each in world.users),
        members=world.members + given.members,
        invitations=world.invitations + given.invitations,
    )


def changed_steps(steps: Steps, plain: RealmWorld, changed: RealmWorld) -> Steps:
    """Where in `given` it was said what stands at these steps of the changed realm."""
    kind, rest = steps[0], steps[1:]
    if kind == "applications":
        return (kind, changed.applications[int(rest[0])].id, *rest[1:])
    if kind == "users":
        return (kind, changed.users[int(rest[0])].username, *rest[1:])
    if kind in ("members", "invitations"):
        return (kind, int(rest[0]) - len(getattr(plain, kind)), *rest[1:])
    return steps


@dataclass(frozen=True, slots=True)
class RegisteredClient:
    """How the client under test is registered, whatever the fixture says of the application it stands for."""

    client_id: str
    secret: str | None
    """None: a public client."""
    redirect_uri: str
    auth_method: ClientAuthenticationMethod
    id_token_alg: IdTokenAlgorithm = USUAL_ALG
    post_logout_redirect_uri: str | None = None
    backchannel_logout_uri: str | None = None
    """Where it is told of logouts, in a scenario whose application wants to be told."""


def with_client(world: RealmWorld, application_id: str, client: RegisteredClient) -> RealmWorld:
    """The realm in which this application is registered as the client under test knows itself.

    Another application that has its client_id gives way, with its people.
    """
    taken = frozenset({client.client_id} - {application_id})
    return replace(
        world,
        applications=tuple(
            _registered(each, application_id, client) for each in world.applications if each.id not in taken
        ),
        members=_at_client(world.members, application_id, client, taken),
        invitations=_at_client(world.invitations, application_id, client, taken),
    )


def _at_client(
    people: tuple[P, ...], application_id: str, client: RegisteredClient, taken: frozenset[str]
) -> tuple[P, ...]:
    return tuple(
        replace(each, application_id=client.client_id) if each.application_id == application_id else each
        for each in people
        if each.application_id not in taken
    )


def _registered(written: WrittenApplication, application_id: str, client: RegisteredClient) -> WrittenApplication:
    if written.id != application_id:
        return written
    return replace(
        written,
        id=client.client_id,
        secret=client.secret,
        redirect_uris=(client.redirect_uri,),
        backchannel_logout_uri=client.backchannel_logout_uri if written.backchannel_logout_uri else None,
        post_logout_redirect_uris=(client.post_logout_redirect_uri,) if client.post_logout_redirect_uri else (),
        token_endpoint_auth_method=client.auth_method,
        id_token_signed_response_alg=client.id_token_alg,
    )
