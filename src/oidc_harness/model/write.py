"""Writes: what a decision asks a store to do, as data."""

from dataclasses import dataclass

from oidc_harness.model.record import Record


@dataclass(frozen=True, slots=True)
class Add:
    """A record that must not exist yet."""

    record: Record


@dataclass(frozen=True, slots=True)
class Swap:
    """Replace the stored record of the same id if it still has this record's version."""

    record: Record


@dataclass(frozen=True, slots=True)
class Remove:
    """Remove the stored record if it still has this record's version."""

    record: Record


Write = Add | Swap | Remove
