"""Progress: one line for each scenario that is done; on a terminal each takes the place of the one before."""

from typing import TextIO

from oidc_harness.cli.run_report import ScenarioReport


class Progress:
    """Counts what is done."""

    def __init__(self, stream: TextIO, total: int) -> None:
        """`total`: how many scenarios there are."""
        self._stream = stream
        self._total = total
        self._done = 0
        self._overwrites = stream.isatty()

    def tell(self, scenario: ScenarioReport) -> None:
        """One more is done."""
        self._done += 1
        width = len(str(self._total))
        line = (
            f"[{self._done:>{width}}/{self._total}] {scenario.outcome:<13} {scenario.name} ({scenario.seconds:.1f} s)"
        )
        # ESC [2K clears what a longer line before has left.
        self._stream.write(f"\r\x1b[2K{line}" if self._overwrites else f"{line}\n")
        self._stream.flush()

    def end(self) -> None:
        """Leave nothing behind that is in the way of the table."""
        self._stream.write("\r\x1b[2K" if self._overwrites else "\n")
        self._stream.flush()
