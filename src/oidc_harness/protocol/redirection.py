"""Redirection: what goes to the client through the browser (RFC 6749 4.1.2, RFC 9207, OIDC RP-Initiated Logout 3)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlencode

from oidc_harness.protocol.about import About
from oidc_harness.protocol.request import Pairs


@dataclass(frozen=True, slots=True, eq=False)
class RedirectionQuestion:
    """What is sent where?"""

    about: About
    purpose: Literal["answer", "error", "logout"]
    target: str
    """A URI that is registered for this purpose."""
    mode: str
    """`query`, `fragment` or `form_post`."""
    issuer: str
    state: str | None
    names_issuer: bool
    """Whether the realm's responses carry `iss` (RFC 9207)."""
    parameters: Mapping[str, str] = field(default_factory=dict)
    """What the response type names, or `error` and `error_description`; and `session_state`."""


@dataclass(frozen=True, slots=True)
class Redirection:
    """A target and what it is told, in order."""

    target: str
    mode: str
    parameters: Pairs


def redirection(question: RedirectionQuestion) -> Redirection:
    """The parameters of the purpose, then `state` as it came, then `iss`."""
    parameters = dict(question.parameters)
    if question.state is not None:
        parameters["state"] = question.state
    if question.names_issuer and question.purpose != "logout":
        parameters["iss"] = question.issuer
    return Redirection(question.target, question.mode, tuple(parameters.items()))


def location(answer: Redirection) -> str:
    """The URL of a redirect; a registered query survives (RFC 6749 3.1.2)."""
    if not answer.parameters:
        return answer.target
    added = urlencode(answer.parameters)
    if answer.mode == "fragment":
        return f"{answer.target}#{added}"
    if "?" not in answer.target:
        return f"{answer.target}?{added}"
    # Put together as text: taking a URI apart and joining it again may spell it otherwise than it was registered.
    return f"{answer.target}{'' if answer.target.endswith(('?', '&')) else '&'}{added}"
