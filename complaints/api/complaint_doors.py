"""Complaints for programs: what `visible_to` lets the owner of the key see, masked as on the pages, and recorded."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from complaints import clocks, privacy
from complaints.api import complaint_shapes as shapes
from complaints.api import pages
from complaints.api.credentials import AtTheDesk
from complaints.api.door import Door
from complaints.models import Complaint, Reply
from complaints.models.complaint import ComplaintQuerySet
from complaints.pages import words
from complaints.pages.names import sees_complaints
from complaints.pages.page import RELATED
from departments import working_time
from departments.working_time import Calendar

SECOND = timedelta(seconds=1)
_KEPT = (
    "number", "status", "priority", "legal_kind", "account", "department", "district", "received_at", "answered_at",
    "closed_at",
)  # fmt: skip


class SeesComplaints(BasePermission):
    """Who has a list of complaints at all."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return sees_complaints(request.user)


class Complaints(Door):
    summary = _("Complaints, the newest first, without anything that citizens wrote")
    permission_classes = (AtTheDesk, SeesComplaints)
    asks = shapes.ComplaintsQuery
    answers = shapes.ComplaintsShape

    def get(self, request: Request) -> Response:
        now, question = timezone.now(), self.asked(request)
        rows = Complaint.objects.visible_to(request.user).select_related("account", "department", "district")
        wanted = narrowed(rows, question, now=now)
        page, cursor = pages.page_of(wanted, cursor=question.get("cursor", ""), size=question["size"])
        calendar = working_time.calendar_for()
        found = [line_of(row, now=now, calendar=calendar) for row in page]
        answer = {"computed_at": now, "next": pages.address_of_next(request, cursor), "complaints": found}
        return Response(self.answers(answer).data)


class OneComplaint(Door):
    summary = _("One complaint with its text, its replies and its history")
    permission_classes = (AtTheDesk, SeesComplaints)
    answers = shapes.ComplaintShape

    def get(self, request: Request, number: str) -> Response:
        self.asked(request)
        now, complaint = timezone.now(), self._find(request, number)
        self.record(request, "view", complaint.number)
        answer = whole_of(complaint, masked=privacy.is_masked_on(complaint, request.user), now=now)
        return Response(self.answers(answer).data)

    def _find(self, request: Request, number: str) -> Complaint:
        """Foreign ones are not there; reaching for one is recorded."""
        rows = Complaint.objects.visible_to(request.user).select_related(*RELATED)
        complaint = rows.filter(number=number).first()
        if complaint is None:
            if Complaint.objects.filter(number=number).exists():
                self.record(request, "view refused", number)
            raise Http404
        return complaint


def narrowed(rows: ComplaintQuerySet, question: dict[str, Any], *, now: datetime) -> ComplaintQuerySet:
    """As the parameters say, all of them together."""
    exact = ("department", "account", "district", "priority", "legal_kind", "status")
    wanted = {name: question[name] for name in exact if name in question}
    if wanted.get("status") == "open":
        rows = rows.open()
        del wanted["status"]
    if "received_from" in question:
        wanted["received_at__gte"] = _midnight(question["received_from"])
    if "received_to" in question:
        wanted["received_at__lt"] = _midnight(question["received_to"] + timedelta(days=1))
    if question.get("late") is not None:
        late = {"next_due_at__isnull": False, "next_due_at__lt": now}
        rows = rows.filter(**late) if question["late"] else rows.exclude(**late)
    return rows.filter(**wanted)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=timezone.get_default_timezone())


def line_of(complaint: Complaint, *, now: datetime, calendar: Calendar) -> dict[str, Any]:
    """Its fields by the names that the shape asks for."""
    path = reverse("admin:complaints_complaint_change", args=[complaint.pk])
    more = {
        "url": f"{settings.PUBLIC_URL.rstrip('/')}{path}",
        "status_name": words.status(complaint),
        "clocks": clocks_of(complaint, now=now, calendar=calendar),
    }
    return {name: getattr(complaint, name) for name in _KEPT} | more


def whole_of(complaint: Complaint, *, masked: bool, now: datetime) -> dict[str, Any]:
    """The line, and what the page shows of texts."""
    text = complaint.text
    kept = ("language", "has_photo", "agency", "reopened", "extensions", "visit_days")
    out = complaint.replies.exclude(state__in=[Reply.State.DRAFT, Reply.State.RECALLED])
    return {
        **line_of(complaint, now=now, calendar=working_time.calendar_for()),
        **{name: getattr(complaint, name) for name in kept},
        "computed_at": now,
        "author": privacy.author_label(complaint.author, masked=masked),
        "text": privacy.mask_text(text) if masked else text,
        "replies": list(out.order_by("number")),
        "history": [_event(event) for event in complaint.events.order_by("id")],
    }


def _event(event: Any) -> dict[str, Any]:
    kept = ("move", "from_status", "to_status", "at", "department_id")
    return {name: getattr(event, name) for name in kept} | {"by_person": event.by_id is not None}


def clocks_of(complaint: Complaint, *, now: datetime, calendar: Calendar) -> list[dict[str, Any]]:
    """The law's clock and, of what is urgent, the emergency's; the time left on the wall and in the office."""
    found = [_clock("legal", complaint.due_at, complaint, complaint.stopped_at, now, calendar)]
    if complaint.emergency_due_at is not None:
        found.append(_clock("emergency", complaint.emergency_due_at, complaint, None, now, calendar))
    return found


def _clock(
    name: str, due_at: datetime, complaint: Complaint, stopped_at: datetime | None, now: datetime, calendar: Calendar
) -> dict[str, Any]:
    state = "over" if not clocks.runs(complaint) else "stopped" if stopped_at else "late" if due_at < now else "runs"
    counts = state in ("runs", "late")
    return {
        "clock": name,
        "state": state,
        "due_at": due_at,
        "stopped_at": stopped_at,
        "wall_seconds_left": (due_at - now) // SECOND if counts else None,
        "working_seconds_left": calendar.working_time_between(now, due_at) // SECOND if counts else None,
    }
