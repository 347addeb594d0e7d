"""Realms: list, make, look at, change the policy of, drop."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any, ClassVar

from annotated_types import MaxLen
from pydantic import Field
from pydantic_core import from_json

from oidc_harness.harness.realm import Realm
from oidc_harness.harness.realms import NAME, RealmError, RealmTaken
from oidc_harness.harness.seed import SeedError
from oidc_harness.harness.world import RealmWorld
from oidc_harness.harness.worlds import make_realm as make_furnished_realm
from oidc_harness.harness.yaml_files import path_text
from oidc_harness.model.preset import PresetName, preset_policy
from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.services.errors import Invalid, Taken
from oidc_harness.services.policy_rules import check_persona, check_policy
from oidc_harness.web.admin.claim_tokens import HIDDEN
from oidc_harness.web.admin.operation import Call, Operation
from oidc_harness.web.admin.shapes import PageOf, Partial, Shape

_STRICT: Mapping[str, Any] = {"extra": "forbid", "use_attribute_docstrings": True}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRealm:
    """A realm to make."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = _STRICT

    # Told, not checked here: what refuses a name says more about it than a pattern does.
    name: Annotated[str, MaxLen(64), Field(json_schema_extra={"pattern": f"^{NAME}$"})]
    """1 to 64 of a-z, 0-9 and inner hyphens; the path of its issuer."""
    preset: PresetName | None = None
    """A set of policies by name, in place of the policy of the fixture; what `policy` says beside it wins."""
    policy: RealmPolicy | None = None
    """Left out: that of the preset, else the policy of the fixture, else the default of every field."""
    seed: Annotated[str, MaxLen(255)] | None = None
    """Given: the realm draws the same ids and secrets for the same seed. They can be guessed then."""
    fixture: Annotated[str, MaxLen(64)] | None = None
    """Name of a shipped fixture whose first realm's people and applications are put in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RealmView:
    """A realm as it is now."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = _STRICT

    name: str
    issuer: str
    policy: RealmPolicy
    now: int
    """Seconds since 1970 in the realm's time."""
    armed: int
    """How many switches are in."""


class NewRealmShape(Shape[NewRealm]):
    """A realm to make, whose preset gives what its policy leaves out."""

    def read(self, text: bytes) -> NewRealm:
        """The policy is whole where a preset is named. Raises `Invalid`."""
        new = super().read(text)
        if new.preset is None:
            return new
        stated = from_json(text).get("policy") or ()
        return replace(new, policy=preset_policy(new.preset, {name: getattr(new.policy, name) for name in stated}))

    def write(self, value: NewRealm) -> bytes:
        """What is left as it is by default is not stated."""
        written: bytes = self.adapter.dump_json(value, exclude_defaults=True)
        return written


def view(realm: Realm) -> RealmView:
    """The realm as it is shown."""
    armed = len(realm.switchboard.armed())
    policy = _without_secret(realm.policy)
    return RealmView(name=realm.name, issuer=realm.issuer, policy=policy, now=realm.clock.now(), armed=armed)


def _without_secret(policy: RealmPolicy) -> RealmPolicy:
    """The policy as it may be shown: that there is an initial access token, and not which."""
    return policy if policy.initial_access_token is None else replace(policy, initial_access_token=HIDDEN)


async def list_realms(call: Call) -> list[RealmView]:
    """A page of realms, by name."""
    names = sorted(realm.name for realm in call.realms if realm.name > call.after)[: call.limit]
    return [view(realm) for name in names if (realm := call.realms.find(name)) is not None]


async def make_realm(call: Call) -> RealmView:
    """Make a realm, with a world in it where one is named."""
    new: NewRealm = call.body
    described = await call.worlds.find(new.fixture) if new.fixture is not None else RealmWorld()
    world = replace(described, policy=new.policy or described.policy, seed=new.seed or described.seed)
    try:
        return view(await make_furnished_realm(call.realms, new.name, world))
    except RealmTaken as error:
        raise Taken(str(error), field="name") from None
    except RealmError as error:
        raise Invalid(str(error), field="name") from None
    except SeedError as error:
        fault = error.faults[0]
        raise Invalid(fault.message, field=path_text(fault.steps)) from None


async def view_realm(call: Call) -> RealmView:
    """One realm."""
    return view(call.realm)


async def change_policy(call: Call) -> RealmView:
    """Change some fields of the policy; the others stay."""
    realm, changes = call.realm, call.body
    if "default_persona" in changes:
        await realm.transact(lambda given: check_persona(given, replace(given.policy, **changes)))
    # Nothing is waited for from here to where it is set: of two changes at once neither is lost.
    changed = replace(realm.policy, **changes)
    check_policy(changed, changes)
    realm.policy = changed
    realm.journal.limit(realm.policy.journal_limit)
    await call.realms.save(realm)
    return view(realm)


async def drop_realm(call: Call) -> None:
    """Forget the realm and everything in it."""
    await call.realms.drop(call.realm.name)


VIEW: Shape[RealmView] = Shape(RealmView)
ONE = "/realms/{realm}"

OPERATIONS = (
    Operation("listRealms", "GET", "/realms", "List realms", list_realms, PageOf(VIEW, "name"), paged=True),
    Operation(
        "makeRealm",
        "POST",
        "/realms",
        "Make a realm",
        make_realm,
        VIEW,
        NewRealmShape(NewRealm),
        201,
        refuses=(409,),
        gives={"realm": "/name"},
    ),
    Operation("viewRealm", "GET", ONE, "Look at a realm", view_realm, VIEW),
    Operation("dropRealm", "DELETE", ONE, "Drop a realm and everything in it", drop_realm),
    Operation(
        "changePolicy",
        "PATCH",
        ONE + "/policy",
        "Change the policy",
        change_policy,
        VIEW,
        Partial(RealmPolicy, frozenset()),
    ),
)
