"""docs/clocks.md from the tables of the code:  python -m tests.clocks_page"""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "clocks.md"
MARK = "<!-- {name}: made by python -m tests.clocks_page -->"


def page(text: str) -> str:
    """The page with its tables as the code has them; what stands around them is written by hand."""
    for name, rows in tables().items():
        begin, end = MARK.format(name=name), "<!-- end -->"
        before, found, rest = text.partition(begin)
        _old, closed, after = rest.partition(end)
        if not (found and closed):
            raise ValueError(f"{name} has no place on the page")
        text = before + "\n".join([begin, *rows, end]) + after
    return text


def tables() -> dict[str, list[str]]:
    from django.utils import translation

    with translation.override("en"):
        return {"classes": _classes(), "steps": _steps()}


def _classes() -> list[str]:
    from complaints import reckoning_words
    from complaints.legal_kinds import KINDS

    rows = ["| kind | Korean | period | counted in | basis | what it is |", "|---|---|---|---|---|---|"]
    for row in KINDS.values():
        length = reckoning_words.period(row.period) if row.period else "none: the formal counter"
        unit = ("office hours" if row.period.hours else "days, the first included") if row.period else "–"
        length = f"at once = {length}" if row.at_once else length
        length += f", and up to {row.visit_days} days on site not counted" if row.visit_days else ""
        rows.append(f"| `{row.kind.value}` | {row.names[0]} | {length} | {unit} | {row.articles} | {row.about} |")
    return rows


def _steps() -> list[str]:
    from complaints import reckoning_words
    from complaints.legal_kinds import STEPS

    rows = ["| step | Korean | period | basis | what it is |", "|---|---|---|---|---|"]
    for row in STEPS.values():
        length = reckoning_words.period(row.period)
        rows.append(f"| `{row.step}` | {row.names[0]} | {length} | {row.articles} | {row.about} |")
    return rows


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    sys.stdout.write(f"{PAGE.relative_to(ROOT)}\n")
