"""The register page: an account of one's own, for a waiting authorization request or by an invitation (D5)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from oidc_harness.model.user import Profile, User
from oidc_harness.protocol.about import About
from oidc_harness.protocol.errors import OAuthError, access_denied
from oidc_harness.protocol.parameters import Parameters
from oidc_harness.protocol.request import Request
from oidc_harness.protocol.spec import spec
from oidc_harness.provider.decision import Decision, Page
from oidc_harness.provider.provider import Provider
from oidc_harness.services import users
from oidc_harness.services.circumstances import Circumstances
from oidc_harness.services.errors import ServiceError
from oidc_harness.services.sign_in import Registration, register
from oidc_harness.services.texts import why_not_shown
from oidc_harness.web.pages.entry import let_in, renew_session
from oidc_harness.web.pages.errand import Errand, load_errand
from oidc_harness.web.pages.page import Refused

FIELDS = ("email", "username", "given_name", "family_name", "password", "password_again")
"""In the order of the form."""
SECRET_FIELDS = ("password", "password_again")
"""Typed anew each time."""
LONGEST_NAME = 100
"""Characters of a given or family name."""


@dataclass(frozen=True, slots=True)
class _Filled:
    """What was typed into the form, and what is wrong with it by field: a key of the strings, or a rule's own words."""

    values: Mapping[str, str]
    faults: Mapping[str, str] = field(default_factory=dict)


async def show(request: Request, circumstances: Circumstances, provider: Provider) -> Decision:
    """The empty form."""
    errand = await _load_admitted(request, circumstances, provider)
    filled = _Filled(dict.fromkeys(FIELDS, "") | {"email": errand.hint() if "@" in errand.hint() else ""})
    return Decision(_form(errand, filled, provider), about=About("register_form", errand.application))


async def submit(request: Request, circumstances: Circumstances, provider: Provider) -> Decision:
    """Make the account, sign the person in and send them on."""
    errand = await _load_admitted(request, circumstances, provider)
    form = Parameters(request.form)
    values = {name: form.get(name, "") for name in FIELDS}
    if errand.invitation is not None:
        values["email"] = errand.invitation.email
    filled = _Filled(values, _faults(values))
    if filled.faults:
        raise _refused(errand, filled, provider)
    try:
        user = await _make(errand, values, circumstances)
    except ServiceError as fault:
        at_fault = fault.field if fault.field in FIELDS else FIELDS[0]
        raise _refused(errand, _Filled(values, {at_fault: fault.message}), provider) from None
    opened = await renew_session(user, request, circumstances)
    return let_in(opened, errand, About("register", errand.application, user), provider)


async def _load_admitted(request: Request, circumstances: Circumstances, provider: Provider) -> Errand:
    errand = await load_errand(request, circumstances.records, circumstances.now)
    if errand.invitation is None and provider.policy.registration == "invited":
        raise OAuthError(
            "access_denied",
            "accounts are for invited people only",
            detail="this realm's policy is registration: invited; follow the link of your invitation",
            where=spec("HARNESS-D5"),
            status=403,
        )
    return errand


def _faults(values: Mapping[str, str]) -> dict[str, str]:
    faults = {name: "register.missing" for name in ("email", "password") if not values[name].strip()}
    if values["password"] != values["password_again"]:
        faults["password_again"] = "register.mismatch"
    for name in ("given_name", "family_name"):
        fault = "register.too_long" if len(values[name]) > LONGEST_NAME else why_not_shown(values[name].strip())
        if fault is not None:
            faults[name] = fault
    return faults


async def _make(errand: Errand, values: Mapping[str, str], circumstances: Circumstances) -> User:
    given_name, family_name = values["given_name"].strip() or None, values["family_name"].strip() or None
    name = " ".join(part for part in (given_name, family_name) if part) or None
    registration = Registration(
        email=values["email"].strip(),
        password=values["password"],
        profile=Profile(name=name, given_name=given_name, family_name=family_name),
        invitation_id=errand.invitation.id if errand.invitation else None,
    )
    user = await register(circumstances, registration)
    username = values["username"].strip()
    return await users.edit(circumstances, user.id, {"username": username}) if username else user


def _refused(errand: Errand, filled: _Filled, provider: Provider) -> Refused:
    told = "; ".join(f"{name}: {fault}" for name, fault in filled.faults.items())
    refusal = access_denied("the account was not made", told, spec("HARNESS-D5"))
    about = About("register", errand.application)
    return Refused(Decision(_form(errand, filled, provider), about=about, error=refusal))


def _form(errand: Errand, filled: _Filled, provider: Provider) -> Page:
    fixed_email = errand.invitation is not None
    facts = {
        "client": errand.client(),
        "action": errand.url("/sign_up", provider),
        "login_url": errand.url("/login", provider),
        "fixed_email": fixed_email,
        "values": {name: value for name, value in filled.values.items() if name not in SECRET_FIELDS},
        "faults": {name: filled.faults.get(name, "") for name in FIELDS},
        "failed": bool(filled.faults),
        "focused": next((name for name in FIELDS if name in filled.faults), "username" if fixed_email else "email"),
        "longest_name": LONGEST_NAME,
        "ui_locales": errand.parameter("ui_locales"),
    }
    return Page("register", facts, 400 if filled.faults else 200)
