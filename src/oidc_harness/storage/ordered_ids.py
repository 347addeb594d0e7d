"""OrderedIds: a set of ids that can be read in order, page by page, and costs next to nothing until it is."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator

SLACK = 64
"""Dead entries an order may hold whatever its size; forgetting fewer would cost more than it frees."""


class OrderedIds:
    """Sorts when first read. What is added later waits for the next reading and is merged in one pass."""

    __slots__ = ("_order", "_waiting", "members")

    def __init__(self, ids: Iterable[str] = ()) -> None:
        self.members = set(ids)
        self._order: list[str] | None = None
        self._waiting: list[str] = []

    def add(self, id: str) -> None:
        self.members.add(id)
        if self._order is not None:
            self._waiting.append(id)
            self._forget_if_stale(self._order)

    def remove(self, id: str) -> None:
        """Take the id out; the order keeps it until it is sorted anew, and readers pass over it."""
        self.members.remove(id)
        if self._order is not None:
            self._forget_if_stale(self._order)

    def beyond(self, after: str) -> Iterator[str]:
        """The ids greater than `after`, in order. Nothing may be added or removed while this is read."""
        order = self._ordered()
        previous = None
        for position in range(bisect_right(order, after), len(order)):
            id = order[position]
            # An id that was removed and added again stands here twice.
            if id in self.members and id != previous:
                yield id
            previous = id

    def _ordered(self) -> list[str]:
        if self._order is None:
            self._order = sorted(self.members)
        elif self._waiting:
            self._order += self._waiting
            self._order.sort()
            self._waiting.clear()
        return self._order

    def _forget_if_stale(self, order: list[str]) -> None:
        """Give the order up once most of it is dead, so that it cannot outgrow the members."""
        if len(order) + len(self._waiting) > 2 * len(self.members) + SLACK:
            self._order = None
            self._waiting.clear()
