"""The reports again, slowly and plainly: histories by a walk over the table of moves, and what they mean by definition.

Knows nothing of complaints.spans and complaints.reports: it reads events and counts seconds.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any, TypeAlias

import holidays

from complaints import deadlines, receipts
from complaints.models import Complaint, ComplaintEvent
from complaints.models.complaint import CLOSED, HELD
from complaints.moves import MOVES
from departments.models import Agency, Department

KST = timezone(timedelta(hours=9))
#: Seconds to the next step: at once, within the hour, within the day, within days.
PAUSES = (5, 3_000, 60_000, 400_000)
CLOSINGS = {"complete": "DONE", "close": "DONE", "transfer": "DONE", "dismiss": "LEFT", "merge": "LEFT"}
#: What is set aside is in no number, for one of these.
SET_ASIDE = {"dismiss": "DISMISSED", "merge": "DUPLICATE"}
#: Move, from, to, when, department.
Step: TypeAlias = list[Any]
_DAYS_OFF = holidays.country_holidays("KR", years=range(2024, 2029))


@dataclass(frozen=True)
class Span:
    """One measured span, as far as the numbers need it."""

    figure: str
    state: str
    department_id: int | None
    began_at: datetime
    ended_at: datetime | None
    due_at: datetime | None = None
    excluded: str = ""
    reopened: bool = False

    @property
    def wall(self) -> int:
        assert self.ended_at is not None
        return int((self.ended_at - self.began_at).total_seconds())

    @property
    def working(self) -> int:
        assert self.ended_at is not None
        return office_seconds(self.began_at, self.ended_at)


def office_seconds(begin: datetime, end: datetime) -> int:
    """Day by day: how much of 9 to 12 and 13 to 18 lies between the two, on working days."""
    total, day = timedelta(0), begin.astimezone(KST).date()
    while day <= end.astimezone(KST).date():
        if day.weekday() < 5 and day not in _DAYS_OFF:
            total += _overlap(begin, end, day, 9, 12) + _overlap(begin, end, day, 13, 18)
        day += timedelta(days=1)
    return total // timedelta(seconds=1)


def _overlap(begin: datetime, end: datetime, day: date, opens: int, closes: int) -> timedelta:
    first, last = (datetime.combine(day, time(hour), KST) for hour in (opens, closes))
    return max(timedelta(0), min(end, last) - max(begin, first))


# --- what a history means -------------------------------------------------------------------------------------------


def spans_of(complaint: Complaint, events: Sequence[ComplaintEvent]) -> list[Span]:
    """Every span of one complaint, by the definitions of docs/reports.md."""
    steps = [event for event in events if event.to_status]
    found = [*_touch(complaint, events), *_rounds(complaint, steps), *_stays(steps), *_between(steps)]
    excluded = SET_ASIDE.get(steps[-1].move, "")
    return [Span(**{**vars(span), "excluded": excluded}) for span in found]


def holder_after(steps: Sequence[ComplaintEvent], index: int) -> int | None:
    event = steps[index]
    if event.to_status == "ON_HOLD" or event.to_status in HELD:
        return event.department_id
    return event.department_id if event.move in ("complete", "close") else None


def _holder(steps: Sequence[ComplaintEvent], index: int) -> int | None:
    """Who held it until this step, else who got it by it."""
    before = holder_after(steps, index - 1) if index else None
    return before or holder_after(steps, index)


def _touch(complaint: Complaint, events: Sequence[ComplaintEvent]) -> Iterator[Span]:
    begun = complaint.received_at
    for index, event in enumerate(events):
        if event.by_id is not None:
            holder = holder_after(events, index) or _holder(events, index)
            yield Span("FIRST_TOUCH", "DONE", holder, begun, event.at)
            return
    yield Span("FIRST_TOUCH", "OPEN", holder_after(events, len(events) - 1), begun, None)


def _rounds(complaint: Complaint, steps: Sequence[ComplaintEvent]) -> Iterator[Span]:
    """A round lasts until the reopening after a real closing."""
    begins = [0]
    for index, event in enumerate(steps):
        if event.move == "reopen" and steps[index - 1].move not in SET_ASIDE:
            begins.append(index)
    for number, first in enumerate(begins):
        last = begins[number + 1] if number + 1 < len(begins) else len(steps)
        begun = steps[first].at if number else complaint.received_at
        again = number + 1 < len(begins)
        yield _answer(steps, first, last, begun, "RESPONSE_AGAIN" if number else "FIRST_RESPONSE")
        yield _resolution(steps, last, begun, again)


def _answer(steps: Sequence[ComplaintEvent], first: int, last: int, begun: datetime, figure: str) -> Span:
    reopenings = [step.at for step in steps[first:last] if step.move == "reopen"]
    due = deadlines.first_answer_due(reopenings[-1] if figure == "RESPONSE_AGAIN" else begun)
    for index in range(first, last):
        if steps[index].move == "complete":
            return Span(figure, "DONE", _holder(steps, index), begun, steps[index].at, due)
    end = steps[last - 1]
    if end.move in CLOSINGS:
        return Span(figure, "LEFT", _holder(steps, last - 1), begun, end.at, due)
    return Span(figure, "OPEN", holder_after(steps, last - 1), begun, None, due)


def _resolution(steps: Sequence[ComplaintEvent], last: int, begun: datetime, again: bool) -> Span:
    end = steps[last - 1]
    if end.move not in CLOSINGS:
        return Span("RESOLUTION", "OPEN", holder_after(steps, last - 1), begun, None)
    holder = _holder(steps, last - 1)
    return Span("RESOLUTION", CLOSINGS[end.move], holder, begun, end.at, reopened=again)


def _stays(steps: Sequence[ComplaintEvent]) -> Iterator[Span]:
    held: tuple[int, datetime] | None = None
    for index, event in enumerate(steps):
        here = None if event.to_status in CLOSED else holder_after(steps, index)
        if held is not None and here != held[0]:
            yield Span("IN_DEPARTMENT", "DONE", held[0], held[1], event.at)
            held = None
        if held is None and here is not None:
            held = (here, event.at)
    if held is not None:
        yield Span("IN_DEPARTMENT", "OPEN", held[0], held[1], None)


def _between(steps: Sequence[ComplaintEvent]) -> Iterator[Span]:
    """From an approval, and from a hold, to the step after it."""
    for index, event in enumerate(steps):
        if event.move not in ("answer", "hold"):
            continue
        figure = "DELIVERY" if event.move == "answer" else "WAITING"
        if index + 1 == len(steps):
            yield Span(figure, "OPEN", holder_after(steps, index), event.at, None)
            continue
        after = steps[index + 1]
        state = "DONE" if figure == "WAITING" or after.move == "complete" else "LEFT"
        yield Span(figure, state, _holder(steps, index + 1), event.at, after.at)


# --- what numbers they make -----------------------------------------------------------------------------------------


def numbers_of(spans: Sequence[Span], *, now: datetime) -> dict[str, int | None]:
    """The numbers of these spans, all of one figure."""
    counted = [span for span in spans if not span.excluded]
    done = [span for span in counted if span.state == "DONE"]
    open_ = [span for span in counted if span.state == "OPEN"]
    walls, workings = sorted(span.wall for span in done), sorted(span.working for span in done)
    return {
        "n": len(done),
        "within": sum(bool(s.due_at and s.ended_at and s.ended_at <= s.due_at) for s in done),
        "late": sum(bool(s.due_at and s.ended_at and s.ended_at > s.due_at) for s in done),
        "open": len(open_),
        "overdue": sum(bool(s.due_at and s.due_at < now) for s in open_),
        "left": sum(s.state == "LEFT" for s in counted),
        "reopened": sum(s.reopened for s in done),
        "excluded": len(spans) - len(counted),
        "wall_median": rank(walls, 1, 2),
        "wall_p90": rank(walls, 9, 10),
        "working_median": rank(workings, 1, 2),
        "working_p90": rank(workings, 9, 10),
        "oldest_seconds": max((int((now - s.began_at).total_seconds()) for s in open_), default=None),
    }


def rank(values: Sequence[int], part: int, of: int) -> int | None:
    """The first of the sorted values that has at least part/of of all up to it, counted in whole numbers."""
    for position, value in enumerate(values, start=1):
        if position * of >= part * len(values):
            return value
    return None


# --- histories ------------------------------------------------------------------------------------------------------


def make_histories(
    count: int,
    *,
    account_ids: Sequence[int],
    departments: Sequence[Department],
    people: Sequence[int],
    agency: Agency,
    seed: int,
    districts: Sequence[int] = (),
) -> None:
    """So many complaints of 2026 with a random history each, straight into the tables."""
    dice = random.Random(seed)
    for start in range(0, count, 1000):
        stories = [_story(dice, start + number) for number in range(min(1000, count - start))]
        rows = [_complaint(story, number, dice.choice(account_ids)) for number, story in enumerate(stories, start)]
        for row, story in zip(rows, stories, strict=True):
            _settle(row, story, dice, departments)
            row.agency = agency if row.status == "TRANSFERRED" else None
            row.district_id = dice.choice([None, *districts])
            row.priority = dice.choice(Complaint.Priority.values)
        stored = Complaint.objects.bulk_create(rows)
        events = [
            ComplaintEvent(complaint=row, by_id=_who(dice, step[0], people), **_event(step))
            for row, story in zip(stored, stories, strict=True)
            for step in story
        ]
        ComplaintEvent.objects.bulk_create(events)


def _story(dice: random.Random, number: int) -> list[Step]:
    """A walk over the table of moves; where it is held, it goes back to where it came from."""
    at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=dice.randrange(330 * 86_400))
    steps: list[Step] = [["register", "", "RECEIVED", at, None]]
    held_from = ""
    for _step in range(dice.randrange(11)):
        status = steps[-1][2]
        move = dice.choice([move for move in MOVES.values() if status in move.froms])
        to = str(move.to or held_from)
        held_from = status if to == "ON_HOLD" else held_from
        at += timedelta(seconds=dice.randrange(dice.choice(PAUSES)), microseconds=dice.randrange(1_000_000))
        steps.append([move.name, str(status), to, at, None])
    return steps


def _complaint(story: list[Step], number: int, account_id: int) -> Complaint:
    last, reopenings = story[-1], [step[3] for step in story if step[0] == "reopen"]
    closed = last[2] in CLOSED
    return Complaint(
        number=receipts.number_of(2026, 100_000 + number),
        account_id=account_id,
        status=last[2],
        received_at=story[0][3],
        due_at=deadlines.first_answer_due(reopenings[-1] if reopenings else story[0][3]),
        closed_at=last[3] if closed else None,
        reopened=len(reopenings),
        held_from=last[1] if last[2] == "ON_HOLD" else "",
    )


def _settle(row: Complaint, story: list[Step], dice: random.Random, departments: Sequence[Department]) -> None:
    """The department of every event, as complaints.workflow notes it, and of the complaint at the end."""
    holder: int | None = None
    for step in story:
        step[4] = holder
        if step[0] in ("assign", "decide"):
            holder = step[4] = dice.choice(departments).pk
        elif step[0] in ("send_back", "take_back", "transfer", "reopen", "undo"):
            holder = None
    row.department_id = holder


def _event(step: Step) -> dict[str, object]:
    return dict(zip(("move", "from_status", "to_status", "at", "department_id"), step, strict=True))


def _who(dice: random.Random, move: str, people: Sequence[int]) -> int | None:
    alone = move in ("register", "complete", "take_back") or (move in ("reopen", "recall") and dice.random() < 0.5)
    return None if alone else dice.choice(people)
