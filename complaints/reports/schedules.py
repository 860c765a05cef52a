"""Saved reports and when they are mailed: saved, changed, stopped, left; what is due becomes a row for each recipient.

Only writer of SavedReport; rows of ReportMail begin here and go out in complaints.reports.schedules_out. The row is the
queue (docs/decisions/0001-the-row-is-the-queue.md). What was due while the desk was down goes out once, not many times.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from urllib.parse import parse_qsl

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints.models import ReportMail, SavedReport
from complaints.reports import schedules_rhythm as rhythms
from complaints.reports.readers import reader_of
from complaints.reports.slices import Slice, read
from departments import directory
from departments.models import Role

#: So many of one person's, and so many people for each.
MOST, READERS_MAX = 20, 30
READERS = (Role.MANAGER, Role.AUDITOR, Role.HEAD)


class NotPossible(Exception):
    """Nothing was saved; the text says why, for people."""


@dataclass(frozen=True, slots=True)
class Plan:
    """When, and to whom. `people`: those who were chosen, by their keys."""

    rhythm: str
    weekday: int
    day: int
    at: time
    people: frozenset[int]


# --- what is saved ----------------------------------------------------------------------------------------------------


def saved_query(values: Mapping[str, str], *, now: datetime) -> str:
    """The question of an address as it is kept: without its day, unless it goes from one day to another."""
    asked = read(values, now=now)
    return asked.query() if asked.period.name == "range" else asked.query(on="")


def slice_of(report: SavedReport, *, now: datetime) -> Slice:
    """What it asks for at `now`: the last whole day, week, month or quarter, the last 30. Raises BadRequest."""
    asked = read(dict(parse_qsl(report.query)), now=now)
    return asked.in_period(asked.period.last_whole())


def is_reader(user: User) -> bool:
    """May this person read reports at all?"""
    try:
        reader_of(user)
    except PermissionDenied:
        return False
    return user.is_active


def choices_for(owner: User, *, now: datetime) -> list[User]:
    """Whom he may have it mailed to: a head himself; managers and auditors everybody who reads reports."""
    if not directory.has_role(owner, Role.MANAGER, Role.AUDITOR):
        return [owner]
    return list(directory.people(*READERS, now=now).order_by("last_name", "first_name", "id"))


def own(user: User) -> QuerySet[SavedReport]:
    return SavedReport.objects.filter(owner=user).select_related("owner").prefetch_related("recipients")


def mailed_to(user: User) -> QuerySet[SavedReport]:
    """Those of others that this person gets."""
    rows = SavedReport.objects.filter(recipients=user, next_at__isnull=False).exclude(owner=user)
    return rows.select_related("owner")


# --- by people --------------------------------------------------------------------------------------------------------


def save(*, owner: User, name: str, values: Mapping[str, str], plan: Plan, now: datetime) -> SavedReport:
    """A new one. Raises NotPossible; Http404 for a department that is not there for him."""
    if not name or len(name) > SavedReport.NAME_MAX:
        raise NotPossible(_("Please give the report a name of at most 60 characters."))
    if SavedReport.objects.filter(owner=owner).count() >= MOST:
        raise NotPossible(_("You have %(most)d reports already: delete one first.") % {"most": MOST})
    people = _people(owner, plan, now=now)
    row = SavedReport(owner=owner, name=name, query=_checked(owner, values, now=now), created_at=now)
    try:
        with transaction.atomic():
            _plan(row, plan, now=now)
            row.save()
            row.recipients.set(people)
    except IntegrityError as error:
        raise NotPossible(_("There is a report of this name already.")) from error
    return row


def change(row: SavedReport, *, by: User, plan: Plan, now: datetime) -> None:
    """Another time, other people; what was stopped goes out again. Raises NotPossible."""
    people = _people(by, plan, now=now)
    with transaction.atomic():
        _plan(row, plan, now=now)
        row.save()
        row.recipients.set(people)
        _drop(ReportMail.objects.filter(report=row).exclude(user__in=people))


def stop(row: SavedReport) -> None:
    """It is kept and not mailed any more, what waits included."""
    with transaction.atomic():
        SavedReport.objects.filter(pk=row.pk).update(next_at=None)
        _drop(ReportMail.objects.filter(report=row))


def leave(row: SavedReport, user: User) -> None:
    """This person does not want it any more; the others get it as before."""
    with transaction.atomic():
        row.recipients.remove(user)
        _drop(ReportMail.objects.filter(report=row, user=user))


def _drop(mails: QuerySet[ReportMail]) -> None:
    mails.filter(state=ReportMail.State.QUEUED).update(state=ReportMail.State.DROPPED, next_attempt_at=None)


def delete(row: SavedReport) -> None:
    SavedReport.objects.filter(pk=row.pk).delete()


def _checked(owner: User, values: Mapping[str, str], *, now: datetime) -> str:
    try:
        query = saved_query(values, now=now) if values else ""
    except BadRequest:
        query = ""
    if not query:
        raise NotPossible(_("This report is not understood. Please open it anew and save it again."))
    if len(query) > SavedReport.QUERY_MAX:
        raise NotPossible(_("These filters are too long to be saved."))
    reader_of(owner).may_ask(read(dict(parse_qsl(query)), now=now))
    return query


def _people(owner: User, plan: Plan, *, now: datetime) -> list[User]:
    people = [user for user in choices_for(owner, now=now) if user.pk in plan.people]
    if not people or len(people) != len(plan.people):
        raise NotPossible(_("Please choose who gets it, among those who read reports."))
    if len(people) > READERS_MAX:
        raise NotPossible(_("At most %(most)d people get one report.") % {"most": READERS_MAX})
    if silent := [user.get_username() for user in people if not user.email]:
        raise NotPossible(_("No address of mail is known of: %(names)s.") % {"names": ", ".join(silent)})
    return people


def _plan(row: SavedReport, plan: Plan, *, now: datetime) -> None:
    row.rhythm, row.weekday, row.day, row.at = plan.rhythm, plan.weekday, plan.day, plan.at
    row.next_at = rhythms.after(row, now)


# --- by the clock -----------------------------------------------------------------------------------------------------


def queue_due(*, now: datetime) -> int:
    """A row for each recipient of what is due; how many. Without a mail server it waits as it is."""
    if not (settings.MAIL_ENABLED and settings.SENDING_ENABLED):
        return 0
    rows = SavedReport.objects.filter(next_at__lte=now).select_related("owner").order_by("next_at", "id")
    return sum(_queue(row, now) for row in rows)


def _queue(row: SavedReport, now: datetime) -> int:
    """Once, whoever else looks at the same moment: who moves `next_at` on writes the mails."""
    due_at, missed, following = rhythms.due(row, now=now)
    with transaction.atomic():
        mine = SavedReport.objects.filter(pk=row.pk, next_at=row.next_at)
        if not mine.update(next_at=following if is_reader(row.owner) else None):
            return 0
        people = row.recipients.all() if is_reader(row.owner) else ()
        mails = [_mail(row, user, due_at, missed, now) for user in people]
        return len(ReportMail.objects.bulk_create(mails, ignore_conflicts=True))


def _mail(row: SavedReport, user: User, due_at: datetime, missed: int, now: datetime) -> ReportMail:
    return ReportMail(report=row, user=user, due_at=due_at, missed=missed, next_attempt_at=now)


def last_mails(reports: Iterable[SavedReport]) -> dict[int, list[ReportMail]]:
    """The mails of each report's last time, by its key."""
    found: dict[int, list[ReportMail]] = {}
    rows = ReportMail.objects.filter(report__in=list(reports)).select_related("user").order_by("-due_at", "id")
    for row in rows[:500]:
        kept = found.setdefault(row.report_id, [])
        if not kept or kept[0].due_at == row.due_at:
            kept.append(row)
    return found


def local(at: datetime) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"
