"""The page of the errors of the protocol."""

import inspect
from collections.abc import Callable, Iterator

from docs.derived.markdown import code, linked_rules, page, summary, table
from docs.derived.switches import clause
from oidc_harness.protocol import errors
from oidc_harness.protocol.errors import OAuthError

_INTRODUCTION = """\
A refusal has two texts. Your client gets the code and a short description, as the specification says. You get the
rest: which value was expected, which one came, where they first differ, and which clause says so. That full text is on
the error page, in the journal, and in the report of `oidc-harness run --verbose`.

An authorization request with an unknown client or an unregistered redirect URI is never answered by a redirect: the
person sees a page, and your client hears nothing."""


def errors_page() -> str:
    """Every error the provider can tell, with its status."""
    rows = ((code(error.code), str(error.status), said, clause(error.where)) for said, error in _errors())
    columns = ("error", "status at JSON endpoints", "meaning", "clause, unless a rule names its own")
    return page("Errors", "src/oidc_harness/protocol/errors.py", _INTRODUCTION, table(columns, rows))


def _errors() -> Iterator[tuple[str, OAuthError]]:
    for _, make in inspect.getmembers(errors, inspect.isfunction):
        if make.__module__ == errors.__name__ and inspect.signature(make).return_annotation is OAuthError:
            said = linked_rules(summary(make.__doc__))
            for error in _made(make):
                yield said, error


def _made(make: Callable[..., OAuthError]) -> list[OAuthError]:
    """One error, or one of each code where the factory is told the code."""
    if "code" not in inspect.signature(make).parameters:
        return [make("")]
    return [make(each, "") for each in (make.__doc__ or "").split("`") if each.endswith("_not_supported")]
