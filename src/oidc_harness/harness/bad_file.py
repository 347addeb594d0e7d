"""BadFile: a file that cannot be used. Beside the reader, so that who only has to catch it need not load that."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from oidc_harness.harness.yaml_files import Problem


class BadFile(Exception):
    """A file that cannot be used. Its text has one line per problem."""

    def __init__(self, problems: "tuple[Problem, ...]") -> None:
        """At least one problem, in the order of the file."""
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems
