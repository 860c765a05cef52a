"""The doors of an incident's reply: write it, look at it citizen by citizen, release it, undo it."""

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
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from complaints import access_log, incident_replies, replies, workflow
from complaints.admin.incident_doors import FOLDER, find, page_number, picked
from complaints.delivery_ledger import Fate
from complaints.models import Complaint, IncidentReply
from complaints.pages import hands, incident_reply_page
from complaints.pages.moves import typed_text


def _written(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A door that writes, by POST only. A log-in that was due meanwhile leads here by GET: the page is shown."""

    @wraps(view)
    def door(request: HttpRequest, pk: int, **rest: Any) -> HttpResponse:
        if request.method in ("GET", "HEAD"):
            return _to_page(pk, rest["number"]) if "number" in rest else _to_incident(pk)
        try:
            return require_POST(view)(request, pk, **rest)
        except workflow.MoveNotAllowed as error:
            raise PermissionDenied from error

    return door


@require_safe
def look(request: HttpRequest, pk: int, number: int, desk: AdminSite) -> HttpResponse:
    """The editor with its preview, or the ledger; recorded."""
    reply, now = _find(request, pk, number), timezone.now()
    subject = f"incident {pk} reply {number}"
    access_log.record(user=cast("User", request.user), action="view", subject=subject, request=request, now=now)
    fate = request.GET.get("fate", "")
    return _shown(request, reply, desk, page=page_number(request), fate=fate if fate in Fate.values else "")


@_written
def begin(request: HttpRequest, pk: int, desk: AdminSite) -> HttpResponse:
    """The draft that is being written, or a new one."""
    reply = incident_replies.begin(find(request, pk), by=cast("User", request.user), now=timezone.now())
    return _to_page(pk, reply.number)


@_written
def save(request: HttpRequest, pk: int, number: int, desk: AdminSite) -> HttpResponse:
    """The texts; what was typed stays in its fields where they cannot be saved."""
    reply, most = _find(request, pk, number), incident_replies.TEXT_MAX
    typed = {name: typed_text(request.POST, name, most=most) for name in ("text", "text_en")}
    typed["kind"] = request.POST.get("kind", "")
    try:
        incident_replies.save(
            reply, **typed, by=cast("User", request.user), version=_version(request), now=timezone.now()
        )
    except replies.NotPossible as error:
        return _shown(request, reply, desk, typed=typed, refused=str(error), status=400)
    except workflow.Conflict:
        said = _("Somebody else saved it meanwhile. What you typed is in the fields; please compare.")
        return _shown(request, reply, desk, typed=typed, refused=said, status=409)
    messages.success(request, _("Draft saved."))
    return _to_page(pk, number)


@_written
def skip(request: HttpRequest, pk: int, number: int, desk: AdminSite) -> HttpResponse:
    """Picked citizens get none, or get it after all."""
    reply, user, now = _find(request, pk, number), cast("User", request.user), timezone.now()
    complaints = list(Complaint.objects.visible_to(user).filter(pk__in=picked(request)))
    if request.POST.get("action") == "unskip":
        many = incident_replies.unskip(reply, complaints, by=user, now=now)
        said = ngettext("%(n)s citizen gets it after all.", "%(n)s citizens get it after all.", many)
    else:
        many = incident_replies.skip(reply, complaints, by=user, now=now)
        said = ngettext("%(n)s citizen is left out.", "%(n)s citizens are left out.", many)
    messages.success(request, said % {"n": many})
    return _to_page(pk, number)


@_written
def release(request: HttpRequest, pk: int, number: int, desk: AdminSite) -> HttpResponse:
    """Approve it for every citizen who is not left out."""
    done = _("Released. Until the time below everything can be taken back.")
    return _step(request, pk, number, incident_replies.release, done)


@_written
def extend(request: HttpRequest, pk: int, number: int, desk: AdminSite) -> HttpResponse:
    """To those who were tied since the release, too."""
    return _step(request, pk, number, incident_replies.extend, _("Released to those who were tied since."))


@_written
def stop(request: HttpRequest, pk: int, number: int, desk: AdminSite) -> HttpResponse:
    """Undo: as a whole within the grace, later whatever still waits."""
    return _step(request, pk, number, incident_replies.stop, _("Taken back. What was posted already stays there."))


_REPLY = "<int:pk>/answer/<int:number>/"
ROUTES: tuple[tuple[str, Callable[..., HttpResponse], str], ...] = (
    ("<int:pk>/answer/", begin, "answer_begin"),
    (_REPLY, look, "answer"),
    (f"{_REPLY}save/", save, "answer_save"),
    (f"{_REPLY}skip/", skip, "answer_skip"),
    (f"{_REPLY}release/", release, "answer_release"),
    (f"{_REPLY}extend/", extend, "answer_extend"),
    (f"{_REPLY}stop/", stop, "answer_stop"),
)


def _find(request: HttpRequest, pk: int, number: int) -> IncidentReply:
    """A reply of an incident that this person may see; 404 otherwise."""
    incident = find(request, pk)
    rows = IncidentReply.objects.select_related("incident__department", "drafted_by", "approved_by")
    found = rows.filter(incident=incident, number=number).first()
    if found is None:
        raise Http404
    return found


def _step(request: HttpRequest, pk: int, number: int, call: Callable[..., Any], done: str) -> HttpResponse:
    reply = _find(request, pk, number)
    step = partial(call, reply, by=cast("User", request.user), version=_version(request), now=timezone.now())
    try:
        step()
    except replies.NotPossible as error:
        messages.error(request, str(error))
    except workflow.Conflict:
        messages.error(request, _("Somebody changed it meanwhile. Please look at it as it is now."))
    else:
        messages.success(request, done)
    return _to_page(pk, number)


def _version(request: HttpRequest) -> int:
    return hands.version_of(request.POST)


def _to_page(pk: int, number: int) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:complaints_incident_answer", args=[pk, number]))


def _to_incident(pk: int) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:complaints_incident_change", args=[pk]))


def _shown(
    request: HttpRequest, reply: IncidentReply, desk: AdminSite, *, status: int = 200, **more: Any
) -> HttpResponse:
    reply.refresh_from_db()
    page = incident_reply_page.page_of(reply, cast("User", request.user), now=timezone.now(), **more)
    context = {**desk.each_context(request), "title": page.title, "page": page}
    return TemplateResponse(request, f"{FOLDER}/reply.html", context, status=status)
