"""The keys of a realm, on a page: publish, use, retire, remove (OIDC Core 10.1.1)."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, cast, get_args

from oidc_harness.harness.realm import Realm
from oidc_harness.model.key import Key, KeyAlgorithm
from oidc_harness.services.addresses import shown
from oidc_harness.services.errors import Invalid
from oidc_harness.web.admin.key_changes import CHANGES, change_key, publish_key, rotate_key

ALGORITHMS: tuple[str, ...] = get_args(KeyAlgorithm)
_NEXT: Mapping[str, tuple[str, ...]] = {
    "next": ("use", "remove"),
    "current": ("retire",),
    "retired": ("use", "remove"),
}
"""What can become of a key, by its status."""


def facts(realm: Realm) -> dict[str, Any]:
    """What the page shows: every key, in the order in which the realm has them."""
    return {"keys": [_shown(key) for key in realm.keys.keys], "algorithms": ALGORITHMS}


def _shown(key: Key) -> dict[str, Any]:
    return {
        "kid": key.kid,
        "alg": key.alg,
        "status": key.status if key.use == "sig" else f"{key.use}.{key.status}",
        "made": _written(key.created_at),
        "actions": _NEXT[key.status],
    }


def _written(moment: int) -> str:
    """The moment for people; nothing for the keys that are the same in each new realm, which are of no time."""
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%d %H:%M:%S UTC") if moment else ""


async def act(realm: Realm, form: Mapping[str, str]) -> None:
    """Do what a button says. Raises `Invalid`, `NotFound`, and `Taken` where a key is needed as it is."""
    action = form.get("action", "")
    if action in CHANGES:
        await change_key(realm, form.get("kid", ""), CHANGES[action])
    elif action == "publish":
        await publish_key(realm, _algorithm(form))
    elif action == "rotate":
        await rotate_key(realm, _algorithm(form))
    else:
        raise Invalid(f"found {shown(action)}; expected publish, rotate, {', '.join(CHANGES)}", field="action")


def _algorithm(form: Mapping[str, str]) -> KeyAlgorithm:
    alg = form.get("alg", "")
    if alg not in ALGORITHMS:
        raise Invalid(f"found {shown(alg)}; expected one of {', '.join(ALGORITHMS)}", field="alg")
    return cast(KeyAlgorithm, alg)
