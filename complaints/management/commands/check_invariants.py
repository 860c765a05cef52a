"""manage.py check_invariants: does everything hold that must hold, whatever happened?"""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from complaints.invariants import TITLES, Violation, check_rule
from complaints.management.desk_command import NO, DeskCommand, progress

#: More than a person reads at once; --json has them all.
SHOWN = 20


class Command(DeskCommand):
    def about(self) -> str:
        return _(
            "Check what must hold at any moment (I1 to I7: no post lost, no reply twice, cursors, histories, photos, "
            "logs). It only reads and may run at any time. "
            "Exit codes: 0 everything holds, 1 something does not; every violation is named."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        found: list[Violation] = []
        for rule in progress(list(TITLES)):
            found += check_rule(rule, now=now)
        counts = Counter(violation.rule for violation in found)
        result = {
            "ok": not found,
            "checked_at": now.isoformat(),
            "counts": {rule: counts[rule] for rule in TITLES},
            "violations": [asdict(violation) for violation in found],
        }
        lines = [line for rule in TITLES for line in _lines(rule, [one for one in found if one.rule == rule])]
        self.tell(result, lines, as_json=options["json"])
        if found:
            raise SystemExit(NO)


def _lines(rule: str, found: list[Violation]) -> list[str]:
    title = str(TITLES[rule])
    if not found:
        return [f"✓ {rule} {title}"]
    shown = [f"    {one.rows}: {one.text}" for one in found[:SHOWN]]
    rest = [_("    … and %(count)d more") % {"count": len(found) - SHOWN}] if len(found) > SHOWN else []
    return [f"✗ {rule} {title}: {len(found)}", *shown, *rest]
