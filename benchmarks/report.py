"""Medians and ranges of pairs measured in one run."""

from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Pair:
    """The harness and the bare server, measured one right after the other."""

    harness: float
    bare: float

    @property
    def ratio(self) -> float:
        """How many times the bare server's figure the harness's is."""
        return self.harness / self.bare


def print_pairs(title: str, unit: str, pairs: list[Pair], aim: float) -> None:
    """One block: the figures of both, and the ratio against its aim."""
    print(f"\n{title} ({len(pairs)} rounds)")
    _print_row("harness", [pair.harness for pair in pairs], unit)
    _print_row("bare aiohttp", [pair.bare for pair in pairs], unit)
    ratios = [pair.ratio for pair in pairs]
    verdict = "reached" if median(ratios) <= aim else "missed"
    print(f"  {'ratio':<14} median {median(ratios):8.2f}   range {min(ratios):.2f} to {max(ratios):.2f}", end="")
    print(f"   aim at most {aim}: {verdict}")


def _print_row(name: str, values: list[float], unit: str) -> None:
    print(f"  {name:<14} median {median(values):8.2f} {unit}   range {min(values):.2f} to {max(values):.2f}")


def print_value(title: str, values: list[float], unit: str, aim: float | None = None) -> None:
    """One row that has no pair."""
    print(f"\n{title} ({len(values)} rounds)")
    _print_row("harness", values, unit)
    if aim is not None:
        print(f"  aim at most {aim} {unit}: {'reached' if median(values) <= aim else 'missed'}")
