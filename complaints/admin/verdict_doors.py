"""The door to what a citizen said of an answer: an officer corrects what the lists read."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from complaints import verdicts
from complaints.admin.page_views import after, find, refused, written
from complaints.pages import hands, verdict_desk


@written
def verdict(request: HttpRequest, pk: int, verdict: int, desk: AdminSite) -> HttpResponse:
    """For officers."""
    complaint, user = find(request, pk), cast("User", request.user)
    row = complaint.verdicts.filter(pk=verdict).first()
    if row is None:
        raise Http404
    row.complaint = complaint
    if not verdicts.may_decide(user, complaint):
        raise PermissionDenied
    try:
        said = verdict_desk.decide(row, request.POST, by=user, now=timezone.now())
    except hands.Refused as refusal:
        return refused(request, find(request, pk), desk, name=f"verdict-{verdict}", refusal=refusal)
    messages.success(request, said)
    return after(request, pk)


ROUTES: tuple[tuple[str, Callable[..., HttpResponse], str], ...] = (("verdicts/<int:verdict>/", verdict, "verdict"),)
