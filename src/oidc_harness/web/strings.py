"""Strings: every sentence people see on a page, in one catalogue per language. English is the first.

A further language is one more entry of `CATALOGUES`; `ui_locales` (OIDC Core 3.1.2.1) then finds it. What rules say
of a value they refuse are the rules' own words.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from markupsafe import Markup, escape


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The strings of one language. Values are put in as plain text; whoever shows a string escapes it."""

    language: str
    """BCP 47 tag, for the `lang` attribute."""
    texts: Mapping[str, str]

    def __call__(self, key: str, **values: object) -> str:
        """The string of this key with the values put in. Raises `KeyError` for a key there is not."""
        return self.texts[key].format(**values)

    def marked(self, key: str, **values: object) -> Markup:
        """The same as HTML, in which values that know their language are marked with it."""
        return escape(self.texts[key]).format(**values)

    def say(self, text: str, **values: int) -> str:
        """The string, if the text is the key of one; else the text itself: the words of a rule."""
        return self.texts[text].format(**values) if text in self.texts else text

    def scope(self, name: str) -> str:
        """What granting a scope means (F1); a scope of an application's own is called by its name."""
        return self.texts.get(f"scope.{name}") or self("scope.other", name=name)

    def claim(self, name: str) -> str:
        """What a single claim about the person tells (F1); one of another provider is called by its name."""
        return self.texts.get(f"claim.{name}") or self("claim.other", name=name)

    def asked(self, scopes: Iterable[str], claims: Iterable[str]) -> tuple[str, ...]:
        """What scopes and single claims mean, each thing said once."""
        return tuple(dict.fromkeys([*map(self.scope, scopes), *map(self.claim, claims)]))


def choose_catalogue(ui_locales: str | None, catalogues: Mapping[str, Catalogue]) -> Catalogue:
    """The first of the wanted languages there is, by its primary subtag; else the first of the catalogues."""
    for tag in (ui_locales or "").split():
        found = catalogues.get(tag.partition("-")[0].lower())
        if found is not None:
            return found
    return next(iter(catalogues.values()))


_COMMON = {
    "banner": "Test provider: never enter a real password",
    "return": "Back to {application}",
    "password": "Password",
    "error.summary": "That did not work. See the fields marked below.",
    "user.signed_in_as": "Signed in as",
}

_HOME = {
    "home.title": "A test provider",
    "home.what": "This is oidc-harness, an OpenID Provider on which applications test their sign-in. It can be told to"
    " misbehave, so trust nothing it says.",
    "home.issuer": "Issuer, for your client",
    "home.discovery": "Discovery document",
    "home.keys": "Key set",
    "home.control": "Control of the server",
    "home.help": "All that it can do",
}

_CLIENT = {
    "client.logo": "Logo of {application}",
    "client.home": "The home page of {application}",
    "client.policy": "How {application} uses your data",
    "client.tos": "Terms of service of {application}",
}

_LOGIN = {
    **_CLIENT,
    "login.title": "Sign in",
    "login.to": "to go on to",
    "login.username": "Username or e-mail address",
    "login.submit": "Sign in",
    "login.cancel": "Cancel",
    "login.register": "Make an account",
    "login.no_account": "No account yet?",
}

_REGISTER = {
    "register.title": "Make an account",
    "register.email": "E-mail address",
    "register.email.fixed": "The invitation was sent to this address, so it cannot be changed here.",
    "register.username": "Username (optional)",
    "register.username.hint": "Without one, you sign in with your e-mail address.",
    "register.given_name": "Given name (optional)",
    "register.family_name": "Family name (optional)",
    "register.password_again": "The same password again",
    "register.submit": "Make the account",
    "register.login": "Sign in",
    "register.has_account": "You have an account?",
    "register.mismatch": "The two passwords differ. Type the same one twice.",
    "register.missing": "This field must not be empty.",
    "register.too_long": "At most {limit} characters, please.",
}

_CONSENT = {
    "consent.title": "Allow {application}?",
    "consent.asks": "{application} asks you to allow the following:",
    "consent.asks_nothing": "{application} asks to know that you are signed in, and nothing else.",
    "consent.approve": "Allow",
    "consent.deny": "Deny",
    "consent.other_user": "Not you? Sign in as somebody else",
    "scope.openid": "Know who you are, by an identifier of your account",
    "scope.profile": "See your profile: your name and what else you entered there",
    "scope.email": "See your e-mail address",
    "scope.address": "See your postal address",
    "scope.phone": "See your phone number",
    "scope.groups": "See which groups you are in",
    "scope.offline_access": "Keep this access while you are away, until you withdraw it",
    "scope.other": "Use the permission “{name}”",
}

_CLAIMS = {
    "claim.name": "See your full name",
    "claim.given_name": "See your given name",
    "claim.family_name": "See your family name",
    "claim.middle_name": "See your middle name",
    "claim.nickname": "See your nickname",
    "claim.preferred_username": "See your username",
    "claim.profile": "See the address of your profile page",
    "claim.picture": "See your picture",
    "claim.website": "See the address of your website",
    "claim.gender": "See your gender",
    "claim.birthdate": "See your date of birth",
    "claim.zoneinfo": "See your time zone",
    "claim.locale": "See your language and region",
    "claim.updated_at": "See when you last changed your profile",
    "claim.email": "See your e-mail address",
    "claim.email_verified": "See whether your e-mail address was verified",
    "claim.address": "See your postal address",
    "claim.phone_number": "See your phone number",
    "claim.groups": "See which groups you are in",
    "claim.other": "See what another provider says of you: “{name}”",
    "claim.phone_number_verified": "See whether your phone number was verified",
}

_INVITATION = {
    "invitation.title": "Invitation to {application}",
    "invitation.for": "{application} invites {email} to become a member.",
    "invitation.accept": "Accept the invitation",
    "invitation.nobody": "Sign in as {email} to accept it, or make an account with that address.",
    "invitation.other": "You are signed in as {user}. This invitation is for {email} and can be accepted by that"
    " account alone; until then it stays open.",
    "invitation.unverified": "You are signed in as {user}, but {email} was never verified as your address. Until it is,"
    " the invitation stays open.",
    "invitation.sign_in": "Sign in as {email}",
    "invitation.register": "Make an account with this address",
    "invitation.invalid.title": "This invitation is no longer valid",
    "invitation.invalid": "It was cancelled, or the link is not complete. Ask the one who invited you for a new one.",
    "invitation.used.title": "This invitation was accepted already",
    "invitation.used": "An invitation can be accepted once. If you did not accept it, ask for a new one.",
    "invitation.removed.title": "You are no member any more",
    "invitation.removed": "You accepted this invitation, and were removed from the application later. Ask the one who"
    " invited you for a new one.",
    "invitation.blocked.title": "You are blocked",
    "invitation.blocked": "You accepted this invitation, and were blocked in the application later. Ask the one who"
    " invited you.",
    "invitation.accepted.title": "Welcome to {application}",
    "invitation.accepted": "You are a member of {application} now.",
    "invitation.open": "Open {application}",
}

_LOGOUT = {
    "logout.title": "Sign out?",
    "logout.by": "{application} asks to sign you out.",
    "logout.warning": "This ends your session here, for every application.",
    "logout.confirm": "Sign out",
    "logout.cancel": "Stay signed in",
    "logged_out.title": "You are signed out",
    "logged_out": "You can close this window.",
    "logged_out.going_on": "The applications you used are being told. Then you go back to where you came from.",
    "logged_out.continue": "Continue",
    "logged_out.frame": "Signing out of an application",
    "logged_out.kept_here": "The request asks to go on to {uri}. That is done only where an id_token_hint shows that"
    " the request comes from the application (OpenID Connect RP-Initiated Logout 1.0, section 3).",
    "still_signed_in.title": "You are still signed in",
    "still_signed_in": "Nothing has changed. You can close this window.",
}

_CONTROL = {
    "control.title": "Control",
    "control.what": "Keys of the realms of this server. All else is done by the command line and the control API.",
    "control.realms": "Realms",
    "control.no_realms": "There is no realm yet. The control API makes one.",
    "control.document": "Control API (OpenAPI document)",
    "control.home": "All realms",
    "control.refused.title": "This was refused",
    "control.not_ours": "The form was not sent from this page as it is now. Look at it and press the button again.",
    "control.entry.title": "Who are you?",
    "control.entry.what": "These pages are for whoever runs the server: they ask for its admin token.",
    "control.entry.token": "Admin token",
    "control.entry.submit": "Enter",
    "control.entry.wrong": "This is not the admin token. It was given with --admin-token, or printed at the start.",
    "control.keys.title": "Keys of {realm}",
    "control.keys.made": "; made {made}",
    "control.keys.status.next": "published, does not sign yet",
    "control.keys.status.current": "signs",
    "control.keys.status.retired": "signs no more, still published",
    "control.keys.status.enc.next": "published, opens what is encrypted to it",
    "control.keys.status.enc.current": "published, opens what is encrypted to it",
    "control.keys.status.enc.retired": "no longer published, still opens what is encrypted to it",
    "control.keys.use": "Use it",
    "control.keys.retire": "Retire",
    "control.keys.remove": "Remove",
    "control.keys.new": "A new key",
    "control.keys.alg": "Algorithm",
    "control.keys.publish": "Publish",
    "control.keys.rotate": "Publish and use it",
    "control.keys.explained": "A key is published first, so that clients have it when it signs. The one it replaces"
    " stays published, so that what it signed can be verified. What a removed key signed can be verified no longer.",
}

_ERROR = {
    "error.title": "This did not work",
    "error.code": "Error code",
    "error.detail": "Explanation",
    "error.clause": "The rule",
    "refused.title": "You cannot sign in to {application}",
    "form_post.title": "Going on …",
    "form_post": "You are being sent back to {target}. If nothing happens, press the button.",
    "form_post.submit": "Continue",
}

ENGLISH = Catalogue(
    "en",
    {**_COMMON, **_HOME, **_LOGIN, **_REGISTER, **_CONSENT, **_CLAIMS, **_INVITATION, **_LOGOUT, **_CONTROL, **_ERROR},
)
CATALOGUES = {"en": ENGLISH}
