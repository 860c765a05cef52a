"""The rules of the measures: what each step of a complaint begins and ends. complaints.measures stores it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from complaints.models import Complaint, Duration, Exclusion, Figure, Status
from complaints.models.complaint import CLOSED, HELD
from departments import working_time
from departments.working_time import Calendar

State = Duration.State

#: What begins with the complaint itself.
FROM_RECEIPT = (Figure.FIRST_TOUCH, Figure.FIRST_RESPONSE, Figure.RESOLUTION)
ANSWERS = (Figure.FIRST_RESPONSE, Figure.RESPONSE_AGAIN)
#: Moves after which a complaint is for another department to do: by the desk's hand, or back over the desk.
HANDS_ON = ("assign", "decide", "send_back", "take_back")


@dataclass(frozen=True, slots=True)
class Step:
    """One event as the measures see it. `after` None: the status stays. `answered_at`: the reply stands since then.

    `reopened`: the complaint has been reopened by now, once or more. `by_id`: None is the desk itself.
    """

    move: str
    at: datetime
    by_id: int | None
    after: Status | None = None
    department_id: int | None = None
    due_at: datetime | None = None
    answered_at: datetime | None = None
    reopened: bool = False


def first_rows(complaint: Complaint, *, ours: bool) -> Iterator[Duration]:
    """What runs from the receipt on. `ours`: an account of the city itself wrote it."""
    for figure in FROM_RECEIPT:
        row = _row(complaint, figure, complaint.received_at)
        row.excluded = Exclusion.OWN if ours else ""
        row.due_at = complaint.due_at if figure == Figure.FIRST_RESPONSE else None
        yield row


def _row(complaint: Complaint, figure: Figure, at: datetime) -> Duration:
    return Duration(
        complaint=complaint,
        figure=figure,
        began_at=at,
        account_id=complaint.account_id,
        district_id=complaint.district_id,
        department_id=complaint.department_id,
        priority=complaint.priority,
        legal_kind=complaint.legal_kind,
    )


@dataclass
class Spans:
    """All spans of one complaint, and what a step does to them. `calendar` None: the city's, read when it is needed."""

    complaint: Complaint
    rows: list[Duration]
    calendar: Calendar | None = None
    changed: list[Duration] = field(default_factory=list)

    def take(self, step: Step) -> None:
        """One step further. The order matters: what ends, ends in the department that held it."""
        if step.by_id is not None:
            self._end(Figure.FIRST_TOUCH, step, State.DONE, department_id=step.department_id)
        if step.answered_at is not None:
            for figure in (*ANSWERS, Figure.DELIVERY):
                self._end(figure, step, State.DONE, at=step.answered_at)
        if step.after is not None:
            self._change_status(step, step.after)
        self._follow_complaint(step)

    def _change_status(self, step: Step, after: Status) -> None:
        self._hold_or_go_on(step, after)
        self._deliver(step, after)
        if after in CLOSED:
            self._close(step, after)
        elif step.move == "reopen":
            self._reopen(step)
        elif step.move == "undo":
            self._take_up_again()
        self._move_house(step, after)

    def _hold_or_go_on(self, step: Step, after: Status) -> None:
        if after == Status.ON_HOLD:
            self._begin(Figure.WAITING, step)
        else:
            self._end(Figure.WAITING, step, State.DONE)

    def _deliver(self, step: Step, after: Status) -> None:
        """From the approval until it stands; recalled or closed by hand before that, it fell away."""
        if after == Status.ANSWERED:
            self._begin(Figure.DELIVERY, step)
        else:
            self._end(Figure.DELIVERY, step, State.LEFT)

    def _close(self, step: Step, after: Status) -> None:
        """A dismissal is no resolution: should it be undone, the clocks ran on meanwhile."""
        dismissed = after == Status.DISMISSED
        for figure in ANSWERS:
            self._end(figure, step, State.LEFT)
        self._end(Figure.RESOLUTION, step, State.LEFT if dismissed else State.DONE)
        if dismissed:
            self._exclude(Exclusion.DUPLICATE if step.move == "merge" else Exclusion.DISMISSED)

    def _reopen(self, step: Step) -> None:
        """A new round, unless there is one to take up again."""
        if self._take_up_again():
            return
        last = self._last(Figure.RESOLUTION)
        if last is not None:
            last.reopened_at = step.at
            self._note(last)
        self._begin(Figure.RESPONSE_AGAIN, step)
        self._begin(Figure.RESOLUTION, step)

    def _take_up_again(self) -> bool:
        """A dismissal was wrong from the beginning: the round that it broke off goes on. False: there is none."""
        self._exclude("")
        last = self._last(Figure.RESOLUTION)
        if last is None or last.state != State.LEFT:
            return False
        self._go_on(last)
        answer = max((self._last(figure) for figure in ANSWERS), key=_begun)
        if answer is not None and answer.state == State.LEFT:
            self._go_on(answer)
        return True

    def _move_house(self, step: Step, after: Status) -> None:
        """The stay in a department lasts until another one holds it, or nobody."""
        stay = self._open(Figure.IN_DEPARTMENT)
        here = step.department_id if after in (*HELD, Status.ON_HOLD) else None
        if stay is not None and stay.department_id != here:
            stay.ending = step.move
            self._end(Figure.IN_DEPARTMENT, step, State.DONE, department_id=stay.department_id)
            stay = None
        if stay is None and here is not None:
            self._hand_on(here)
            self._begin(Figure.IN_DEPARTMENT, step)

    def _hand_on(self, here: int) -> None:
        """The stay before this one learns who got it next; what was answered or closed was given on to nobody."""
        last = self._last(Figure.IN_DEPARTMENT)
        if last is not None and last.ending in HANDS_ON:
            last.onward_id = here
            self._note(last)

    def _follow_complaint(self, step: Step) -> None:
        """What still runs belongs to who holds it now, and is due when the complaint is.

        District, priority, legal kind and who took the first step are the complaint's: of all its spans the same."""
        first_by = next((row.first_by_id for row in self.rows if row.first_by_id), step.by_id)
        for row in self.rows:
            new = (
                step.department_id if row.state == State.OPEN else row.department_id,
                step.due_at if self._is_due(row, step) else row.due_at,
                self.complaint.district_id,
                self.complaint.priority,
                self.complaint.legal_kind,
                first_by,
            )
            if new != _followed(row):
                row.department_id, row.due_at, row.district_id, row.priority, row.legal_kind, row.first_by_id = new
                self._note(row)

    def _is_due(self, row: Duration, step: Step) -> bool:
        """A first answer keeps its own time after a reopening, which gives the complaint a new one."""
        first = row.figure == Figure.FIRST_RESPONSE and not step.reopened
        return row.state == State.OPEN and (first or row.figure == Figure.RESPONSE_AGAIN)

    # --- one span ---------------------------------------------------------------------------------------------------

    def _open(self, figure: Figure) -> Duration | None:
        return next((row for row in self.rows if row.figure == figure and row.state == State.OPEN), None)

    def _last(self, figure: Figure) -> Duration | None:
        return next((row for row in reversed(self.rows) if row.figure == figure), None)

    def _begin(self, figure: Figure, step: Step) -> None:
        """One of a kind at a time: what runs already goes on."""
        if self._open(figure) is not None:
            return
        row = _row(self.complaint, figure, step.at)
        row.department_id = step.department_id
        row.excluded = Exclusion.OWN if self._is_own() else ""
        row.due_at = step.due_at if figure == Figure.RESPONSE_AGAIN else None
        self.rows.append(row)
        self._note(row)

    def _end(
        self,
        figure: Figure,
        step: Step,
        state: Duration.State,
        *,
        at: datetime | None = None,
        department_id: int | None = None,
    ) -> None:
        row = self._open(figure)
        if row is None:
            return
        row.state, row.ended_at = state, max(at or step.at, row.began_at)
        row.wall_seconds = int((row.ended_at - row.began_at).total_seconds())
        worked = self._calendar.working_time_between(row.began_at, row.ended_at)
        row.working_seconds = int(worked.total_seconds())
        row.department_id = department_id or row.department_id or step.department_id
        self._note(row)

    def _go_on(self, row: Duration) -> None:
        row.state, row.ended_at, row.wall_seconds, row.working_seconds = State.OPEN, None, None, None
        self._note(row)

    def _exclude(self, why: str) -> None:
        """All spans of the complaint together; what the city wrote itself stays excluded for that."""
        for row in self.rows:
            if row.excluded not in (why, Exclusion.OWN):
                row.excluded = why
                self._note(row)

    def _is_own(self) -> bool:
        return any(row.excluded == Exclusion.OWN for row in self.rows)

    @cached_property
    def _calendar(self) -> Calendar:
        return self.calendar or working_time.calendar_for()

    def _note(self, row: Duration) -> None:
        if row not in self.changed:
            self.changed.append(row)


def _followed(row: Duration) -> tuple[Any, ...]:
    return row.department_id, row.due_at, row.district_id, row.priority, row.legal_kind, row.first_by_id


def _begun(row: Duration | None) -> float:
    return row.began_at.timestamp() if row else 0.0
