"""Links of an application: where pages lead, and where documents stand that this server fetches (A14, A25, F1)."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from oidc_harness.model.application import Application
from oidc_harness.protocol.client_metadata import LONGEST_TEXT, MOST_TEXTS, is_localized
from oidc_harness.services.addresses import shown
from oidc_harness.services.errors import Invalid

_SHOWN = ("client_uri", "logo_uri", "policy_uri", "tos_uri")
_FETCHED = ("jwks_uri", "sector_identifier_uri")
LINKS = (*_SHOWN, *_FETCHED, "initiate_login_uri", "contacts", "localized")
"""The fields these rules look at."""
_WEB = re.compile(
    r"https?://(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?(?:[/?#][\x21\x23-\x3b\x3d\x3f-\x7e]*)?"
)


def link_faults(application: Application) -> Iterator[Invalid]:
    """What is wrong with each."""
    for field in (*_SHOWN, *_FETCHED):
        uri = getattr(application, field)
        if uri is not None and (fault := why_no_link(uri)) is not None:
            yield Invalid(fault, field=field)
    login = application.initiate_login_uri
    if login is not None and (fault := why_no_link(login) or _why_not_https(login)) is not None:
        yield Invalid(fault, field="initiate_login_uri")
    for index, contact in enumerate(application.contacts):
        if not contact.strip() or len(contact) > LONGEST_TEXT:
            yield Invalid(f"has {len(contact)} characters; expected 1 to {LONGEST_TEXT}", field=f"contacts[{index}]")
    yield from _localized_faults(application)


def why_no_link(uri: str) -> str | None:
    """Why no page may lead there, for a person; None if one may: the web alone, nothing that runs anything."""
    fault = f"{shown(uri)}: expected http(s)://host[:port], then path, query and fragment of visible ASCII"
    if not _WEB.fullmatch(uri):
        return fault
    try:
        port = urlsplit(uri).port
    except ValueError:
        return fault
    return fault if port == 0 else None


def _why_not_https(uri: str) -> str | None:
    return None if uri.startswith("https://") else f"{shown(uri)}: must be https (OIDC Core 4)"


def _localized_faults(application: Application) -> Iterator[Invalid]:
    if len(application.localized) > MOST_TEXTS:
        yield Invalid(f"has {len(application.localized)} texts; at most {MOST_TEXTS} are kept", field="localized")
    for name, text in application.localized.items():
        field = f"localized.{name}"
        if not is_localized(name):
            yield Invalid("is no member with a language, such as client_name#de", field=field)
        elif not 0 < len(text) <= LONGEST_TEXT:
            yield Invalid(f"has {len(text)} characters; expected 1 to {LONGEST_TEXT}", field=field)
        elif not name.startswith("client_name#") and (fault := why_no_link(text)) is not None:
            yield Invalid(fault, field=field)
