"""The tables of docs/hand-over.md from the code:  python -m tests.ledger_page"""

from __future__ import annotations

import os
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "hand-over.md"
MARK = "<!-- {name}: made by python -m tests.ledger_page -->"
KST = timezone(timedelta(hours=9))
#: Two made-up days: move, status after it, when, department, reason.
STORY = (
    ("register", "RECEIVED", "11-24 11:30", "", ""),
    ("assign", "ASSIGNED", "11-24 11:40", "관광정책과", ""),
    ("send_back", "TRIAGED", "11-24 13:20", "관광정책과", "도로 안내판은 저희 소관이 아닙니다"),
    ("assign", "ASSIGNED", "11-24 13:30", "도로계획과", ""),
    ("take_back", "TRIAGED", "11-24 15:30", "도로계획과", ""),
    ("assign", "ASSIGNED", "11-24 15:40", "공원정책과", ""),
    ("accept", "ASSIGNED", "11-24 15:50", "공원정책과", ""),
    ("send_back", "TRIAGED", "11-24 17:50", "공원정책과", "공원 밖입니다"),
    ("decide", "ASSIGNED", "11-25 09:10", "도로계획과", "도로 표지는 도로계획과에서 맡습니다"),
    ("start", "IN_PROGRESS", "11-25 09:30", "도로계획과", ""),
    ("answer", "ANSWERED", "11-25 10:00", "도로계획과", ""),
    ("complete", "COMPLETED", "11-25 10:01", "도로계획과", ""),
)


def page(text: str) -> str:
    """The page with its tables as the code has them; what stands around them is written by hand."""
    from django.utils import translation

    from complaints import ledger

    with translation.override("en"):
        made = {"events": ledger.as_markdown().rstrip(), "example": _example()}
    for name, rows in made.items():
        begin, end = MARK.format(name=name), "<!-- end -->"
        before, found, rest = text.partition(begin)
        _old, closed, after = rest.partition(end)
        if not (found and closed):
            raise ValueError(f"{name} has no place on the page")
        text = f"{before}{begin}\n{rows}\n{end}{after}"
    return text


def _example() -> str:
    """The story told to the measures and to the ledger, without a database."""
    from complaints import ledger
    from complaints.pages.ledger_rows import length
    from departments.working_time import Calendar

    complaint, events, stays = _played()
    rows = [
        "| department | from | accepted | what became of it | office time | wall time |",
        "|---|---|---|---|---|---|",
    ]
    now = events[-1].at
    for hop in ledger.hops_of(complaint, events, stays):
        ended = hop.how_it_ended + (f" (“{hop.reason}”)" if hop.reason else "")
        accepted = _stamp(hop.accepted.at) if hop.accepted else "–"
        times = f"{length(hop.working(now, Calendar()))} | {length(hop.wall(now))}"
        rows.append(f"| {hop.department.name} | {_stamp(hop.begun.at)} | {accepted} | {ended} | {times} |")
    return "\n".join(rows)


def _played() -> tuple[Any, list[Any], list[Any]]:
    from complaints.models import Complaint, ComplaintEvent, Figure, Status
    from complaints.spans import Spans, Step
    from departments.models import Department
    from departments.working_time import Calendar

    names = sorted({name for *_rest, name, _reason in STORY if name})
    departments = {name: Department(pk=pk, name=name) for pk, name in enumerate(names, start=1)}
    complaint = Complaint(pk=1, number="B26-000001", received_at=_at(STORY[0][2]))
    spans, events = Spans(complaint, [], Calendar()), []
    for pk, (move, status, when, name, note) in enumerate(STORY, start=1):
        department = departments.get(name)
        event = ComplaintEvent(pk=pk, move=move, to_status=status, at=_at(when), department=department, note=note)
        events.append(event)
        holder = department.pk if department and status != "TRIAGED" else None
        spans.take(Step(move, _at(when), None, after=Status(status), department_id=holder))
    return complaint, events, [row for row in spans.rows if row.figure == Figure.IN_DEPARTMENT]


def _at(when: str) -> datetime:
    return datetime.strptime(f"2026-{when}", "%Y-%m-%d %H:%M").replace(tzinfo=KST)


def _stamp(at: datetime) -> str:
    return f"{at.astimezone(KST):%m-%d %H:%M}"


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    sys.stdout.write(f"{PAGE.relative_to(ROOT)}\n")
