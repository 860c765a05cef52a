"""The door to what was promised on the complaint page: its outcome, or why it is withdrawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from complaints.admin.page_views import after, find, refused, written
from complaints.pages import hands, promise_hands

ACTS = ("tell", "withdraw")


@written
def promise(request: HttpRequest, pk: int, promise: int, name: str, desk: AdminSite) -> HttpResponse:
    """Tell the outcome of one promise, or withdraw it; the complaint stays open."""
    complaint, user = find(request, pk), cast("User", request.user)
    row = complaint.promises.given().select_related("reply", "outcome").filter(pk=promise).first()
    if row is None or name not in ACTS:
        raise Http404
    row.complaint = complaint
    try:
        said = promise_hands.act(row, name, request.POST, by=user, now=timezone.now())
    except hands.Refused as refusal:
        return refused(request, find(request, pk), desk, name=f"{name}-{promise}", refusal=refusal)
    messages.success(request, said)
    return after(request, pk)


ROUTES: tuple[tuple[str, Callable[..., HttpResponse], str], ...] = (
    ("promises/<int:promise>/<slug:name>/", promise, "promise"),
)
