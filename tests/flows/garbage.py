"""What clients, browsers and attackers might send that nobody should: strategies for generated requests."""

import json
from typing import Any
from urllib.parse import urlencode

from hypothesis import strategies as st

from tests.support import records

LOOPBACK_URI = "http://127.0.0.1/native"
IPV6_URI = "http://[::1]/native"
NAMES = (
    "client_id",
    "client_secret",
    "client_assertion",
    "client_assertion_type",
    "response_type",
    "response_mode",
    "redirect_uri",
    "scope",
    "state",
    "nonce",
    "prompt",
    "max_age",
    "login_hint",
    "id_token_hint",
    "acr_values",
    "claims",
    "code_challenge",
    "code_challenge_method",
    "request",
    "request_uri",
    "registration",
    "ui_locales",
    "display",
    "grant_type",
    "code",
    "code_verifier",
    "refresh_token",
    "username",
    "password",
    "token",
    "token_type_hint",
    "access_token",
    "post_logout_redirect_uri",
    "confirmation",
    "answer",
    "interaction",
)
GOOD = (
    "web",
    "app",
    "code",
    "openid",
    "openid email",
    records.REDIRECT_URI,
    LOOPBACK_URI,
    "http://127.0.0.1:5005/native",
    "form_post",
    "fragment",
    "none",
    "login",
    "authorization_code",
    "refresh_token",
    "client_credentials",
    "password",
    "alice",
    records.PASSWORD,
    records.SECRET,
    "S256",
    "confirm",
    "approve",
    "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
    '{"id_token": {"acr": {"essential": true, "values": ["1"]}}}',
)
BAD = (
    "",
    " ",
    "\0",
    "\r\nLocation: https://attacker.example/",
    "https://attacker.example/",
    "//attacker.example",
    "javascript:alert(1)",
    "%ff",
    "%",
    "{}",
    "[[[[",
    "null",
    "-1",
    "0",
    "9" * 30,
    "x" * 3000,
    "<script>alert(1)</script>",
    "../../../etc/passwd",
    "' OR 1=1 --",
    "a.b.c",
    "eyJhbGciOiJub25lIn0.e30.",
    "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJcdWQ4MDAifQ.AA",
    "\u202e\ufeff\ufffd",
    "😀" * 100,
    "١٢٣",
)

json_texts: st.SearchStrategy[str] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(("id_token", "userinfo", "acr", "sub", "name", "value", "values")), inner)
    ),
    max_leaves=10,
).map(json.dumps)


INSERTIONS = (
    "@attacker.example",
    ".attacker.example",
    ":80",
    "#",
    "?",
    "/",
    "\\",
    "\t",
    "\r\n",
    "\n",
    " ",
    "\0",
    "%00",
    "[",
    "é",
)


@st.composite
def with_more(draw: st.DrawFn, text: str) -> str:
    """A text with something put in that parsers of URIs are known to overlook."""
    at = draw(st.integers(0, len(text)))
    return text[:at] + draw(st.sampled_from(INSERTIONS)) + text[at:]


@st.composite
def nearly(draw: st.DrawFn, text: str) -> str:
    """A text with a few characters put in, taken out or put in the place of others."""
    at = draw(st.integers(0, len(text)))
    to = draw(st.integers(at, min(len(text), at + 3)))
    return text[:at] + draw(st.text(max_size=3)) + text[to:]


encodable = st.text(st.characters(codec="utf-8"), max_size=30)
values = (
    st.sampled_from(GOOD)
    | st.sampled_from(BAD)
    | encodable
    | json_texts
    | st.sampled_from((records.REDIRECT_URI, LOOPBACK_URI)).flatmap(nearly)
)
names = st.sampled_from(NAMES) | encodable
pairs = st.lists(st.tuples(names, values), max_size=12)
registered = st.sampled_from(
    (records.REDIRECT_URI, LOOPBACK_URI, "http://127.0.0.1:5005/native", IPV6_URI, "http://[::1]:5005/native")
)
redirect_uris = registered.flatmap(with_more) | registered.flatmap(nearly) | st.sampled_from(BAD) | encodable


def override(usual: dict[str, str]) -> st.SearchStrategy[dict[str, Any]]:
    """A good request in which a few parameters are something else, or come twice."""
    changed = st.dictionaries(
        st.sampled_from(sorted({*usual, *NAMES})), values | st.lists(values, max_size=2), max_size=3
    )
    return changed.map(lambda changes: {**usual, **changes})


header_texts = st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=60)
headers = st.dictionaries(
    st.sampled_from(
        ("Authorization", "Cookie", "Origin", "Content-Type", "Accept", "Host", "Content-Encoding", "X-Forwarded-Host")
    ),
    header_texts
    | st.sampled_from(
        (
            "Basic d2ViOng=",
            "Basic ====",
            "Bearer a",
            "Bearer",
            "gzip",
            "application/x-www-form-urlencoded; charset=\x80",
            "application/json",
            'oidc_session_realm-1=a; oidc_browser_realm-1="\\015\\012"',
            "=;=;=",
            "null",
        )
    ),
    max_size=4,
)
octets = st.binary(max_size=300)
bodies = octets | pairs.map(lambda drawn: urlencode(drawn).encode())
messages = (
    octets
    | octets.map(lambda drawn: drawn + b"\r\n\r\n")
    | octets.map(lambda drawn: b"GET /realm-1" + drawn)
    | octets.map(lambda drawn: b"POST /realm-1/token" + drawn)
)
visible = st.text(st.characters(min_codepoint=33, max_codepoint=255), max_size=40)
