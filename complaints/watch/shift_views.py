"""The doors of the shift hand-over, for SNS officers: look, leave a note, take over."""

from __future__ import annotations

from typing import cast
from uuid import UUID, uuid4

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from complaints import shifts
from complaints.pages import hands, moves
from complaints.watch import shift
from departments import directory
from departments.models import Role


@require_safe
def shift_page(request: HttpRequest) -> HttpResponse:
    """What the next shift must know."""
    return _shown(request, _officer(request))


@require_POST
def note(request: HttpRequest) -> HttpResponse:
    """A note for the next shift; an empty one is asked for again."""
    user = _officer(request)
    text, key = moves.typed_text(request.POST, "note", most=shifts.NOTE_MAX), _key(request.POST.get("key", ""))
    if not text:
        return _shown(request, user, refused=_("The note is empty."))
    shifts.write(key, text, by=user, now=timezone.now())
    messages.success(request, _("The note is kept for the next shift."))
    return HttpResponseRedirect(reverse("admin:shift"))


@require_POST
def taken(request: HttpRequest) -> HttpResponse:
    """I have taken over: said once; who comes second learns who was first."""
    up_to = hands.number_of(request.POST, "up_to")
    if shifts.take_over(up_to=up_to, by=_officer(request), now=timezone.now()):
        messages.success(request, _("You have taken over."))
    else:
        messages.warning(request, _("Somebody has taken over already, or the note is your own."))
    return HttpResponseRedirect(reverse("admin:shift"))


def _officer(request: HttpRequest) -> User:
    user = cast("User", request.user)
    if not directory.has_role(user, Role.OFFICER):
        raise PermissionDenied
    return user


def _key(typed: str) -> UUID:
    """The form's own; a new one where somebody sent another form than ours."""
    try:
        return UUID(typed)
    except ValueError:
        return uuid4()


def _shown(request: HttpRequest, user: User, *, refused: str = "") -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "title": _("Shift hand-over"),
        "shift": shift.shift_of(user, now=timezone.now()),
        "key": uuid4(),
        "refused": refused,
    }
    return TemplateResponse(request, "desk/watch/shift.html", context, status=400 if refused else 200)
