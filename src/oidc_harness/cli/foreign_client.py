"""A client of the user's: where it is, how it is registered, and the server it needs."""

import argparse
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from oidc_harness.cli.browser_driver import ClientAddresses
from oidc_harness.cli.main import CannotGoOn
from oidc_harness.harness.given import RegisteredClient, with_client
from oidc_harness.harness.scratch_realm import scratch_realm
from oidc_harness.harness.seed import SeedError, seed
from oidc_harness.harness.world import RealmWorld, WrittenApplication
from oidc_harness.model.application import ClientAuthenticationMethod
from oidc_harness.web.settings import OutboundPolicy, ServerSettings

DEFAULT_PORT = 9400
DEFAULT_SECRET = "web-secret"
_DEFAULT_METHOD: ClientAuthenticationMethod = "client_secret_basic"
_DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class ForeignClient:
    """Everything that is said about a client of the user's."""

    addresses: ClientAddresses
    registered: RegisteredClient
    realm_name: str
    settings: ServerSettings


def foreign_client(arguments: argparse.Namespace, url: str) -> ForeignClient:
    """What the options of `run` say of the client at this URL. Raises `CannotGoOn`."""
    base = _web_address(url, "--client")
    issuer = _web_address(arguments.issuer or f"http://127.0.0.1:{arguments.port or DEFAULT_PORT}", "--issuer")
    path = urlsplit(issuer).path.strip("/")
    if "/" in path:
        raise CannotGoOn(f"--issuer {issuer}: expected at most one name in its path, that of a realm")
    return ForeignClient(
        _addresses(arguments, base),
        _registered(arguments, base),
        path or "default",
        _settings(arguments, issuer, is_root=not path),
    )


def _web_address(text: str, option: str) -> str:
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError as error:
        raise CannotGoOn(f"{option} {text}: {error}") from None
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname or parts.query or parts.fragment:
        raise CannotGoOn(f"{option} {text}: expected an address such as http://localhost:8080")
    return text.rstrip("/")


def _addresses(arguments: argparse.Namespace, base: str) -> ClientAddresses:
    return ClientAddresses(
        url=base + "/",
        login=_path(arguments.login_path),
        probe=_path(arguments.probe_path),
        refresh=_path(arguments.refresh_path) if arguments.refresh_path else None,
        api=_path(arguments.api_path) if arguments.api_path else None,
        logout=_path(arguments.logout_path) if arguments.logout_path else None,
        probe_member=arguments.probe_member,
        tells_errors=False,
    )


def _path(path: str) -> str:
    """Below the client's URL, whatever that ends with."""
    return path if "://" in path else path.lstrip("/")


def _registered(arguments: argparse.Namespace, base: str) -> RegisteredClient:
    secret = _secret(arguments)
    return RegisteredClient(
        client_id=arguments.client_id,
        secret=secret,
        redirect_uri=arguments.redirect_uri or urljoin(base + "/", "callback"),
        auth_method=arguments.auth_method or (_DEFAULT_METHOD if secret is not None else "none"),
        id_token_alg=arguments.id_token_alg,
        post_logout_redirect_uri=arguments.post_logout_redirect_uri,
        backchannel_logout_uri=arguments.backchannel_logout_uri,
    )


def _secret(arguments: argparse.Namespace) -> str | None:
    if arguments.client_secret is None:
        return None if arguments.auth_method == "none" else DEFAULT_SECRET
    return arguments.client_secret or None


async def check_registrable(client: RegisteredClient) -> None:
    """Try the registration out before anything is run. Raises `CannotGoOn`."""
    told = client.backchannel_logout_uri
    plain = WrittenApplication(id=client.client_id, name="Your client", backchannel_logout_uri=told)
    world = with_client(RealmWorld(applications=(plain,)), client.client_id, client)
    try:
        await seed(await scratch_realm("registration", world), world)
    except SeedError as error:
        raise CannotGoOn(f"your client cannot be registered as the options say: {error}") from None


def _settings(arguments: argparse.Namespace, issuer: str, *, is_root: bool) -> ServerSettings:
    parts = urlsplit(issuer)
    port = arguments.port or parts.port or _DEFAULT_PORTS[parts.scheme]
    return ServerSettings(
        host=arguments.host,
        port=port,
        public_url=f"{parts.scheme}://{parts.netloc}",
        root_realm="default" if is_root else None,
        # Whoever names an address wants it reached; a client under test is on this machine or beside it.
        outbound=OutboundPolicy(allow_private=arguments.backchannel_logout_uri is not None),
    )
