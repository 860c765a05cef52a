"""What the next shift must know, on one page: what burns, what is due until the desk opens again, what is unsure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from django.contrib.auth.models import User
from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from channels_sns.models import OutboundPost
from complaints import legal_notices, reckoning_words, shifts
from complaints.models import Complaint, Reply, ShiftNote, Status, TypedText
from complaints.pages import rows, words
from complaints.pages.people import person_name
from complaints.watch import promise_list
from departments import working_time
from departments.models import OnCall
from departments.working_time import KST, Calendar

#: Of each section; the lists of the desk hold all.
SHOWN = 20
NOTES = 5
LABELS: dict[str, str | Lazy] = {
    "urgent": pgettext_lazy("shift", "Urgent"),
    "unassigned": pgettext_lazy("shift", "Open, with no department"),
    "due": pgettext_lazy("shift", "Due until the desk opens again"),
    "promises": pgettext_lazy("shift", "Promised and due"),
    "unsure": pgettext_lazy("shift", "Not known whether it was posted"),
    "interim": pgettext_lazy("shift", "Interim notices owed"),
    "drafts": pgettext_lazy("shift", "Drafts left open"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """What is neither a complaint's row nor a promise."""

    url: str
    number: str
    words: str
    more: str


@dataclass(slots=True)
class Section:
    """`count`: of all; what is shown is one of the three."""

    name: str
    label: str | Lazy
    count: int
    rows: list[rows.Row] = field(default_factory=list)
    promises: list[promise_list.Line] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)

    @property
    def more(self) -> int:
        return self.count - max(len(self.rows), len(self.promises), len(self.lines))


@dataclass(frozen=True, slots=True)
class Shift:
    """The page. `until`: when the desk opens again. `up_to`: the newest note shown, 0 where none may be taken over."""

    until: str
    sections: list[Section]
    on_call: list[str]
    notes: list[ShiftNote]
    up_to: int


def shift_of(user: User, *, now: datetime) -> Shift:
    """For an SNS officer; in the same few queries for any number of complaints."""
    until, notes = opens_again(now, working_time.calendar_for()), list(shifts.newest()[:NOTES])
    waiting = [note.pk for note in notes if note.taken_at is None and note.author_id != user.pk]
    sections = [
        *_complaints(user, until, now),
        _promises(user, until, now),
        _unsure(now),
        _interim(user, now),
        _drafts(user, now),
    ]
    return Shift(
        until=reckoning_words.moment(until),
        sections=sections,
        on_call=list(_on_call(now, until)),
        notes=notes,
        up_to=max(waiting, default=0),
    )


def opens_again(now: datetime, calendar: Calendar) -> datetime:
    """The next opening of the desk that is not today's."""
    tomorrow = datetime.combine(now.astimezone(KST).date() + timedelta(days=1), time(), KST)
    return calendar.next_opening(tomorrow)


def _complaints(user: User, until: datetime, now: datetime) -> Iterator[Section]:
    """The three sections of complaints, their rows made together."""
    found: dict[str, list[Complaint]] = {}
    counts: dict[str, int] = {}
    for name, waiting in _waiting(user, until).items():
        counts[name] = waiting.count()
        found[name] = list(rows.for_list(waiting)[:SHOWN])
    every = {complaint.pk: complaint for part in found.values() for complaint in part}
    made = dict(zip(every, rows.rows_of(every.values(), user, now=now), strict=True))
    for name, part in found.items():
        yield Section(name, LABELS[name], counts[name], rows=[made[complaint.pk] for complaint in part])


def _waiting(user: User, until: datetime) -> dict[str, QuerySet[Complaint]]:
    waiting = Complaint.objects.visible_to(user).open()
    worst = (F("next_due_at").asc(nulls_last=True), "id")
    urgent = waiting.filter(priority=Complaint.Priority.URGENT, next_due_at__isnull=False)
    return {
        "urgent": urgent.order_by(F("emergency_due_at").asc(nulls_last=True), "id"),
        "unassigned": waiting.filter(status__in=(Status.RECEIVED, Status.TRIAGED)).order_by(*worst),
        "due": waiting.filter(next_due_at__lte=until).order_by(*worst),
    }


def _promises(user: User, until: datetime, now: datetime) -> Section:
    due = promise_list.owed_by(user).filter(due_at__lte=until)
    return Section("promises", LABELS["promises"], due.count(), promises=promise_list.lines_of(due[:SHOWN], now=now))


def _unsure(now: datetime) -> Section:
    """What nobody knows, and what an officer must decide."""
    unsure = OutboundPost.objects.filter(Q(state=OutboundPost.State.UNSURE) | Q(needs_officer_at__isnull=False))
    found = unsure.select_related("account").order_by("created_at")
    lines = [
        Line(
            url=reverse("admin:channels_sns_outboundpost_change", args=[row.pk]),
            number=str(row.account),
            words=row.text[: rows.EXCERPT],
            more=words.ago(row.created_at, now=now),
        )
        for row in found[:SHOWN]
    ]
    return Section("unsure", LABELS["unsure"], found.count(), lines=lines)


def _interim(user: User, now: datetime) -> Section:
    owed = list(legal_notices.interim_owed(user, now=now))
    lines = [
        _line(complaint, _department(complaint), _("owed since %(day)s") % {"day": reckoning_words.day(since)})
        for complaint, since in owed[:SHOWN]
    ]
    return Section("interim", LABELS["interim"], len(owed), lines=lines)


def _drafts(user: User, now: datetime) -> Section:
    """Saved drafts, and where somebody was writing: who and since when, for what he typed is his own."""
    seen = Complaint.objects.visible_to(user).open()
    drafts = Reply.objects.answers().filter(state=Reply.State.DRAFT, complaint__in=seen)
    typed = TypedText.objects.filter(field=TypedText.Field.REPLY, complaint__in=seen).order_by("saved_at")
    lines = [
        _line(row.complaint, person_name(row.drafted_by), words.ago(row.drafted_at, now=now))
        for row in drafts.select_related("complaint", "drafted_by").order_by("drafted_at")[:SHOWN]
    ]
    lines += [
        _line(
            row.complaint,
            person_name(row.user),
            _("typed %(when)s, not saved") % {"when": words.ago(row.saved_at, now=now)},
        )
        for row in typed.select_related("complaint", "user")[:SHOWN]
    ]
    return Section("drafts", LABELS["drafts"], drafts.count() + typed.count(), lines=lines)


def _line(complaint: Complaint, said: str, more: str) -> Line:
    url = reverse("admin:complaints_complaint_change", args=[complaint.pk])
    return Line(url, complaint.number, said, more)


def _department(complaint: Complaint) -> str:
    return complaint.department.name if complaint.department else _("no department yet")


def _on_call(now: datetime, until: datetime) -> Iterator[str]:
    """Who is on call from now until the desk opens again, with his telephone number."""
    found = OnCall.objects.filter(begins_at__lt=until, ends_at__gt=now).select_related("user").order_by("begins_at")
    for row in found:
        span = f"{words.stamp(row.begins_at)}–{words.stamp(row.ends_at)}"
        yield " · ".join(filter(None, [person_name(row.user), span, row.phone]))
