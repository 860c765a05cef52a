"""What moves a legal clock: a person names the kind, extends, stops it for a reason of the law, visits the site; or the
calendar changes. Only writer of Hold; complaints.workflow writes the complaint.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from complaints import deadlines, permissions, workflow
from complaints.legal_kinds import KINDS, MORE_VISIT_DAYS, VISIT_DAYS
from complaints.models import Complaint, Hold, HoldCode, Status
from complaints.models.complaint import CLOSED
from complaints.models.hold import STOPPING
from complaints.models.kinds import LegalKind
from departments.working_time import Calendar

#: 영 제24조: the citizen may ask twice for more time to supplement.
MORE_TIME_MAX = 2


class NotAllowedByLaw(ValueError):
    """The law knows no such extension, visit or supplement. `rule`: which of its rules stands against it."""

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule


def may_set_kind(user: User, complaint: Complaint) -> bool:
    """An officer or the head of the department that holds it, while something is still to be done."""
    return permissions.approver(user, complaint) and complaint.status not in CLOSED


def runs(complaint: Complaint) -> bool:
    """Is an answer still awaited, so that its clock means something?"""
    return complaint.status not in (*CLOSED, Status.ANSWERED) and complaint.answered_at is None


# --- the kind -------------------------------------------------------------------------------------------------------


def as_kind(
    complaint: Complaint, kind: LegalKind, *, now: datetime, calendar: Calendar | None = None
) -> dict[str, Any]:
    """The clock of this complaint if it were of that kind from now on. Another period is open to be extended again.

    Raises deadlines.NoClock."""
    afresh = deadlines.reading().from_promotion and kind != LegalKind.SNS
    kept = KINDS[kind].period == KINDS[LegalKind(complaint.legal_kind)].period
    since = now if afresh else deadlines.since_of(complaint)
    extended_by = complaint.extended_by if kept else 0
    visit_days = complaint.visit_days if kept and KINDS[kind].visit_days else 0
    pauses = deadlines.pauses_of(complaint)
    return {
        "clock_from": since,
        "extensions": complaint.extensions if kept else 0,
        "extended_by": extended_by,
        "visit_days": visit_days,
        "due_at": deadlines.due(
            kind, since, visit_days=visit_days, extended_by=extended_by, pauses=pauses, calendar=calendar
        ),
    }


def set_kind(complaint: Complaint, *, by: User, version: int, now: datetime, kind: LegalKind, note: str = "") -> None:
    """A person says which kind of the law it is, and the due time follows. 법정민원 go to their own counter.

    Raises workflow.MoveNotAllowed, workflow.Conflict."""
    if not may_set_kind(by, complaint) or kind == LegalKind.STATUTORY:
        raise workflow.MoveNotAllowed("kind")
    changes: dict[str, Any] = {"legal_kind": kind, **as_kind(complaint, kind, now=now)}
    workflow.touch(complaint, "kind", by=by, now=now, version=version, note=note, **changes)


# --- longer ---------------------------------------------------------------------------------------------------------


def extended(
    complaint: Complaint, *, amount: int, consent: bool, now: datetime, calendar: Calendar | None = None
) -> dict[str, Any]:
    """What an extension by `amount` of the period's own unit makes of the clock (영 제21조).

    Raises NotAllowedByLaw: once, again with the citizen's consent, never by more than the period itself, never when the
    period is over."""
    longest = deadlines.longest_extension(LegalKind(complaint.legal_kind)).amount
    if not deadlines.may_extend(complaint.extensions, consent=consent) or not 1 <= amount <= longest:
        raise NotAllowedByLaw("extension")
    if not runs(complaint) or (complaint.stopped_at is None and complaint.due_at < now):
        raise NotAllowedByLaw("over")
    changes = {"extensions": complaint.extensions + 1, "extended_by": complaint.extended_by + amount}
    return {**changes, "due_at": _due_with(complaint, calendar, extended_by=changes["extended_by"])}


def extensions_of(complaint: Complaint, *, now: datetime, calendar: Calendar) -> Iterator[tuple[int, datetime]]:
    """Every amount by which it could be extended now, with the due time that would follow; none where it may not be."""
    longest = deadlines.longest_extension(LegalKind(complaint.legal_kind)).amount
    for amount in range(1, longest + 1):
        try:
            yield amount, extended(complaint, amount=amount, consent=True, now=now, calendar=calendar)["due_at"]
        except NotAllowedByLaw:
            return


def visit(complaint: Complaint, *, by: User, version: int, now: datetime, days: int, note: str = "") -> None:
    """A grievance is looked into on site: so many days do not count, 14 and once up to 7 more (영 제17조).

    Raises NotAllowedByLaw, workflow.MoveNotAllowed, workflow.Conflict."""
    if not may_set_kind(by, complaint):
        raise workflow.MoveNotAllowed("visit")
    most = VISIT_DAYS if not complaint.visit_days else VISIT_DAYS + MORE_VISIT_DAYS
    if complaint.legal_kind != LegalKind.GRIEVANCE or not complaint.visit_days < days <= most:
        raise NotAllowedByLaw("visit")
    if complaint.visit_days > VISIT_DAYS or not runs(complaint):
        raise NotAllowedByLaw("visit")
    changes = {"visit_days": days, "due_at": _due_with(complaint, None, visit_days=days)}
    workflow.touch(complaint, "visit", by=by, now=now, version=version, note=note, **changes)


def _due_with(
    complaint: Complaint, calendar: Calendar | None, *, extended_by: int | None = None, visit_days: int | None = None
) -> datetime:
    """When it is due by its own clock, or by that clock with one thing changed."""
    return deadlines.due(
        LegalKind(complaint.legal_kind),
        deadlines.since_of(complaint),
        visit_days=complaint.visit_days if visit_days is None else visit_days,
        extended_by=complaint.extended_by if extended_by is None else extended_by,
        pauses=deadlines.pauses_of(complaint),
        calendar=calendar,
    )


# --- waiting --------------------------------------------------------------------------------------------------------


def hold(
    complaint: Complaint,
    *,
    by: User,
    version: int,
    now: datetime,
    code: HoldCode,
    reason: str,
    until: date | None = None,
) -> Hold:
    """Let it wait; the clock stands still only for what 영 제20조 names. Raises the workflow's errors."""
    with transaction.atomic():
        workflow.hold(complaint, by=by, version=version, now=now, reason=reason, stops=code in STOPPING)
        return Hold.objects.create(complaint=complaint, code=code, by=by, began_at=now, until=until)


def resume(complaint: Complaint, *, by: User | None, version: int | None, now: datetime, note: str = "") -> None:
    """Go on; the due time moves by what did not count. A supplement has arrived when the citizen wrote, not when
    somebody looked. Raises the workflow's errors."""
    with transaction.atomic():
        waiting = complaint.holds.filter(ended_at=None).first()
        if waiting is not None:
            complaint.holds.filter(pk=waiting.pk).update(ended_at=_arrived(waiting, now))
        due_at = _due_with(complaint, None) if waiting is not None and waiting.stops else None
        workflow.resume(complaint, by=by, version=version, now=now, note=note, due_at=due_at)


def _arrived(waiting: Hold, now: datetime) -> datetime:
    if waiting.code != HoldCode.SUPPLEMENT:
        return now
    his = waiting.complaint.thread.filter(
        joined_at__gt=waiting.began_at, post__author=waiting.complaint.author, joined_at__lt=now
    )
    first = his.order_by("joined_at").values_list("joined_at", flat=True).first()
    return first or now


def more_time(waiting: Hold, *, until: date) -> None:
    """The citizen asked for more time to supplement (영 제24조③). Raises NotAllowedByLaw."""
    if waiting.code != HoldCode.SUPPLEMENT or waiting.moved >= MORE_TIME_MAX or until <= (waiting.until or date.min):
        raise NotAllowedByLaw("more time")
    Hold.objects.filter(pk=waiting.pk, moved=waiting.moved).update(until=until, moved=waiting.moved + 1)


# --- the calendar ---------------------------------------------------------------------------------------------------


def move_due(complaints: Sequence[Complaint], *, now: datetime, due: Mapping[int, datetime]) -> int:
    """The calendar changed and these due times with it (complaints.recount); of how many, the overtaken left out."""
    return workflow.due_moved(complaints, due=due, now=now) if due else 0
