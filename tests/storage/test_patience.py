"""One job waits for a lock in full; those that were given meanwhile do not wait once more."""

import pytest

from oidc_harness.storage.patience import Patience
from oidc_harness.storage.port import Busy, StorageError


def job(patience: Patience, number: int, outcome: Exception | None) -> None:
    with patience.of(number):
        if outcome is not None:
            raise outcome


def test_who_has_waited_behind_another_is_done_at_once() -> None:
    told: list[int] = []
    patience = Patience(1.5, told.append)
    first, second, third = (patience.take_number() for _ in range(3))
    with pytest.raises(Busy):
        job(patience, first, Busy())
    assert told == []
    with pytest.raises(Busy):
        job(patience, second, Busy())
    fourth = patience.take_number()
    job(patience, third, None)
    assert told == [0]
    job(patience, fourth, None)
    assert told == [0, 1500]


def test_another_error_takes_patience_from_nobody() -> None:
    told: list[int] = []
    patience = Patience(1.5, told.append)
    first, second = patience.take_number(), patience.take_number()
    with pytest.raises(StorageError):
        job(patience, first, StorageError())
    job(patience, second, None)
    assert told == []
