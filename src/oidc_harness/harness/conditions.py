"""When: in which of the requests that reach its seam an armed switch acts. Data; the switch never sees it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from annotated_types import Ge, Le

from oidc_harness.protocol.about import About


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """All given conditions must hold. None given: always."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = {"extra": "forbid", "use_attribute_docstrings": True}

    times: Annotated[int, Ge(1), Le(1_000_000)] | None = None
    """Act at most this often. None: without limit."""
    skip: Annotated[int, Ge(0), Le(1_000_000)] = 0
    """Let the first so many requests pass that would match."""
    after: str | None = None
    """Act only once an exchange at this endpoint has succeeded since arming."""
    endpoint: str | None = None
    """Act only in requests to this endpoint."""
    application: str | None = None
    """Act only for this application, by client_id."""
    user: str | None = None
    """Act only for this user, by id, username or e-mail address."""

    def concerns(self, about: About) -> bool:
        """Whether application, user and endpoint fit."""
        if self.endpoint is not None and about.endpoint != self.endpoint:
            return False
        if self.application is not None and (about.application is None or about.application.id != self.application):
            return False
        if self.user is None:
            return True
        user = about.user
        return user is not None and self.user in (user.id, user.username, user.email)


ALWAYS = When()


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownNames:
    """What conditions can name in a realm."""

    endpoints: Iterable[str]
    applications: Iterable[str]
    users: Iterable[str]
    """Ids, usernames and e-mail addresses."""


def why_never(when: When, known: KnownNames) -> Iterator[tuple[str, str]]:
    """Each condition that cannot be met, because it names what is not there: its member, and what to say of it."""
    # Nobody who only carries a condition out needs the words for those that cannot be.
    from oidc_harness.harness.complaints import why_unknown

    names = {
        "after": known.endpoints,
        "endpoint": known.endpoints,
        "application": known.applications,
        "user": known.users,
    }
    for member, there in names.items():
        name = getattr(when, member)
        message = None if name is None else why_unknown(name, there)
        if message is not None:
            yield member, message


def once() -> When:
    """The first time only."""
    return When(times=1)


def nth(number: int) -> When:
    """The `number`-th time only, counted from 1."""
    return When(skip=number - 1, times=1)


def times(number: int) -> When:
    """The first `number` times."""
    return When(times=number)


def after(endpoint: str) -> When:
    """From the first success at that endpoint on."""
    return When(after=endpoint)
