"""Where the pages of the server stand. Everything else below `/_harness/` is the control API's."""

import re

HOME = "/_harness/"
ENTRY = "/_harness/entry"
_KEYS = re.compile(r"/_harness/realms/(?P<realm>[^/]+)/keys")


def is_page(path: str) -> bool:
    """Whether a page stands there."""
    return path in (HOME, ENTRY) or realm_of(path) is not None


def realm_of(path: str) -> str | None:
    """The realm whose keys the page is about; None for another page."""
    found = _KEYS.fullmatch(path)
    return found["realm"] if found else None


def keys_path(realm: str) -> str:
    """Where the keys of a realm are led through their life."""
    return f"/_harness/realms/{realm}/keys"
