"""The door of the promises: whoever sees complaints sees what was promised under them."""

from __future__ import annotations

from typing import cast

from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from complaints import access_log
from complaints.pages.names import sees_complaints
from complaints.reports.door import file_of
from complaints.watch import promise_file, promise_list

ENDINGS = ("csv", "xlsx")


@require_safe
def promises_page(request: HttpRequest) -> HttpResponse:
    """Who owes what until when."""
    user = _reader(request)
    choice = promise_list.chosen(request.GET.dict())
    context = {
        **admin.site.each_context(request),
        "title": _("Promises"),
        "promises": promise_list.shown(choice, user, now=timezone.now()),
        "endings": ENDINGS,
    }
    return TemplateResponse(request, "desk/watch/promises.html", context)


@require_safe
def promises_export(request: HttpRequest, ending: str) -> HttpResponseBase:
    """The same list as a file; who took it is recorded."""
    user, now = _reader(request), timezone.now()
    if ending not in ENDINGS:
        raise Http404
    choice = promise_list.chosen(request.GET.dict())
    subject = f"promises {choice.show}"
    access_log.record(user=user, action="promise export", subject=subject, request=request, now=now)
    name = f"promises-{choice.show}-{timezone.localdate(now)}.{ending}"
    return file_of(promise_file.rows_of(choice, user, now=now), promise_file.COLUMNS, name=name, ending=ending)


def _reader(request: HttpRequest) -> User:
    """Raises PermissionDenied for who sees no complaints."""
    user = cast("User", request.user)
    if not sees_complaints(user):
        raise PermissionDenied
    return user
