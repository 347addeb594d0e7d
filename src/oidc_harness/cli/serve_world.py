"""A server with its world: the fixture is loaded first, so that one that cannot be used stops nothing half-way."""

import argparse
import secrets
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from os import environ
from pathlib import Path

from oidc_harness.cli.listening import why_not_listening
from oidc_harness.cli.main import CannotGoOn
from oidc_harness.cli.tls_options import mutual_tls_settings, tls_settings
from oidc_harness.harness.bad_file import BadFile
from oidc_harness.harness.entry_point_groups import others_announce_switches
from oidc_harness.harness.file_cache import user_cache
from oidc_harness.harness.furnishings import Furnishings, RealmFurnishings, furnish, readmit_personas
from oidc_harness.harness.realms import RealmError, check_name
from oidc_harness.harness.worlds import NoSuchFixture, find_fixture, load_furnishings
from oidc_harness.model.preset import PresetName
from oidc_harness.services.errors import Invalid
from oidc_harness.storage.port import StorageError
from oidc_harness.web.server import Server, serving
from oidc_harness.web.settings import OutboundPolicy, ServerSettings
from oidc_harness.web.tls import TlsError

MEMORY = "memory"
NONE = "none"
"""In place of a fixture, or of the realm at the root."""


@dataclass(frozen=True, slots=True)
class Furnished:
    """A server that answers, and what is in it."""

    server: Server
    furnishings: Furnishings
    made: frozenset[str]
    """Names of the realms that were made of these; the others were there before."""
    generated_token: bool
    """Whether the control API's token was made up here."""


@asynccontextmanager
async def furnished_server(arguments: argparse.Namespace) -> AsyncIterator[Furnished]:
    """A server with the world of a fixture. Raises `CannotGoOn`."""
    settings = _settings(arguments)
    furnishings = await _furnishings(arguments)
    _check_switches(furnishings, settings)
    async with AsyncExitStack() as stack:
        server = await _started(stack, settings)
        made = await _furnished(server, furnishings)
        generated = settings.admin_token is not None and arguments.admin_token is None
        yield Furnished(server, furnishings, made, generated)


def _check_switches(furnishings: Furnishings, settings: ServerSettings) -> None:
    """Personas that cannot arm what they arm would look honest. Only switches of other people may be unsound."""
    written = any(user.arms for realm in furnishings.realms.values() for user in realm.users)
    if not (written or settings.store != MEMORY) or not others_announce_switches():
        return
    # It finds and imports every installed switch.
    from oidc_harness.harness.catalogue import Catalogue, CatalogueError

    try:
        Catalogue().switches()
    except CatalogueError as error:
        raise CannotGoOn(f"personas cannot arm their switches: {error}") from None


async def _furnishings(arguments: argparse.Namespace) -> Furnishings:
    if arguments.fixture == NONE:
        realms = {} if arguments.root_realm == NONE else {arguments.root_realm: RealmFurnishings()}
    else:
        realms = dict((await _loaded(arguments.fixture)).realms)
    if arguments.preset is not None:
        realms = {name: _under(realm, name, arguments.preset) for name, realm in realms.items()}
    if arguments.sign_in is not None:
        for name, realm in realms.items():
            realms[name] = replace(realm, policy=replace(realm.policy, sign_in=arguments.sign_in))
    return Furnishings(realms=realms)


def _under(realm: RealmFurnishings, name: str, preset: PresetName) -> RealmFurnishings:
    try:
        return realm.under(preset)
    except Invalid as error:
        raise CannotGoOn(f"--preset {preset}: realm {name!r} of the fixture does not go with it: {error}") from None


async def _loaded(fixture: str) -> Furnishings:
    try:
        return await load_furnishings(find_fixture(fixture, Path.cwd()), user_cache(environ))
    except NoSuchFixture as error:
        raise CannotGoOn(f"--fixture: {error}") from None
    except BadFile as error:
        raise CannotGoOn(f"the fixture cannot be used:\n{error}") from None


def _settings(arguments: argparse.Namespace) -> ServerSettings:
    settings = ServerSettings(
        host=arguments.host,
        port=arguments.port,
        public_url=arguments.public_url,
        internal_url=arguments.internal_url,
        root_realm=_root_realm(arguments.root_realm),
        admin_token=arguments.admin_token,
        store=arguments.store,
        tls=tls_settings(arguments),
        mutual_tls=mutual_tls_settings(arguments),
        trusted_proxies=tuple(arguments.trusted_proxy),
        outbound=OutboundPolicy(allow_private=arguments.outbound_allow_private, ca_file=arguments.outbound_ca),
    )
    if settings.loopback or settings.admin_token is not None:
        return settings
    # Whoever can connect could otherwise issue tokens as they please.
    return replace(settings, admin_token=secrets.token_urlsafe(24))


def _root_realm(name: str) -> str | None:
    if name == NONE:
        return None
    try:
        check_name(name)
    except RealmError as error:
        raise CannotGoOn(f"--root-realm: {error}") from None
    return name


async def _started(stack: AsyncExitStack, settings: ServerSettings) -> Server:
    try:
        return await stack.enter_async_context(serving(settings))
    except TlsError as error:
        raise CannotGoOn(f"TLS: {error}") from None
    except (ValueError, StorageError) as error:
        raise _unusable_store(error) from None
    except OSError as error:
        raise CannotGoOn(why_not_listening(settings, error)) from None


async def _furnished(server: Server, furnishings: Furnishings) -> frozenset[str]:
    try:
        for realm in server.realms:
            await readmit_personas(realm)
        return frozenset(realm.name for realm in await furnish(server.realms, furnishings))
    except RealmError as error:
        raise CannotGoOn(str(error)) from None
    except StorageError as error:
        raise _unusable_store(error) from None


def _unusable_store(error: Exception) -> CannotGoOn:
    return CannotGoOn(f"--store: {error}")
