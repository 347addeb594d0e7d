"""LoginName: a username or e-mail address that a user holds, so that nobody else can have it."""

import unicodedata
from dataclasses import dataclass
from typing import ClassVar

from oidc_harness.model.record import Record


def login_key(name: str) -> str:
    """A username or address as it is compared when names must differ: compatibility form, case folded."""
    return unicodedata.normalize("NFKC", name).casefold()


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginName(Record):
    """`id` is the `login_key` of the name.

    Indexes do not have to be unique; ids do. So of two people who register one name at the same instant, one gets it.
    """

    kind: ClassVar[str] = "login_name"

    user_id: str
