"""The signing keys of a realm: list and rotate."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from oidc_harness.model.key import Key, SigningAlgorithm
from oidc_harness.services import keys
from oidc_harness.services.circumstances import Circumstances
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
    """`next`: published, not used yet. `current`: signs. `retired`: signs no more, still published."""
    created_at: int
    """Seconds since 1970 in the realm's time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rotation:
    """Which key to replace."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = _STRICT

    alg: SigningAlgorithm
    """The algorithm that a new key is made for; the one before it stays published (OIDC Core 10.1.1) until a hundred
    keys are and the oldest has to go."""


async def list_keys(call: Call) -> list[KeyView]:
    """Every key, in the order of the key set."""
    return [_view(key) for key in call.realm.keys.published()]


async def rotate(call: Call) -> list[KeyView]:
    """Publish a new key and sign with it from now on."""
    realm, alg = call.realm, call.body.alg

    async def act(circumstances: Circumstances) -> None:
        await keys.rotate(circumstances, realm.keys, await keys.make(circumstances, alg))

    await realm.transact(act)
    await realm.reload_keys()
    return await list_keys(call)


def _view(key: Key) -> KeyView:
    return KeyView(kid=key.kid, alg=key.alg, status=key.status, created_at=key.created_at)


KEYS = "/realms/{realm}/keys"
VIEWS: Shape[list[KeyView]] = Shape(list[KeyView])

OPERATIONS = (
    Operation("listKeys", "GET", KEYS, "List keys", list_keys, VIEWS),
    Operation("rotateKey", "POST", KEYS + "/rotate", "Rotate a key", rotate, VIEWS, Shape(Rotation)),
)
