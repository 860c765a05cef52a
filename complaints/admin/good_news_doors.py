"""미담 on the complaint page: ask the citizen, confirm what he said, take it back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from complaints import permissions
from complaints.admin.page_views import after, find, refused, written
from complaints.pages import good_news_desk, hands


@written
def act(request: HttpRequest, pk: int, name: str, desk: AdminSite) -> HttpResponse:
    """For officers."""
    complaint, user = find(request, pk), cast("User", request.user)
    if not permissions.officer(user, complaint):
        raise PermissionDenied
    try:
        said = good_news_desk.act(complaint, name, request.POST, by=user, now=timezone.now())
    except hands.Refused as refusal:
        return refused(request, find(request, pk), desk, name="good-news", refusal=refusal)
    messages.success(request, said)
    return after(request, pk)


ROUTES: tuple[tuple[str, Callable[..., Any], str], ...] = (("good-news/<slug:name>/", act, "good_news"),)
