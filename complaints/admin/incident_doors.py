"""The doors of incidents: the list, the page, and what an officer does there; each step one call downstairs."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, wraps
from typing import Any, cast

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from complaints import access_log, incidents, workflow
from complaints.incident_replies import may_write
from complaints.models import Complaint, Incident
from complaints.pages import hands, incident_page, incident_reply_page, surge_desk
from complaints.pages.moves import typed_text
from complaints.pages.names import departments, sees_all_departments
from departments import directory
from departments.models import Role

FOLDER = "admin/complaints/incident"


def written(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A door that writes, by POST only. A log-in that was due meanwhile leads here by GET: the page is shown."""

    @wraps(view)
    def door(request: HttpRequest, **rest: Any) -> HttpResponse:
        if request.method in ("GET", "HEAD"):
            return _to_page(rest["pk"]) if "pk" in rest else _to_list()
        return require_POST(view)(request, **rest)

    return door


def officer_of(request: HttpRequest) -> User:
    if not directory.has_role(request.user, Role.OFFICER):
        raise PermissionDenied
    return cast("User", request.user)


def find(request: HttpRequest, pk: int) -> Incident:
    """The incident, if this person may see it; 404 otherwise."""
    user = cast("User", request.user)
    found = Incident.objects.visible_to(user).select_related("department").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


# --- looking --------------------------------------------------------------------------------------------------------


@require_safe
def overview(request: HttpRequest, desk: AdminSite) -> HttpResponse:
    """The list of incidents, those under way unless the closed ones are asked for."""
    user = cast("User", request.user)
    if not (sees_all_departments(user) or directory.has_role(user, Role.STAFF, Role.HEAD)):
        raise PermissionDenied
    state = "CLOSED" if request.GET.get("state") == "closed" else "OPEN"
    page, now = page_number(request), timezone.now()
    lines, more = incident_page.lines_of(user, state=state, page=page, now=now)
    context = {
        "title": _("Incidents"),
        "state": state,
        "lines": lines,
        "before": page - 1,
        "after": page + 1 if more else 0,
        "may_lead": incident_page.may_lead(user),
        "departments": departments(),
        "surges": surge_desk.possible(now=now) if incident_page.may_lead(user) else [],
    }
    return TemplateResponse(request, f"{FOLDER}/list.html", {**desk.each_context(request), **context})


@require_safe
def look(request: HttpRequest, pk: int, desk: AdminSite) -> HttpResponse:
    """One incident with its complaints; recorded."""
    user, incident, now = cast("User", request.user), find(request, pk), timezone.now()
    access_log.record(user=user, action="view", subject=f"incident {pk}", request=request, now=now)
    page = incident_page.page_of(incident, user, page=page_number(request), now=now)
    replies = incident_reply_page.replies_of(incident, masked=page.masked)
    context = {"title": page.title, "page": page, "replies": replies, "may_write": may_write(user, incident)}
    return TemplateResponse(request, f"{FOLDER}/page.html", {**desk.each_context(request), **context})


def page_number(request: HttpRequest) -> int:
    typed = request.GET.get("p", "")
    return max(1, int(typed)) if typed.isascii() and typed.isdigit() and len(typed) < 6 else 1


# --- writing --------------------------------------------------------------------------------------------------------


@written
def begin(request: HttpRequest, desk: AdminSite) -> HttpResponse:
    """A new incident."""
    user, now = officer_of(request), timezone.now()
    try:
        made = incidents.begin(
            typed_text(request.POST, "title"), by=user, now=now, department=hands.department_of(request.POST)
        )
    except incidents.NotPossible as error:
        messages.error(request, str(error))
        return _to_list()
    return _to_page(made.pk)


@written
def change(request: HttpRequest, pk: int, desk: AdminSite) -> HttpResponse:
    """Its title, its department."""
    values: dict[str, Any] = {
        "title": typed_text(request.POST, "title"),
        "department": hands.department_of(request.POST),
    }
    call = partial(incidents.change, **values, version=_version(request))
    return _step(request, pk, _("Saved."), call, typed=values["title"])


@written
def gather(request: HttpRequest, pk: int, desk: AdminSite) -> HttpResponse:
    """Tie complaints by their receipt numbers."""
    user, incident = officer_of(request), find(request, pk)
    numbers = list(incident_page.numbers_in(typed_text(request.POST, "numbers")))
    found = list(Complaint.objects.visible_to(user).filter(number__in=numbers))
    try:
        tied = incidents.gather(incident, found, by=user, now=timezone.now())
    except incidents.NotPossible as error:
        messages.error(request, str(error))
        return _to_page(pk)
    left = [number for number in numbers if number not in {one.number for one in tied}]
    if tied:
        messages.success(request, _("Tied: %(numbers)s.") % {"numbers": ", ".join(one.number for one in tied)})
    if left or not numbers:
        said = _("Not tied, unknown or in an incident already: %(numbers)s.") % {"numbers": ", ".join(left)[:300]}
        messages.error(request, said if left else _("Please type receipt numbers."))
    return _to_page(pk)


@written
def split(request: HttpRequest, pk: int, desk: AdminSite) -> HttpResponse:
    """Picked complaints go their own way again."""
    user, incident, now = officer_of(request), find(request, pk), timezone.now()
    for complaint in Complaint.objects.visible_to(user).filter(pk__in=picked(request)).order_by("pk"):
        try:
            incidents.split(incident, complaint, by=user, now=now)
        except incidents.NotPossible as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("%(number)s is split off.") % {"number": complaint.number})
    return _to_page(pk)


@written
def close(request: HttpRequest, pk: int, desk: AdminSite) -> HttpResponse:
    """The matter is over."""
    note = typed_text(request.POST, "note")
    call = partial(incidents.close, version=_version(request), note=note)
    return _step(request, pk, _("The incident is closed."), call, typed=note)


@written
def reopen(request: HttpRequest, pk: int, desk: AdminSite) -> HttpResponse:
    """It goes on."""
    call = partial(incidents.reopen, version=_version(request))
    return _step(request, pk, _("The incident is open again."), call)


ROUTES: tuple[tuple[str, Callable[..., HttpResponse], str], ...] = (
    ("", overview, "changelist"),
    ("begin/", begin, "begin"),
    ("<int:pk>/change/", look, "change"),
    ("<int:pk>/settings/", change, "settings"),
    ("<int:pk>/gather/", gather, "gather"),
    ("<int:pk>/split/", split, "split"),
    ("<int:pk>/close/", close, "close"),
    ("<int:pk>/reopen/", reopen, "reopen"),
)


def _step(request: HttpRequest, pk: int, done: str, call: Callable[..., None], *, typed: str = "") -> HttpResponse:
    """One call with the officer and the clock; what came of it stands on the page, what was `typed` with a refusal."""
    user, incident = officer_of(request), find(request, pk)
    try:
        call(incident, by=user, now=timezone.now())
    except incidents.NotPossible as error:
        _refuse(request, str(error), typed)
    except workflow.Conflict:
        _refuse(request, _("Somebody changed the incident meanwhile. Please look at it as it is now."), typed)
    else:
        messages.success(request, done)
    return _to_page(pk)


def _refuse(request: HttpRequest, why: str, typed: str) -> None:
    kept = _("You had typed: %(text)s") % {"text": typed}
    messages.error(request, f"{why} {kept}" if typed else why)


def _version(request: HttpRequest) -> int:
    return hands.version_of(request.POST)


def picked(request: HttpRequest) -> list[int]:
    """The complaints that were picked in the list, at most a page of them."""
    numbers = [pick.partition(":")[0] for pick in request.POST.getlist("pick")[: incident_page.PAGE]]
    return [int(number) for number in numbers if number.isascii() and number.isdigit() and len(number) < 19]


def _to_page(pk: int) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:complaints_incident_change", args=[pk]))


def _to_list() -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:complaints_incident_changelist"))
