"""What a server says when it is ready: where it is, with which applications and users, and how to stop it."""

from collections.abc import Iterable, Iterator

from oidc_harness import __version__
from oidc_harness.cli.serve_world import Furnished
from oidc_harness.harness.furnishings import RealmFurnishings
from oidc_harness.model.application import Application
from oidc_harness.model.user import User
from oidc_harness.web.settings import SelfSigned
from oidc_harness.web.tls import certificate_names

MOST_USERS = 15
"""Users shown of a realm; `oidc-harness users list` shows all."""


def banner(furnished: Furnished) -> str:
    """Several lines for people."""
    return "\n".join(_lines(furnished))


def _lines(furnished: Furnished) -> Iterator[str]:
    server = furnished.server
    yield f"oidc-harness {__version__}: a test provider. Never enter a real password."
    # A store gives them back by name: the one at the root is what people look for.
    for realm in sorted(server.realms, key=lambda realm: realm.name != server.realms.root):
        yield ""
        yield f"issuer         {realm.issuer}"
        if realm.addresses.back != realm.issuer:
            yield f"back channel   {realm.addresses.back}"
        if realm.addresses.mutual_tls is not None:
            yield f"mutual TLS     {realm.addresses.mutual_tls}"
        yield f"discovery      {realm.issuer}/.well-known/openid-configuration"
        if realm.name in furnished.made:
            yield from _described(furnished.furnishings.realms[realm.name])
        else:
            yield "               as the store kept it"
    yield ""
    yield from _exposure(furnished)
    yield "stop           Ctrl-C, or SIGTERM"


def _described(furnished: RealmFurnishings) -> Iterator[str]:
    applications = (_application(each, furnished.secrets.get(each.id)) for each in furnished.applications)
    yield from _listed("applications", "client_id / secret / redirect URI", applications)
    users = [user for user in furnished.users if user.test_password is not None]
    shown = [f"{user.username} / {user.test_password}{_arms(user)}" for user in users[:MOST_USERS]]
    if len(users) > MOST_USERS:
        shown.append(f"and {len(users) - MOST_USERS} more: oidc-harness users list")
    yield from _listed("users", "username / password", shown)


def _listed(title: str, columns: str, lines: Iterable[str]) -> Iterator[str]:
    for index, line in enumerate(lines):
        if index == 0:
            yield f"{title:15}{columns}"
        yield f"{'':15}{line}"


def _application(application: Application, secret: str | None) -> str:
    uris = application.redirect_uris
    more = f" (and {len(uris) - 1} more)" if len(uris) > 1 else ""
    shown = secret or _PROOFS.get(application.token_endpoint_auth_method, "-")
    return f"{application.id} / {shown} / {uris[0] if uris else 'none'}{more}"


_PROOFS = {
    "none": "no secret",
    "private_key_jwt": "its private key",
    "tls_client_auth": "its certificate",
    "self_signed_tls_client_auth": "its certificate",
}
"""How an application that has no secret to show authenticates."""


def _arms(user: User) -> str:
    if user.status == "blocked":
        return "  (blocked)"
    return f"  (arms {', '.join(arms.switch for arms in user.arms)})" if user.arms else ""


def _exposure(furnished: Furnished) -> Iterator[str]:
    settings = furnished.server.settings
    root = settings.root_realm
    if root is not None and furnished.server.realms.find(root) is None:
        yield f"root           nothing is at / as long as there is no realm {root!r}; --root-realm names another"
    if isinstance(settings.tls, SelfSigned):
        trust = settings.tls.ca_out or "--tls-ca-out FILE writes what clients are to trust"
        yield f"certificate    made for {', '.join(certificate_names(settings))}, until the server stops"
        yield f"authority      {trust}"
    if furnished.generated_token:
        yield f"admin token    {settings.admin_token}  (made up, because others can connect; --admin-token sets one)"
    if settings.known_as in ("0.0.0.0", "::") and settings.public_url is None:  # noqa: S104 - it is compared, not bound
        yield "address        clients elsewhere cannot use this issuer; give its name with --public-url"
