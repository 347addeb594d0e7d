"""Steps: what happens in a scenario, one after the other. In a file each is a mapping with one member, or its name."""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from typing import Annotated, Any, ClassVar, Literal, TypeAlias, get_args

from annotated_types import Ge, Le, MaxLen, MinLen

Name = Annotated[str, MinLen(1), MaxLen(255)]
_STRICT: Mapping[str, Any] = {"extra": "forbid", "use_attribute_docstrings": True}


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginWishes:
    """What is passed on to the client when a login is started, and by it to the provider (OIDC Core 3.1.2.1)."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = _STRICT

    prompt: str | None = None
    """`none`, `login`, `consent`, or several of them with spaces between."""
    login_hint: str | None = None
    """Who is expected to sign in."""
    scope: str | None = None
    """Scopes instead of those the client asks for by itself."""
    max_age: Annotated[int, Ge(0)] | None = None
    """Seconds the authentication may be old."""
    acr_values: str | None = None
    """Authentication contexts, the best one first."""
    response_mode: Literal["query", "fragment", "form_post"] | None = None
    """How the answer comes back."""

    def parameters(self) -> dict[str, str]:
        """As the query of the client's login address."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: str(value) for name, value in values.items() if value is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What all steps have in common: each is a dataclass with one field, which has the step's name."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = _STRICT


@dataclass(frozen=True, slots=True, kw_only=True)
class UserStep(Step):
    """A step whose one member names a user."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationStep(Step):
    """A step whose one member names an application."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StartLogin(Step):
    """Open the client's login address, which sends the browser to the provider."""

    start_login: LoginWishes | None = None
    """What to pass on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInAs(UserStep):
    """Type a username and that user's password into the login page."""

    sign_in_as: Name
    """Username or e-mail address of a user of the world."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerConsent(Step):
    """Press a button of the consent page."""

    consent: Literal["approve", "deny"]
    """Which one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnToApplication(Step):
    """Leave the provider's page that tells of a refusal by its link, which tells the client."""

    return_to_application: None = None
    """Nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallApi(Step):
    """Let the client use its access token."""

    call_api: None = None
    """Nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refresh(Step):
    """Let the client renew its tokens."""

    refresh: None = None
    """Nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogOut(Step):
    """Open the client's logout address and confirm."""

    log_out: None = None
    """Nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait(Step):
    """Let time pass at the provider. Its clock moves; nobody waits."""

    wait: Annotated[int, Ge(1), Le(10 * 365 * 86400)]
    """Seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockUser(UserStep):
    """Block a user in the whole realm; sessions and tokens die."""

    block_user: Name | None = None
    """Username. None: who signed in last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnblockUser(UserStep):
    """Let a blocked user in again."""

    unblock_user: Name | None = None
    """Username. None: who signed in last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockMember(UserStep):
    """Block a user in the client's application alone (C7)."""

    block_member: Name | None = None
    """Username. None: who signed in last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnblockMember(UserStep):
    """Let a blocked member in again (C7)."""

    unblock_member: Name | None = None
    """Username. None: who signed in last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveMember(UserStep):
    """Take a user out of the client's application; consent is asked again next time (C6)."""

    remove_member: Name | None = None
    """Username. None: who signed in last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EndSessions(UserStep):
    """End all sessions of a user with the client's application (C5)."""

    end_sessions: Name | None = None
    """Username. None: who signed in last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelInvitation(Step):
    """Withdraw the pending invitation of an address to the client's application (D7)."""

    cancel_invitation: Name
    """E-mail address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseApplication(ApplicationStep):
    """Admit members and invited people only (B5)."""

    close_application: Name | None = None
    """A client_id. None: the client's application."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RestrictApplication(ApplicationStep):
    """Admit administrators of the application only (B4)."""

    restrict_application: Name | None = None
    """A client_id. None: the client's application."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeactivateApplication(ApplicationStep):
    """Shut the application down; whatever was issued to it is dead (B3)."""

    deactivate_application: Name | None = None
    """A client_id. None: the client's application."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReactivateApplication(ApplicationStep):
    """Open a deactivated application again; its users authorize anew (B3)."""

    reactivate_application: Name | None = None
    """A client_id. None: the client's application."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteApplication(ApplicationStep):
    """Remove the application for good (B2)."""

    delete_application: Name | None = None
    """A client_id. None: the client's application."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RotateKeys(Step):
    """Sign with a new key from now on; the old one stays published (OIDC Core 10.1.1)."""

    rotate_keys: None = None
    """Nothing."""


class _ByName:
    """Tells pydantic to tell steps apart by the name of their one member, and to take the bare name for it."""

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        # Loaded already: only pydantic itself calls this.
        from pydantic_core import core_schema

        choices = {_tag(step_name(kind)): handler.generate_schema(kind) for kind in get_args(source)}
        union = core_schema.tagged_union_schema(choices, discriminator=_tag_of)
        return core_schema.no_info_before_validator_function(_spelled_out, union)

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> dict[str, Any]:
        document: dict[str, Any] = handler(schema)
        return {"anyOf": [{"enum": [step_name(kind) for kind in BARE]}, document]}


AnyStep: TypeAlias = Annotated[
    StartLogin
    | SignInAs
    | AnswerConsent
    | ReturnToApplication
    | CallApi
    | Refresh
    | LogOut
    | Wait
    | BlockUser
    | UnblockUser
    | BlockMember
    | UnblockMember
    | RemoveMember
    | EndSessions
    | CancelInvitation
    | CloseApplication
    | RestrictApplication
    | DeactivateApplication
    | ReactivateApplication
    | DeleteApplication
    | RotateKeys,
    _ByName(),
]


def step_name(step: Step | type[Step]) -> str:
    """The name of a step, as it is written in files."""
    return fields(step)[0].name


def argument(step: Step) -> Any:
    """What was said about the step."""
    return getattr(step, step_name(step))


STEPS: tuple[type[Step], ...] = get_args(get_args(AnyStep)[0])
BARE = tuple(kind for kind in STEPS if fields(kind)[0].default is not MISSING)
"""Steps about which nothing has to be said."""


def _tag(name: str) -> str:
    """In brackets, so that it is no name of a member where pydantic puts it into the path of an error."""
    return f"<{name}>"


def _tag_of(value: Any) -> str | None:
    return _tag(next(iter(value))) if isinstance(value, dict) and value else None


def _spelled_out(value: Any) -> Any:
    return {value: None} if isinstance(value, str) else value
