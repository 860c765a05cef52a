"""A department that was asked for an answer by a day is reminded: a working day before its end, and when it is over.

By the rules of the alerts (docs/alerts.md), whose rows belong to complaints: each once, not outside office hours, not
of what is answered or long past. The mails leave with those of the summary (complaints.opinion_mail).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q

from complaints import opinion_mail, opinions
from complaints.legal_kinds import HOURS_A_DAY
from complaints.models import OpinionBrief, OpinionMail
from departments import directory, working_time
from departments.models import Role
from departments.working_time import Calendar

Kind = OpinionMail.Kind
#: Office time before the end of the day.
BEFORE = HOURS_A_DAY * timedelta(hours=1)
#: What was missed longer ago than this is not told any more.
WEEK = timedelta(days=7)
BATCH = 100


def tend(*, now: datetime) -> None:
    """Remind of what was reached, then let leave what is due of all mails about summaries."""
    queue_due(now=now)
    opinion_mail.send_due(now=now)


def queue_due(*, now: datetime) -> int:
    """Lay the mails of what was reached and not told yet; how many."""
    if not settings.MAIL_ENABLED:
        return 0
    calendar = working_time.calendar_for()
    near = calendar.add_working_time(now, BEFORE)
    reached = Q(answer_by__lte=now) | Q(answer_by__lte=near, soon_told_at=None)
    waiting = OpinionBrief.objects.asked().filter(reached, answer_by__gt=now - WEEK, due_told_at=None)
    rows = waiting.select_related("broadcast", "department").order_by("answer_by", "id")[:BATCH]
    return sum(_remind(brief, now, calendar) for brief in rows if not opinions.is_told(brief.broadcast))


def _remind(brief: OpinionBrief, now: datetime, calendar: Calendar) -> int:
    """The stage and its mails in one transaction; nothing if another worker was faster."""
    over = brief.answer_by is not None and brief.answer_by <= now
    told = {"due_told_at": now} if over else {"soon_told_at": now}
    with transaction.atomic():
        untold = OpinionBrief.objects.filter(pk=brief.pk, due_told_at=None)
        if not (untold if over else untold.filter(soon_told_at=None)).update(**told):
            return 0
        people = _heads_and_staff(brief, now) if over else _staff(brief, now)
        kind, at = (Kind.DUE if over else Kind.SOON), calendar.next_opening(now)
        rows = [OpinionMail(brief=brief, user=user, kind=kind, next_attempt_at=at) for user in people if user.email]
        OpinionMail.objects.bulk_create(rows)
    return len(rows)


def _staff(brief: OpinionBrief, now: datetime) -> list[User]:
    """Who works there; where there is nobody, who heads it."""
    staff = directory.people(Role.STAFF, department=brief.department, now=now)
    return list(staff) or list(directory.people(Role.HEAD, department=brief.department, now=now))


def _heads_and_staff(brief: OpinionBrief, now: datetime) -> list[User]:
    return list(directory.people(Role.STAFF, Role.HEAD, department=brief.department, now=now))
