"""What the law wants from who watches: letters of reminder for what is overdue, interim notices that are owed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from complaints import legal_notices, reckoning_words, reminders
from complaints.models import Complaint
from complaints.pages import clock_words, words
from complaints.pages.people import person_name
from departments import directory, working_time
from departments.models import Department
from departments.working_time import Calendar

OWED_MAX = 200


@dataclass(frozen=True, slots=True)
class Late:
    """One overdue complaint; `reminded`: when its department was, "" if it was not."""

    number: str
    url: str
    kind: str
    received: str
    due: str
    over: str
    holder: str
    reminded: str


@dataclass(frozen=True, slots=True)
class Letter:
    """What one department owes. `fresh`: so many it was not reminded of yet."""

    department: Department
    lines: list[Late]
    fresh: int
    today: str


@require_safe
def overdue(request: HttpRequest) -> HttpResponse:
    """Everything overdue, by department."""
    user, now = _reader(request), timezone.now()
    calendar = working_time.calendar_for()
    found = [_letter(one, now, calendar) for one in reminders.by_department(user, now=now)]
    more = {
        "title": _("Letters of reminder"),
        "letters": found,
        "may_send": reminders.may_send(user),
        "most": reminders.MOST if sum(len(one.lines) for one in found) >= reminders.MOST else 0,
    }
    return TemplateResponse(request, "desk/watch/overdue.html", {**admin.site.each_context(request), **more})


@require_safe
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """The letter to one department, to be printed."""
    user, now = _reader(request), timezone.now()
    late = reminders.of_department(user, pk, now=now)
    if late is None:
        raise Http404
    more = {"title": _("Letter of reminder"), "letter": _letter(late, now, working_time.calendar_for())}
    return TemplateResponse(request, "desk/watch/letter.html", {**admin.site.each_context(request), **more})


def remind(request: HttpRequest, pk: int) -> HttpResponse:
    """Send it; what was sent already is not sent again."""
    user = _reader(request)
    if request.method == "POST":
        if not reminders.may_send(user):
            raise PermissionDenied
        sent = reminders.send(user, pk, now=timezone.now())
        said = ngettext("Reminded of %(n)d complaint.", "Reminded of %(n)d complaints.", sent) % {"n": sent}
        messages.success(request, said if sent else _("There was nothing left to remind of."))
    return HttpResponseRedirect(reverse("admin:overdue"))


@require_safe
def interim(request: HttpRequest) -> HttpResponse:
    """Who is owed an interim notice (영 제23조), the longest first."""
    user, now = _reader(request), timezone.now()
    found = legal_notices.interim_owed(user, now=now, limit=OWED_MAX + 1)
    lines: list[dict[str, Any]] = [
        {
            "number": complaint.number,
            "url": reverse("admin:complaints_complaint_change", args=[complaint.pk]) + "#clock",
            "department": complaint.department.name if complaint.department else "",
            "kind": str(complaint.get_legal_kind_display()),
            "received": words.stamp(complaint.received_at),
            "since": reckoning_words.day(since),
            "status": words.status(complaint),
        }
        for complaint, since in found
    ]
    more = {"title": _("Interim notices owed"), "lines": lines[:OWED_MAX], "more": len(lines) > OWED_MAX}
    return TemplateResponse(request, "desk/watch/interim.html", {**admin.site.each_context(request), **more})


def _reader(request: HttpRequest) -> User:
    user = cast("User", request.user)
    if not directory.has_role(user, *reminders.READERS):
        raise PermissionDenied
    return user


def _letter(late: reminders.Overdue, now: datetime, calendar: Calendar) -> Letter:
    lines = [_late(row, now, calendar) for row in late.rows]
    return Letter(late.department, lines, len(late.fresh), reckoning_words.day(timezone.localtime(now).date()))


def _late(row: Complaint, now: datetime, calendar: Calendar) -> Late:
    reminded = vars(row)["reminded_at"]
    return Late(
        number=row.number,
        url=reverse("admin:complaints_complaint_change", args=[row.pk]),
        kind=str(row.get_legal_kind_display()),
        received=words.stamp(row.received_at),
        due=reckoning_words.moment(row.due_at),
        over=clock_words.legal_of(row, now=now, calendar=calendar).text,
        holder=person_name(row.assignee) if row.assignee else "",
        reminded=words.stamp(reminded) if reminded else "",
    )
