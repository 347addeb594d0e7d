"""Worker: one thread that does blocking jobs for an event loop, in the order in which they were given."""

import asyncio
from collections.abc import Callable
from queue import SimpleQueue
from threading import Thread
from typing import Any, TypeVar

T = TypeVar("T")


class Worker:
    """Runs every job it was given to its end, even if the task that waits for it is cancelled."""

    def __init__(self, name: str) -> None:
        self._jobs: SimpleQueue[tuple[asyncio.Future[Any], Callable[[], Any]] | None] = SimpleQueue()
        # A daemon: a process that forgets to stop it can end nevertheless.
        self._thread = Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    async def run(self, job: Callable[[], T]) -> T:
        """The result of the job, or what it raised."""
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._jobs.put((future, job))
        return await future

    def stop(self) -> None:
        """End the thread after the jobs given so far, and wait for that. No job may be given afterwards."""
        self._jobs.put(None)
        self._thread.join()

    def _work(self) -> None:
        while self._work_once():
            pass

    def _work_once(self) -> bool:
        # Its own function, so that no finished job is kept alive while the next is waited for.
        entry = self._jobs.get()
        if entry is None:
            return False
        future, job = entry
        try:
            result = job()
        except BaseException as error:
            _post(future, future.set_exception, error)
        else:
            _post(future, future.set_result, result)
        return True


def _post(future: asyncio.Future[Any], settle: Callable[[Any], None], outcome: object) -> None:
    def unless_cancelled() -> None:
        if not future.done():
            settle(outcome)

    try:
        future.get_loop().call_soon_threadsafe(unless_cancelled)
    except RuntimeError:
        # The loop is closed: nobody waits any more. The job is done all the same.
        return
