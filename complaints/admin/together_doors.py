"""What needs no version on the complaint page: signs of life, typing that is kept, news that are told, tags."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils import timezone

from complaints import permissions
from complaints.admin.page_views import find, written
from complaints.models import Complaint
from complaints.pages import drafts, hands, presence, tag_desk, together


@written
def here(request: HttpRequest, pk: int, desk: AdminSite) -> HttpResponse:
    """A sign of life, answered with who else is here and what happened since; or the last sign."""
    complaint, user = _open(request, pk)
    if request.POST.get("left"):
        presence.left(complaint, user)
        return HttpResponse(status=204)
    now, event = timezone.now(), hands.number_of(request.POST, "event")
    presence.alive(complaint, user, now=now)
    moved = together.meanwhile(complaint, user, event=event)
    return JsonResponse({"here": together.here_words(complaint, user, now=now), "moved": moved})


@written
def keep(request: HttpRequest, pk: int, desk: AdminSite) -> HttpResponse:
    """What is being typed; no step, no event."""
    complaint, user = _open(request, pk)
    field, text = request.POST.get("field", ""), request.POST.get("text", "")
    kept = drafts.keep(complaint, user, field=field, text=text, now=timezone.now())
    return HttpResponse(status=204 if kept else 400)


@written
def tag(request: HttpRequest, pk: int, desk: AdminSite) -> HttpResponse:
    """A tag put on or taken off."""
    complaint, user = _open(request, pk)
    try:
        messages.success(request, tag_desk.act(complaint, request.POST, by=user, now=timezone.now()))
    except hands.Refused as refusal:
        messages.error(request, refusal.said)
    return HttpResponseRedirect(reverse("admin:complaints_complaint_change", args=[pk]))


ROUTES: tuple[tuple[str, Callable[..., Any], str], ...] = (
    ("here/", here, "here"),
    ("keep/", keep, "keep"),
    ("tag/", tag, "tag"),
)


def _open(request: HttpRequest, pk: int) -> tuple[Complaint, User]:
    """For those who work on it; who only looks leaves no trace but in the access record."""
    complaint, user = find(request, pk), cast("User", request.user)
    if not permissions.officer_or_holder(user, complaint):
        raise PermissionDenied
    return complaint, user
