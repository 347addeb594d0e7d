"""The page of the checks."""

from docs.derived.markdown import linked_rules, page, paragraphs, table
from docs.derived.switches import clause
from oidc_harness.harness.catalogue import Catalogue

_INTRODUCTION = """\
A check looks at what your client sends, in every run, whether a switch is armed or not. Breaking a MUST fails the
client. Breaking a SHOULD is a warning: `oidc-harness run --verbose` shows it, and it fails nothing. What happens with
the findings: [Verdicts](../verdicts.md)."""


def checks_page() -> str:
    """Every installed check: what a good client does, at which level, and where that is written."""
    rows = (
        (check.name, linked_rules(paragraphs(check.__doc__)), check.level, clause(check.clause))
        for check in Catalogue().checks()
    )
    columns = ("check", "what a good client does", "level", "clause")
    return page("Checks", "the classes in src/oidc_harness/checks", _INTRODUCTION, table(columns, rows))
