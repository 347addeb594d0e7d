"""JoseError: why a token, key or algorithm can't be used, said for people."""


class JoseError(Exception):
    """A token, key or algorithm that can't be used.

    The message is for a person. It never holds key material, and quotes only short pieces of what came from
    outside.
    """


def shown(value: object, limit: int = 60) -> str:
    """A value that came from outside, short and on one line, for a message."""
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "a list"
    text = ascii(value[:limit] if isinstance(value, str) else value)
    cut = len(text) > limit or (isinstance(value, str) and len(value) > limit)
    return f"{text[:limit]}…" if cut else text
