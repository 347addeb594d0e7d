"""Users: list, create, look at, edit, delete, block."""

from dataclasses import dataclass, replace
from typing import Annotated, Any

from annotated_types import MaxLen, MinLen

from oidc_harness.harness.arming import arm_personas, why_not_armed
from oidc_harness.harness.world import WrittenUser
from oidc_harness.model.user import User
from oidc_harness.services import users
from oidc_harness.services.errors import Invalid
from oidc_harness.web.admin.claim_tokens import hidden_sources
from oidc_harness.web.admin.operation import Call, Operation
from oidc_harness.web.admin.shapes import PageOf, Partial, Shape, View


@dataclass(frozen=True, slots=True, kw_only=True)
class NewUser(WrittenUser):
    """A user to create: every field of `User`, and a password."""

    username: Annotated[str, MaxLen(255)] = ""
    """What the person types to sign in. Left out: the e-mail address."""


async def list_users(call: Call) -> list[User]:
    """A page of users, by id; those with a username or an e-mail address, where one is asked for."""
    return await call.realm.transact(lambda given: users.list_page(given, call.after, call.limit, **call.filters))


async def create_user(call: Call) -> User:
    """Create; the password is a known test value, compared as it is."""
    new: NewUser = call.body
    draft = replace(new.record(User), username=new.username or new.email, test_password=new.password)
    _check_arms(call, draft)
    user = await call.realm.transact(lambda given: users.create(given, draft))
    arm_personas(call.realm, call.catalogue, [user])
    return user


def _check_arms(call: Call, draft: User) -> None:
    for index, arms in enumerate(draft.arms):
        fault = why_not_armed(call.catalogue, arms.switch, arms.parameters)
        if fault is not None:
            raise Invalid(fault.message, field=f"arms[{index}].{'.'.join(fault.steps)}")


async def view_user(call: Call) -> User:
    """One user."""
    return await call.realm.transact(lambda given: users.view(given, call.path["user"]))


async def edit_user(call: Call) -> User:
    """Change the members that are given; the others stay."""
    changes = dict(call.body)
    if "password" in changes:
        changes["test_password"] = changes.pop("password")
    return await call.realm.transact(lambda given: users.edit(given, call.path["user"], changes))


async def delete_user(call: Call) -> None:
    """Delete the account with its memberships."""
    await call.realm.transact(lambda given: users.delete(given, call.path["user"]))


async def block(call: Call) -> User:
    """Shut out of the whole realm; whatever was issued to the user dies."""
    return await call.realm.transact(lambda given: users.block(given, call.path["user"]))


async def unblock(call: Call) -> User:
    """Let in again."""
    return await call.realm.transact(lambda given: users.unblock(given, call.path["user"]))


class UserView(View):
    """A user without what proves who one is, to this provider or to another one."""

    def show(self, value: Any) -> Any:
        """The record as JSON types."""
        document = super().show(value)
        return {**document, "claim_sources": hidden_sources(document["claim_sources"])}


HIDDEN = users.KEPT - {"updated_at"} | {"test_password"}
VIEW = UserView(User, HIDDEN)
CHANGES = Partial(
    User,
    users.KEPT | users.FIXED | {"test_password", "arms"},
    {
        "id": "it is the `sub` that clients know, for life; create another user",
        "status": "blockUser (POST …/block) and unblockUser (POST …/unblock) do that",
        "updated_at": "it is set at each edit",
        "arms": "they are set at creation; arm a switch (POST …/armed) with a condition on this user",
    },
    password=(Annotated[str, MinLen(1), MaxLen(1024)], "A new known password, for tests."),
)
ALL = "/realms/{realm}/users"
ONE = ALL + "/{user}"

OPERATIONS = (
    Operation(
        "listUsers",
        "GET",
        ALL,
        "List users",
        list_users,
        PageOf(VIEW),
        paged=True,
        filters={
            "username": "The user who has exactly this username.",
            "email": "The user who has this e-mail address, in any case.",
        },
    ),
    Operation(
        "createUser",
        "POST",
        ALL,
        "Create a user",
        create_user,
        VIEW,
        Shape(NewUser),
        201,
        refuses=(409,),
        gives={"user": "/id"},
    ),
    Operation("viewUser", "GET", ONE, "Look at a user", view_user, VIEW),
    Operation(
        "editUser",
        "PATCH",
        ONE,
        "Edit a user",
        edit_user,
        VIEW,
        CHANGES,
        refuses=(409,),
        about="Members that are left out stay, in `profile` and its `address` too; null removes one (RFC 7396).",
    ),
    Operation("deleteUser", "DELETE", ONE, "Delete a user", delete_user),
    Operation("blockUser", "POST", ONE + "/block", "Block a user", block, VIEW),
    Operation("unblockUser", "POST", ONE + "/unblock", "Let a user in again", unblock, VIEW),
)
