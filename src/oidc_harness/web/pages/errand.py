"""Errand: what somebody wants who is on the way through the login or register page, and where they go on to."""

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from oidc_harness.model.application import Application
from oidc_harness.model.interaction import Interaction
from oidc_harness.model.invitation import Invitation
from oidc_harness.model.session import Session
from oidc_harness.model.write import Swap, Write
from oidc_harness.protocol.language import read_tags
from oidc_harness.protocol.parameters import first
from oidc_harness.protocol.request import Request
from oidc_harness.protocol.spec import spec
from oidc_harness.provider.provider import Provider
from oidc_harness.provider.waiting import load_interaction
from oidc_harness.storage.port import Records
from oidc_harness.web.pages.page import unusable
from oidc_harness.web.pages.presentation import Presentation, accepted_languages, present


@dataclass(frozen=True, slots=True)
class Errand:
    """An authorization request that waits, or an invitation: exactly one of the two.

    The way on is made of its id, and never read from the request, so that nobody can be led elsewhere.
    """

    application: Application | None
    interaction: Interaction | None = None
    invitation: Invitation | None = None
    accept_language: tuple[str, ...] = ()
    """What the browser says that the person reads, most wanted first."""

    def url(self, page: str, provider: Provider) -> str:
        """The address of another page on the same errand."""
        name, record = ("interaction", self.interaction) if self.interaction else ("invitation", self.invitation)
        return f"{provider.addresses.front_channel(page)}?{urlencode({name: record.id if record else ''})}"

    def way_on(self, provider: Provider) -> str:
        """Where the person goes when they are done, or have had enough."""
        if self.interaction is not None:
            return self.url("/authorize", provider)
        identifier = self.invitation.id if self.invitation else ""
        return f"{provider.addresses.front_channel('/invitation')}?{urlencode({'id': identifier})}"

    def signed_in(self, session: Session) -> tuple[Write, ...]:
        """Note that the person signed in for this very request; what was answered before is open again."""
        if self.interaction is None:
            return ()
        return (Swap(replace(self.interaction, signed_in=session.id, answer=None, user_id=None)),)

    def hint(self) -> str:
        """Who is expected to sign in: the one invited, else whom the client names (`login_hint`)."""
        if self.invitation is not None:
            return self.invitation.email
        return (self.parameter("login_hint") or "")[:254]

    def client(self) -> Presentation | None:
        """How the application presents itself to this person (OIDC Registration 2.1)."""
        return present(self.application, read_tags(self.parameter("ui_locales")) + self.accept_language)

    def parameter(self, name: str) -> str | None:
        """A parameter of the authorization request, or None."""
        return first(self.interaction.parameters, name) if self.interaction else None


async def load_errand(request: Request, records: Records, now: int) -> Errand:
    """The errand that the query names. Raises `OAuthError` where there is none, or none any more."""
    key = first(request.query, "invitation")
    if key is not None:
        return replace(await _load_invited(key, records), accept_language=accepted_languages(request))
    interaction = await load_interaction(request, records, now)
    if interaction is None:
        detail = "this page continues a sign-in; begin it at the application"
        raise unusable("nothing waits here", detail, spec("OIDCC-3.1.2.3"))
    application = await records.get(Application, interaction.application_id)
    return Errand(application, interaction=interaction, accept_language=accepted_languages(request))


_OVER = {
    "accepted": "it was accepted already; sign in at the application",
    "cancelled": "it was cancelled; ask the one who invited you for a new one",
}


async def _load_invited(key: str, records: Records) -> Errand:
    invitation = await records.get(Invitation, key)
    reason = _OVER.get(invitation.status) if invitation else "there is none behind this link; is it complete?"
    if invitation is None or reason is not None:
        raise unusable("this invitation is not valid", reason or "", spec("HARNESS-D7"))
    return Errand(await records.get(Application, invitation.application_id), invitation=invitation)
