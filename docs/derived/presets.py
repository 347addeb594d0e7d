"""The page of the presets."""

import json

from docs.derived.markdown import code, page, table
from oidc_harness.model.preset import PRESETS, Preset
from oidc_harness.model.realm_policy import RealmPolicy

_INTRODUCTION = """\
A preset sets policies of a realm by one word: `preset: NAME` of a realm in a [fixture](world-file.md), `preset` of a
realm that the [control API](control-api.md) makes, `serve --preset NAME` for every realm of a server. What is stated
beside it wins, field by field. `oidc-harness presets` and `presets show NAME` say the same as this page. What a
field means is told under [realm policy](realm-policy.md); those that are not here keep their defaults."""


def presets_page() -> str:
    """Every preset, and what it sets."""
    parts = [part for name, preset in PRESETS.items() for part in (f"## {name}", preset.about, _values(preset))]
    return page("Presets", "src/oidc_harness/model/preset.py", _INTRODUCTION, *parts)


def _values(preset: Preset) -> str:
    if not preset.sets:
        return "It sets nothing."
    usual = RealmPolicy()
    rows = [
        (code(name), code(json.dumps(value)), "yes" if getattr(usual, name) == value else "")
        for name, value in preset.sets.items()
    ]
    return table(("policy", "value", "the default too"), rows)
