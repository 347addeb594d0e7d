"""Print every figure: `python -m benchmarks [flow|documents|start|realms|growth ...]`."""

import sys

from benchmarks import documents, flows, growth, realms, start

ALL = {"flow": flows.run, "documents": documents.run, "start": start.run, "realms": realms.run, "growth": growth.run}


def main(names: list[str]) -> int:
    """Run the named benchmarks, or all."""
    unknown = [name for name in names if name not in ALL]
    if unknown:
        print(f"unknown benchmark {unknown[0]!r}; there are: {', '.join(ALL)}", file=sys.stderr)
        return 2
    for name in names or ALL:
        ALL[name]()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
