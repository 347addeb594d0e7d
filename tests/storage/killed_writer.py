"""A program that writes to a SQLite store from many tasks, tells each commit, and waits to be killed.

Each commit adds a pair of records and counts one up; its name is printed after the store has promised it.
"""

import asyncio
import sys
from dataclasses import replace

from oidc_harness.model.write import Add, Swap
from oidc_harness.storage.conformance.probe import REALM, Probe, add
from oidc_harness.storage.port import Conflict, Store
from oidc_harness.storage.sqlite import SqliteStore

TASKS = 8


async def write(store: Store, task: int) -> None:
    """Commit for ever."""
    number = 0
    while True:
        name = f"{task}-{number:06}"
        try:
            async with store.begin(REALM) as records:
                counter = await records.get(Probe, f"counter {task}")
                assert counter is not None
                records.write(Add(Probe(id=f"left {name}", owner=name)), Swap(replace(counter, text=name)))
                records.write(Add(Probe(id=f"right {name}", owner=name)))
        except Conflict:
            continue
        sys.stdout.write(f"{name}\n")
        sys.stdout.flush()
        number += 1


async def main(path: str) -> None:
    """Write from several tasks at once."""
    store = SqliteStore(path)
    await add(store, *(Probe(id=f"counter {task}") for task in range(TASKS)))
    await asyncio.gather(*(write(store, task) for task in range(TASKS)))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
