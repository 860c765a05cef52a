"""python -m bench NAME …: one measurement; without a name, the list of them."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

#: A measurement is a module with `main(arguments) -> exit code`.
NOT_ONE = {"__init__", "__main__", "desk", "million"}


def names() -> list[str]:
    return sorted(path.stem for path in Path(__file__).parent.glob("*.py") if path.stem not in NOT_ONE)


def main(arguments: list[str]) -> int:
    """The measurement's exit code; 2 for a name that is none."""
    if arguments and arguments[0] in names():
        return int(import_module(f"bench.{arguments[0]}").main(arguments[1:]))
    for name in names():
        said = (import_module(f"bench.{name}").__doc__ or "").splitlines()[0]
        print(f"{name:14}{said}")
    return 2 if arguments and arguments[0] not in ("-h", "--help") else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
