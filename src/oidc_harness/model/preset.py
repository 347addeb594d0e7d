"""Presets: sets of policies by name, so that a realm follows a profile by one word. Nothing here but data."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from oidc_harness.model.realm_policy import RealmPolicy

PresetName = Literal["oidc", "oidc-dynamic", "oauth21", "lenient"]


@dataclass(frozen=True, slots=True)
class Preset:
    """What a name stands for."""

    about: str
    """For people, in one sentence."""
    sets: Mapping[str, Any]
    """Fields of `RealmPolicy` that the profile is about. What it says nothing of keeps its default."""


PRESETS: Mapping[PresetName, Preset] = {
    "oidc": Preset("OpenID Connect for clients that are registered beforehand: every default.", {}),
    "oidc-dynamic": Preset(
        "OpenID Connect for clients that register themselves.",
        {
            "dynamic_registration": "open",
            "web_redirect_uris": "https_with_implicit",
            # Who registers a request URI does not know its client_id yet, and so not the hash of its request object.
            "request_uri_hash": "ignored",
        },
    ),
    "oauth21": Preset(
        "OAuth 2.1: codes with PKCE for every client, no implicit and no password grant, rotating refresh tokens.",
        {
            "response_types": ("code",),
            "grant_types": ("authorization_code", "refresh_token", "client_credentials"),
            "pkce": "S256",
            "refresh_rotation": True,
            "refresh_grace": 0,
            "first_redirect_uri_only": False,
            "iss_parameter": True,
        },
    ),
    "lenient": Preset(
        "A provider that asks little: consent is implied, every code gives a refresh token, which is never rotated.",
        {
            "consent": "implied",
            "refresh_tokens": "always",
            "refresh_rotation": False,
            "refresh_must_outlive_access": False,
            "client_secrets": "viewable",
        },
    ),
}
"""A new one is a name above and an entry here."""


def preset_policy(name: PresetName, stated: Mapping[str, Any]) -> RealmPolicy:
    """The policy of a preset; what is stated beside it wins."""
    return replace(RealmPolicy(), **{**PRESETS[name].sets, **stated})
