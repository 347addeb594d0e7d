"""Plans: what the clients of a certification plan are, and how they ask."""

from dataclasses import dataclass
from typing import Literal

Profile = Literal["Config", "Basic", "Implicit", "Hybrid", "Dynamic", "Logout", "Third-party login"]
Registration = Literal["static", "dynamic"]


@dataclass(frozen=True)
class Plan:
    """One way through a module."""

    profile: Profile
    response_type: str = "code"
    registration: Registration = "dynamic"
    form_post: bool = False

    @property
    def id(self) -> str:
        """As it stands in the name of a test."""
        asked = self.response_type.replace(" ", "+")
        return f"{self.profile.lower()}-{asked}" + ("-form_post" if self.form_post else "")

    @property
    def preset(self) -> Literal["oidc", "oidc-dynamic"]:
        """What the realm is made with."""
        return "oidc" if self.registration == "static" else "oidc-dynamic"

    @property
    def client_authentication(self) -> Literal["client_secret_basic", "private_key_jwt"]:
        """How its clients prove who they are, unless a module says otherwise."""
        return "private_key_jwt" if self.profile == "Dynamic" else "client_secret_basic"

    @property
    def words(self) -> set[str]:
        """What the response type is made of."""
        return set(self.response_type.split())

    @property
    def response_mode(self) -> str:
        """Where the answer is (Multiple Response Types 5, Form Post Response Mode 2)."""
        if self.form_post:
            return "form_post"
        return "query" if self.response_type == "code" else "fragment"


def _plans(profile: Profile, *response_types: str) -> tuple[Plan, ...]:
    """With clients that are registered beforehand; and by form_post, with clients that register themselves."""
    beforehand = tuple(Plan(profile, response_type, "static") for response_type in response_types)
    return beforehand + tuple(Plan(profile, response_type, form_post=True) for response_type in response_types)


_IMPLICIT_WITH_ACCESS_TOKEN = _plans("Implicit", "id_token token")
_HYBRID_WITHOUT_ID_TOKEN = _plans("Hybrid", "code token")
_HYBRID_WITH_ID_TOKEN = _plans("Hybrid", "code id_token", "code id_token token")

PLANS: dict[str, tuple[Plan, ...]] = {
    "C": (Plan("Config", registration="static"),),
    "B": _plans("Basic", "code"),
    "I": _plans("Implicit", "id_token") + _IMPLICIT_WITH_ACCESS_TOKEN,
    "a": _IMPLICIT_WITH_ACCESS_TOKEN,
    "H": _HYBRID_WITHOUT_ID_TOKEN + _HYBRID_WITH_ID_TOKEN,
    "h": _HYBRID_WITHOUT_ID_TOKEN,
    "i": _HYBRID_WITH_ID_TOKEN,
    "D": (Plan("Dynamic"),),
    "L": tuple(Plan("Logout", response_type) for response_type in ("code", "id_token", "code id_token")),
    "T": (Plan("Third-party login"),),
}
"""By letter. Small ones are parts: Implicit with an access token (a); Hybrid whose authorization response has no ID
token (h), or has one (i)."""
