"""The tables of docs/states.md, from the moves themselves: python -m tests.states writes them below the words."""

from __future__ import annotations

import os
from pathlib import Path

import django
from django.utils import translation

PAGE = Path(__file__).resolve().parent.parent / "docs" / "states.md"
#: Where the tables begin.
FIRST = "| move |"


def page() -> str:
    """What docs/states.md must say: its own words, then the tables."""
    from complaints import moves

    words, _table, _rest = PAGE.read_text(encoding="utf-8").partition(FIRST)
    with translation.override("en"):
        return words + moves.as_markdown()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    PAGE.write_text(page(), encoding="utf-8")
