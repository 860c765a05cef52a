"""Perhaps an incident: what an officer answers to the suggestion on the list of incidents."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints.admin.incident_doors import officer_of, written
from complaints.models import Surge
from complaints.pages import hands, surge_desk

LIST = "admin:complaints_incident_changelist"


@written
def join(request: HttpRequest, surge: int, desk: AdminSite) -> HttpResponse:
    """Make an incident of it."""
    user = officer_of(request)
    _exists(surge)
    try:
        incident = surge_desk.join(surge, request.POST, by=user, now=timezone.now())
    except hands.Refused as refusal:
        messages.error(request, refusal.said)
        return HttpResponseRedirect(reverse(LIST))
    messages.success(request, _("Tied together: %(title)s.") % {"title": incident.title})
    return HttpResponseRedirect(reverse("admin:complaints_incident_change", args=[incident.pk]))


@written
def dismiss(request: HttpRequest, surge: int, desk: AdminSite) -> HttpResponse:
    """It is none."""
    user = officer_of(request)
    _exists(surge)
    try:
        surge_desk.dismiss(surge, by=user, now=timezone.now())
    except hands.Refused as refusal:
        messages.error(request, refusal.said)
    else:
        messages.success(request, _("No incident: nothing like it is suggested for the next hours."))
    return HttpResponseRedirect(reverse(LIST))


ROUTES: tuple[tuple[str, Callable[..., HttpResponse], str], ...] = (
    ("surges/<int:surge>/join/", join, "surge_join"),
    ("surges/<int:surge>/dismiss/", dismiss, "surge_dismiss"),
)


def _exists(pk: int) -> None:
    if not Surge.objects.filter(pk=pk).exists():
        raise Http404
