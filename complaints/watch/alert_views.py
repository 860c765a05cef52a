"""What a person was told: a list of his own, and its number in the header."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.contrib import admin
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from complaints import alarm_words, alerts, privacy
from complaints.models import Alert
from complaints.pages import clock_words, words
from complaints.pages.rows import excerpt_of
from departments import working_time
from departments.working_time import Calendar

SHOWN = 100


@dataclass(frozen=True, slots=True)
class Line:
    """One alert; `dues`: how it stands with that complaint now, nothing where it is done."""

    number: str
    url: str
    what: str
    excerpt: str
    emergency: bool
    department: str
    when: str
    new: bool
    dues: tuple[clock_words.Due, ...]


@require_safe
def alerts_page(request: HttpRequest) -> HttpResponse:
    """The newest first, new ones marked."""
    user, now, calendar = cast("User", request.user), timezone.now(), working_time.calendar_for()
    rows = list(alerts.shown_to(user)[:SHOWN])
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": _("Alerts"),
        "lines": [_line(row, user, now, calendar) for row in rows],
        "up_to": rows[0].pk if rows else 0,
        "any_new": any(row.read_at is None for row in rows),
    }
    return TemplateResponse(request, "desk/watch/alerts.html", context)


@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """All that the list showed is read."""
    typed = request.POST.get("up_to", "")
    up_to = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 19 else 0
    alerts.read(cast("User", request.user), now=timezone.now(), up_to=up_to)
    return HttpResponseRedirect(reverse("admin:alerts"))


@require_safe
def count(request: HttpRequest) -> JsonResponse:
    """How many are new; the open page asks now and then."""
    return JsonResponse({"new": alerts.unread(cast("User", request.user))})


def _line(row: Alert, user: User, now: datetime, calendar: Calendar) -> Line:
    complaint = row.complaint
    return Line(
        number=complaint.number,
        url=reverse("admin:complaints_complaint_change", args=[complaint.pk]),
        what=alarm_words.headline(row),
        excerpt=excerpt_of(complaint, masked=privacy.is_masked_on(complaint, user)),
        emergency=row.emergency,
        department=complaint.department.name if complaint.department else "",
        when=words.ago(row.created_at, now=now),
        new=row.read_at is None,
        dues=clock_words.of(complaint, now=now, calendar=calendar),
    )
