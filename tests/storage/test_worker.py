"""Worker: every job is done, in order, whoever still waits for it."""

import asyncio
import threading
from collections.abc import Callable
from functools import partial

import pytest

from oidc_harness.storage.worker import Worker


async def test_a_job_gives_its_result_from_another_thread() -> None:
    worker = Worker("test-worker")
    names = [await worker.run(lambda: threading.current_thread().name) for _ in range(2)]
    worker.stop()
    assert names == ["test-worker", "test-worker"]


async def test_a_job_gives_its_exception_and_the_next_is_done() -> None:
    worker = Worker("test-worker")
    with pytest.raises(ZeroDivisionError):
        await worker.run(lambda: 1 // 0)
    assert await worker.run(lambda: 1 // 1) == 1
    worker.stop()


async def test_jobs_are_done_in_order_and_a_cancelled_one_too() -> None:
    worker = Worker("test-worker")
    gate, done = threading.Event(), list[int]()
    jobs: list[Callable[[], object]] = [gate.wait, *(partial(done.append, number) for number in range(3))]
    waiting = [asyncio.create_task(worker.run(job)) for job in jobs]
    await asyncio.sleep(0)
    waiting[2].cancel()
    troubles: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, trouble: troubles.append(trouble))
    gate.set()
    outcomes = await asyncio.gather(*waiting, return_exceptions=True)
    assert await worker.run(lambda: list(done)) == [0, 1, 2]
    assert [type(outcome) for outcome in outcomes[1:]] == [type(None), asyncio.CancelledError, type(None)]
    assert troubles == []
    worker.stop()


async def test_stopping_ends_the_thread_after_what_was_given() -> None:
    worker = Worker("a thread to be stopped")
    done: list[int] = []
    task = asyncio.create_task(worker.run(lambda: done.append(1)))
    await asyncio.sleep(0)
    worker.stop()
    assert done == [1]
    assert "a thread to be stopped" not in [thread.name for thread in threading.enumerate()]
    await task


def test_a_loop_that_closed_meanwhile_does_not_end_the_thread() -> None:
    worker = Worker("test-worker")
    gate, done = threading.Event(), list[int]()

    async def give_up() -> None:
        for job in (gate.wait, lambda: done.append(1)):
            asyncio.create_task(worker.run(job))  # noqa: RUF006 - the loop is to close before it is done
        await asyncio.sleep(0)

    asyncio.run(give_up())
    gate.set()
    worker.stop()
    assert done == [1]
