"""Tell a person how two values differ: which was expected, which came, where they part."""


def describe_difference(name: str, expected: str, came: str) -> str:
    """One sentence about two unequal values of `name`."""
    place = next(
        (index for index, (left, right) in enumerate(zip(expected, came, strict=False)) if left != right),
        min(len(expected), len(came)),
    )
    if place == len(expected):
        where = f"after character {place} the value that came goes on with {came[place : place + 20]!r}"
    elif place == len(came):
        where = f"it ends after character {place}, where {expected[place : place + 20]!r} should follow"
    else:
        where = f"they first differ at character {place + 1}: {expected[place]!r} against {came[place]!r}"
    return f"{name}: expected {expected!r}, came {came!r}; {where}"
