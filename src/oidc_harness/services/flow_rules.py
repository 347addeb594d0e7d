"""Which flows an application may use: grant types and response types that go together, and that the realm permits."""

from oidc_harness.model.application import Application, ResponseType
from oidc_harness.model.realm_policy import RealmPolicy
from oidc_harness.protocol.response_type import gives_code, gives_id_token, gives_token
from oidc_harness.services.addresses import shown
from oidc_harness.services.errors import Invalid


def check_permitted(application: Application, policy: RealmPolicy) -> None:
    """A8, A9: what the realm's policy leaves out cannot be registered, because nobody could use it."""
    for field in ("grant_types", "response_types"):
        permitted: tuple[str, ...] = getattr(policy, field)
        for index, name in enumerate(getattr(application, field)):
            if name not in permitted:
                fault = f"{name} is not permitted in this realm, whose policy {field} has {', '.join(permitted)}"
                raise Invalid(fault, field=f"{field}[{index}]")


def check_agreement(application: Application) -> None:
    """What each response type needs (RFC 7591 2.1), and that what is allowed is used by one."""
    needed = {grant: name for name in application.response_types for grant in needed_grants(name)}
    for grant, name in needed.items():
        if grant not in application.grant_types:
            raise Invalid(f"has {name}, but grant_types lacks {grant}; make both agree", field="response_types")
    for grant in ("authorization_code", "implicit"):
        if grant in application.grant_types and grant not in needed:
            raise Invalid(f"has none that the grant type {grant} is for; make both agree", field="response_types")


def needed_grants(response_type: ResponseType) -> tuple[str, ...]:
    """The grant types without which a response type cannot be used (RFC 7591 2.1)."""
    front = gives_token(response_type) or gives_id_token(response_type)
    return ("authorization_code",) * gives_code(response_type) + ("implicit",) * front


def check_distinct(field: str, values: tuple[str, ...]) -> None:
    """Each value is listed once."""
    for index, value in enumerate(values):
        if value in values[:index]:
            raise Invalid(f"{shown(value)} is listed already", field=f"{field}[{index}]")
