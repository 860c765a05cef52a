"""Tying at the triage desk: the incidents an open complaint may belong to, and the two keys that tie it to one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from complaints import incidents, workflow
from complaints.desk import list as queues
from complaints.desk.doors import for_officers, go_home, go_to, part_asked_for, written
from complaints.models import Complaint, Incident
from complaints.pages import hands, names, surge_desk
from complaints.pages.moves import typed_text
from complaints.pages.together import what_happened_since

FOLDER = "desk/triage"
#: Of the complaint's text so much is offered as the title of a new incident.


@require_safe
@for_officers
def offers(request: HttpRequest, user: User, choice: queues.Choice, complaint: Complaint) -> HttpResponse:
    """Incidents for this complaint, and a form for a new one; asked for after the page stands."""
    suggested = complaint.suggestions.order_by("rank").values_list("department_id", flat=True).first()
    context = {
        "complaint": complaint,
        "choice": choice,
        "tied": incidents.of(complaint),
        "nearby": incidents.near(complaint, user, now=timezone.now()),
        "possible": surge_desk.possible_for(complaint, now=timezone.now()),
        "title_offered": incidents.title_offered(complaint),
        "departments": names.departments(),
        "chosen": complaint.department_id or suggested,
    }
    if part_asked_for(request):
        return TemplateResponse(request, f"{FOLDER}/incident.html", context)
    page = {**admin.site.each_context(request), **context, "title": _("Incident")}
    return TemplateResponse(request, f"{FOLDER}/incident_page.html", page)


@written
@for_officers
def tie(request: HttpRequest, user: User, choice: queues.Choice, complaint: Complaint) -> HttpResponse:
    """Tie it to the incident that was chosen, or to a new one; then the next of the queue opens."""
    seen, now = Complaint.objects.get(pk=complaint.pk), timezone.now()
    try:
        incident = _tied(request, user, complaint, now)
    except incidents.NotPossible as error:
        messages.error(request, str(error))
        return go_to(choice, complaint)
    except (workflow.Conflict, workflow.MoveNotAllowed):
        messages.error(request, what_happened_since(complaint, now=now))
        return go_to(choice, complaint)
    said = {"number": complaint.number, "title": incident.title}
    messages.success(request, _("%(number)s tied to the incident “%(title)s”.") % said)
    following = queues.next_after(seen, choice, user, now=now)
    return go_to(choice, following) if following else go_home(choice)


@written
@for_officers
def untie(request: HttpRequest, user: User, choice: queues.Choice, complaint: Complaint) -> HttpResponse:
    """It is another matter after all; it stays open here."""
    incident = incidents.of(complaint)
    try:
        if incident is not None:
            incidents.split(incident, complaint, by=user, now=timezone.now())
    except incidents.NotPossible as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("%(number)s is split off.") % {"number": complaint.number})
    return go_to(choice, complaint)


ROUTES: tuple[tuple[str, Callable[..., HttpResponse], str], ...] = (
    ("<slug:ref>/incident/", offers, "incident"),
    ("<slug:ref>/tie/", tie, "tie"),
    ("<slug:ref>/untie/", untie, "untie"),
)


def _tied(request: HttpRequest, user: User, complaint: Complaint, now: datetime) -> Incident:
    """The incident whose button was pressed, or a new one, with the complaint in it."""
    if request.POST.get("surge"):
        return _all_of(request, user, now)
    version, chosen = hands.version_of(request.POST), _chosen(request, user)
    if chosen is None:
        new: dict[str, Any] = {
            "title": typed_text(request.POST, "title"),
            "department": hands.department_of(request.POST),
        }
        return incidents.begin_with(complaint, **new, by=user, version=version, now=now)
    incidents.join(chosen, complaint, by=user, version=version, now=now)
    return chosen


def _all_of(request: HttpRequest, user: User, now: datetime) -> Incident:
    """A new incident of all that the desk suggests. Raises NotPossible."""
    try:
        return surge_desk.join(hands.number_of(request.POST, "surge"), request.POST, by=user, now=now)
    except hands.Refused as refusal:
        raise incidents.NotPossible(refusal.said) from refusal


def _chosen(request: HttpRequest, user: User) -> Incident | None:
    """The incident whose button was pressed; None: a new one. Raises NotPossible."""
    typed = request.POST.get("incident", "")
    if not typed:
        return None
    known = typed.isascii() and typed.isdigit() and len(typed) < 19
    found = Incident.objects.visible_to(user).filter(pk=int(typed)).first() if known else None
    if found is None:
        raise incidents.NotPossible(_("There is no such incident."))
    return found
