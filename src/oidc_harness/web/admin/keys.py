"""The keys of a realm: list, publish, use, retire, remove; rotate, which is publish and use in one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from oidc_harness.model.key import Key, KeyAlgorithm
from oidc_harness.web.admin.key_changes import CHANGES, change_key, publish_key, rotate_key
from oidc_harness.web.admin.operation import Call, Operation
from oidc_harness.web.admin.shapes import Shape

_STRICT: Mapping[str, Any] = {"extra": "forbid", "use_attribute_docstrings": True}


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyView:
    """A key pair of the realm, by its public side."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = _STRICT

    kid: str
    alg: str
    status: str
    """`next`: published, not used yet. `current`: signs. `retired`: signs no more, still published. A key that others
    encrypt to is used as soon as it is published; retired, it is published no more, and opens what still comes."""
    created_at: int
    """Seconds since 1970 in the realm's time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewKey:
    """A key to publish."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = _STRICT

    alg: KeyAlgorithm
    """The algorithm it is made for; RSA-OAEP and ECDH-ES: for their families, to be encrypted to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rotation:
    """Which key to replace."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = _STRICT

    alg: KeyAlgorithm
    """The algorithm that a new key is made for; the one before it stays published (OIDC Core 10.1.1) until a hundred
    keys are and the oldest has to go."""


async def list_keys(call: Call) -> list[KeyView]:
    """Every key, in the order in which the realm has them."""
    return [_view(key) for key in call.realm.keys.keys]


async def rotate(call: Call) -> list[KeyView]:
    """Publish a new key and sign with it from now on."""
    await rotate_key(call.realm, call.body.alg)
    return await list_keys(call)


async def publish(call: Call) -> KeyView:
    """Publish a new key, which does not sign yet."""
    return _view(await publish_key(call.realm, call.body.alg))


async def use(call: Call) -> list[KeyView]:
    """Sign with this key from now on; the one before it is retired."""
    await change_key(call.realm, call.path["key"], CHANGES["use"])
    return await list_keys(call)


async def retire(call: Call) -> list[KeyView]:
    """Sign with this key no more; it stays published."""
    await change_key(call.realm, call.path["key"], CHANGES["retire"])
    return await list_keys(call)


async def remove(call: Call) -> None:
    """Publish this key no more."""
    await change_key(call.realm, call.path["key"], CHANGES["remove"])


def _view(key: Key) -> KeyView:
    return KeyView(kid=key.kid, alg=key.alg, status=key.status, created_at=key.created_at)


KEYS = "/realms/{realm}/keys"
ONE = KEYS + "/{key}"
VIEW: Shape[KeyView] = Shape(KeyView)
VIEWS: Shape[list[KeyView]] = Shape(list[KeyView])

OPERATIONS = (
    Operation("listKeys", "GET", KEYS, "List keys", list_keys, VIEWS),
    Operation("rotateKey", "POST", KEYS + "/rotate", "Rotate a key", rotate, VIEWS, Shape(Rotation)),
    Operation(
        "publishKey",
        "POST",
        KEYS,
        "Publish a key that is used later",
        publish,
        VIEW,
        Shape(NewKey),
        201,
        refuses=(409,),
        gives={"key": "/kid"},
    ),
    Operation("useKey", "POST", ONE + "/use", "Sign with a published key", use, VIEWS),
    Operation("retireKey", "POST", ONE + "/retire", "Sign with a key no more", retire, VIEWS, refuses=(409,)),
    Operation("removeKey", "DELETE", ONE, "Publish a key no more", remove, refuses=(409,)),
)
