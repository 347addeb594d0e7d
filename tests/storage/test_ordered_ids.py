"""OrderedIds gives the same pages as sorting a set each time, whatever happened in between."""

from itertools import islice

from hypothesis import given
from hypothesis import strategies as st

from oidc_harness.storage.ordered_ids import SLACK, OrderedIds

IDS = st.text("abc", min_size=1, max_size=2)
STEPS = st.lists(st.tuples(st.sampled_from(["add", "remove", "read"]), IDS), max_size=60)


@given(start=st.sets(IDS), steps=STEPS)
def test_a_page_is_a_part_of_the_sorted_set(start: set[str], steps: list[tuple[str, str]]) -> None:
    ordered, model = OrderedIds(start), set(start)
    for step, id in steps:
        if step == "add" and id not in model:
            ordered.add(id)
            model.add(id)
        elif step == "remove" and id in model:
            ordered.remove(id)
            model.remove(id)
        elif step == "read":
            page = list(islice(ordered.beyond(id), 3))
            assert page == sorted(other for other in model if other > id)[:3]
    assert list(ordered.beyond("")) == sorted(model)


def test_the_order_holds_when_most_of_it_is_dead() -> None:
    names = [f"{number:04}" for number in range(4 * SLACK)]
    ordered = OrderedIds(names)
    assert list(ordered.beyond("")) == names
    for name in names[:-1]:
        ordered.remove(name)
    assert list(ordered.beyond("")) == names[-1:]
    ordered.add("0000")
    assert list(ordered.beyond("")) == ["0000", names[-1]]


def test_the_order_holds_when_most_of_what_was_added_since_is_dead() -> None:
    names = [f"{number:04}" for number in range(2 * SLACK)]
    ordered = OrderedIds()
    assert list(ordered.beyond("")) == []
    for name in names:
        ordered.add(name)
    for name in names[1:-1]:
        ordered.remove(name)
    assert list(ordered.beyond("")) == [names[0], names[-1]]
