"""The door of the department tray, for staff and heads; every step is taken on the complaint's own page."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from complaints.tray import day
from departments import directory


@require_safe
def look(request: HttpRequest) -> HttpResponse:
    """What must I do today."""
    user = cast("User", request.user)
    if not directory.has_role(user, *day.READERS):
        raise PermissionDenied
    sections = day.day_of(user, now=timezone.now())
    context = {
        **admin.site.each_context(request),
        "title": _("Department tray"),
        "sections": sections,
        "counts": list(day.count_of(sections)),
    }
    return TemplateResponse(request, "desk/tray/page.html", context)


#: (address, door, name): the roof hangs them under /admin/.
ROUTES: tuple[tuple[str, Callable[..., HttpResponse], str], ...] = (("tray/", look, "tray"),)
