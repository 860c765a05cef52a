"""The door of the promises: whoever sees complaints sees what was promised under them."""

from __future__ import annotations

from typing import cast

from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from complaints.pages.names import sees_complaints
from complaints.watch import promise_list


@require_safe
def promises_page(request: HttpRequest) -> HttpResponse:
    """Who owes what until when."""
    user = cast("User", request.user)
    if not sees_complaints(user):
        raise PermissionDenied
    choice = promise_list.chosen(request.GET.dict())
    context = {
        **admin.site.each_context(request),
        "title": _("Promises"),
        "promises": promise_list.shown(choice, user, now=timezone.now()),
    }
    return TemplateResponse(request, "desk/watch/promises.html", context)
