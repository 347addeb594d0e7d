"""How a refusal looks: as JSON to a client's server, by redirect to the client, on a page to the person."""

import re
from collections.abc import Mapping

from tests.support import oracle
from tests.support.http import Answer

DESCRIPTION = re.compile(r"[\x20\x21\x23-\x5b\x5d-\x7e]+")
"""What an error_description may consist of (RFC 6749 5.2)."""


def refused(answer: Answer, code: str, status: int = 400) -> str:
    """Check an error answer in JSON (RFC 6749 5.2); gives its description."""
    assert (answer.status, answer.json.get("error")) == (status, code), f"{answer.status}: {answer.text}"
    assert answer.json.keys() == {"error", "error_description"}
    assert DESCRIPTION.fullmatch(answer.json["error_description"])
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Pragma"] == "no-cache"
    assert ("WWW-Authenticate" in answer.headers) == (status == 401)
    oracle.accept_token_error(answer.json)
    return str(answer.json["error_description"])


def refused_bearer(answer: Answer, code: str, status: int) -> str:
    """Check an error of a protected resource: the same in header and body (RFC 6750 3)."""
    assert answer.status == status, f"{answer.status}: {answer.text}"
    assert answer.json.keys() == {"error", "error_description"}
    assert answer.json["error"] == code
    description = str(answer.json["error_description"])
    assert DESCRIPTION.fullmatch(description)
    assert answer.headers["WWW-Authenticate"] == (
        f'Bearer realm="userinfo", error="{code}", error_description="{description}"'
    )
    assert answer.headers["Cache-Control"] == "no-store"
    return description


def told_client(answer: Answer, code: str, issuer: str, state: str | None = "state-of-the-art") -> Mapping[str, str]:
    """Check an error that goes to the client by redirect (RFC 6749 4.1.2.1); gives its parameters."""
    parameters = oracle.accept_authorization_error(answer, issuer, state)
    assert parameters["error"] == code, parameters
    assert DESCRIPTION.fullmatch(parameters["error_description"])
    return parameters


def told_person(answer: Answer, code: str = "invalid_request", status: int = 400) -> str:
    """Check an error page, which leads nowhere; gives its text."""
    assert answer.status == status, f"{answer.status}: {answer.text[:500]}"
    assert "Location" not in answer.headers
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.page.has("error-page"), answer.text
    assert answer.page.text_of("error-code") == code
    assert not answer.page.forms
    assert "refresh" not in answer.text.lower() or "http-equiv" not in answer.text.lower()
    return answer.text
