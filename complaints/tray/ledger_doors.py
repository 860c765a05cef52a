"""The door of the hand-over ledger: all of it for SNS officers, managers and auditors, their departments for heads."""

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

from complaints.tray import ledger_list
from departments import directory


@require_safe
def look(request: HttpRequest) -> HttpResponse:
    """Who had what, who sent it back, how long it lay there."""
    user = cast("User", request.user)
    if not directory.has_role(user, *ledger_list.READERS):
        raise PermissionDenied
    choice = ledger_list.chosen(request.GET.dict())
    context = {
        **admin.site.each_context(request),
        "title": _("Hand-over ledger"),
        "ledger": ledger_list.shown(choice, user, now=timezone.now()),
    }
    return TemplateResponse(request, "desk/ledger/page.html", context)


#: (address, door, name): the roof hangs them under /admin/.
ROUTES: tuple[tuple[str, Callable[..., HttpResponse], str], ...] = (("hand-over/", look, "ledger"),)
