"""The page of the endpoints and of the pages for people."""

import re
import sys
from collections.abc import Iterator

from docs.derived.markdown import code, linked_rules, page, summary, table
from oidc_harness.harness.realms import RESERVED
from oidc_harness.provider.endpoint import Endpoint
from oidc_harness.provider.table import ENDPOINTS
from oidc_harness.web import pages
from oidc_harness.web.pages.table import PAGES, home

_INTRODUCTION = """\
Every path stands behind the address of a realm, which is its issuer: `http://127.0.0.1:9400` for the realm at the root,
`http://127.0.0.1:9400/NAME` for the others. Read the addresses from discovery; this table is for people."""
_CORS = {"none": "none", "application": "those the application allows", "all": "all"}
_REFUSALS = """\
Where an application says who may read, a refusal that concerns none of them, of an unknown token for example, may be
read by all: it carries nothing of anybody."""
_DISCOVERY = """\
A realm with its name in its path answers the RFC 8414 form too: `/.well-known/oauth-authorization-server/NAME`.
WebFinger is asked at the root of the server (RFC 7033 10.1), whichever realm it is about: the one whose issuer the
resource is or is under, else the one at the root."""
_ID = re.compile(r"""(?:\bid="|{% block id %}|\b(?:alert|field|person)\(")([a-z]+(?:-[a-z]+)+)""")
"""Where an element gets its id: an attribute, the block of a page, or a macro."""
_PAGE_TEXT = """\
Pages are plain HTML forms and need no JavaScript, so a program can use them as well as a person. Their element ids do
not change. Send the form as it came, hidden fields included, and follow redirects with a cookie jar."""


def endpoints_page() -> str:
    """Every endpoint and every page, with the ids of its elements."""
    parts = [
        _INTRODUCTION,
        "## Endpoints",
        table(("name", "method", "path", "what it is", "origins that may read it (CORS)"), map(_row, ENDPOINTS)),
        _REFUSALS,
        _DISCOVERY,
        "## Pages",
        _PAGE_TEXT,
        table(
            ("page", "method", "path"),
            ((each.name, _methods(each.methods), code(each.path)) for each in (home(None), *PAGES)),
        ),
        "## Element ids",
        table(("template", "ids"), _element_ids()),
        f"Names that no realm can have: {', '.join(map(code, sorted(RESERVED)))}.",
    ]
    return page("Endpoints", "src/oidc_harness/provider/table.py and the page templates", *parts)


def _row(endpoint: Endpoint) -> tuple[str, ...]:
    said = linked_rules(summary(sys.modules[endpoint.phases.decide.__module__].__doc__))
    return endpoint.name, _methods(endpoint.methods), code(endpoint.path), said, _CORS[endpoint.origins]


def _methods(methods: tuple[str, ...]) -> str:
    return ", ".join(methods)


def _element_ids() -> Iterator[tuple[str, str]]:
    from importlib.resources import files

    for template in sorted(files(pages).joinpath("templates").iterdir(), key=lambda each: each.name):
        found = dict.fromkeys(_ID.findall(template.read_text("utf-8")))
        if template.name.endswith(".html") and found:
            yield template.name, ", ".join(map(code, found))
