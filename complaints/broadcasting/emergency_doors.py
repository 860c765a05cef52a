"""What is pressed on the page of an emergency: each door makes one call downstairs and leads back to the page."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import datetime
from io import StringIO
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from complaints import access_log, agency_alerts, emergencies, emergency_plans, intake, sightings
from complaints.broadcasting import emergency_desk
from complaints.broadcasting.doors import for_officers, shown
from complaints.broadcasting.editor import Refused
from complaints.broadcasting.emergency_timeline import timeline
from complaints.broadcasting.emergency_views import context_of, find, to_page
from complaints.models import AgencyAlert, Emergency, Sighting
from complaints.pages import moves
from complaints.pages.hands import version_of

BOM = "\ufeff"
#: A cell that begins so would be a formula to a spreadsheet.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@for_officers
@require_POST
def emergency_act(request: HttpRequest, user: User, pk: int, name: str) -> HttpResponse:
    """One of ACTS; what cannot be done is said on the page."""
    if name not in ACTS:
        raise Http404
    emergency = find(pk)
    try:
        with emergency_desk.speaking():
            said = ACTS[name](emergency, request.POST, user, version_of(request.POST), timezone.now())
        messages.success(request, said)
    except Refused as refused:
        messages.error(request, str(refused))
    return to_page(emergency)


def _found(emergency: Emergency, posted: Any, by: User, version: int, now: datetime) -> str:
    emergency_desk.end(emergency, posted, by=by, version=version, now=now)
    return _("All clear is on its way to every place the alarm went.")


def _take_down(emergency: Emergency, _posted: Any, by: User, _version: int, now: datetime) -> str:
    emergencies.take_down(emergency, by=by, now=now)
    return _("It is being taken down; the desk looks at the networks until it is gone.")


def _again(emergency: Emergency, _posted: Any, _by: User, _version: int, now: datetime) -> str:
    many = emergency_desk.try_again(emergency, now=now)
    return ngettext("%(n)s post is tried again.", "%(n)s posts are tried again.", many) % {"n": many}


def _thaw(emergency: Emergency, _posted: Any, by: User, _version: int, now: datetime) -> str:
    emergencies.thaw(emergency, by=by, now=now)
    return _("What was scheduled goes on.")


def _close(emergency: Emergency, posted: Any, by: User, version: int, now: datetime) -> str:
    emergencies.close(emergency, by=by, version=version, now=now, reason=moves.typed_text(posted, "reason"))
    return _("Closed.")


def _give_up(emergency: Emergency, posted: Any, by: User, version: int, now: datetime) -> str:
    emergency_plans.give_up(emergency, by=by, version=version, now=now, reason=moves.typed_text(posted, "reason"))
    return _("Given up. Nothing was sent.")


ACTS: dict[str, Callable[[Emergency, Any, User, int, datetime], str]] = {
    "found": _found,
    "take-down": _take_down,
    "again": _again,
    "thaw": _thaw,
    "close": _close,
    "give-up": _give_up,
}


@for_officers
@require_POST
def emergency_photo_drop(request: HttpRequest, user: User, pk: int, picture_id: UUID) -> HttpResponse:
    """Take a photo out while it is being prepared."""
    emergency = find(pk)
    try:
        with emergency_desk.speaking():
            emergency_plans.drop_photo(emergency, picture_id, by=user, version=version_of(request.POST))
        messages.success(request, _("The photo is taken out."))
    except Refused as refused:
        messages.error(request, str(refused))
    return to_page(emergency)


@for_officers
@require_POST
def alert_called(request: HttpRequest, user: User, pk: int, alert_id: int) -> HttpResponse:
    """Somebody has called."""
    emergency = find(pk)
    alert = get_object_or_404(AgencyAlert, pk=alert_id, emergency=emergency)
    if agency_alerts.called(alert, by=user, now=timezone.now()):
        messages.success(request, _("Noted: %(who)s was called.") % {"who": alert.contact.name})
    return to_page(emergency)


@for_officers
@require_POST
def sighting_weigh(request: HttpRequest, user: User, pk: int, sighting_id: int) -> HttpResponse:
    """What a sighting is worth; or a complaint is made of it."""
    emergency, state = find(pk), request.POST.get("state", "")
    sighting = get_object_or_404(Sighting.objects.select_related("post"), pk=sighting_id, emergency=emergency)
    if state == "complaint":
        complaint = intake.open_collected(sighting.post, now=timezone.now())
        messages.success(request, _("%(number)s is a complaint now.") % {"number": complaint.number})
    elif state in Sighting.State.values:
        sightings.weigh(sighting, Sighting.State(state), by=user, now=timezone.now())
    else:
        messages.error(request, _("Say what it is worth."))
    return to_page(emergency)


@for_officers
@require_safe
def emergency_report(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """Everything in the order in which it happened, on paper."""
    emergency, now = find(pk), timezone.now()
    access_log.record(user=user, action="report", subject=f"emergency {pk}", request=request, now=now)
    return shown(request, "emergency_report", emergency.title, now=now, **context_of(emergency))


@for_officers
@require_safe
def emergency_export(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """The same as CSV, for whoever writes the report."""
    emergency = find(pk)
    access_log.record(user=user, action="export", subject=f"emergency {pk}", request=request, now=timezone.now())
    buffer = StringIO()
    writer = csv.writer(buffer)
    writer.writerow([_("Moment"), _("What"), _("Who"), _("Note")])
    for one in timeline(emergency):
        at = f"{timezone.localtime(one.at):%Y-%m-%d %H:%M:%S}"
        writer.writerow(
            [at, *(f"'{cell}" if cell.startswith(FORMULA) else cell for cell in (one.what, one.who, one.note))]
        )
    response = HttpResponse(BOM + buffer.getvalue(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="emergency-{pk}.csv"'
    return response
