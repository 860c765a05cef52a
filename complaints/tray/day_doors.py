"""The doors of the department tray, for staff and heads: look at the day, put a photo from the street to a reply.

Every other step is taken on the complaint's own page.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from complaints import permissions, reply_photos
from complaints.pages import field_photos
from complaints.pages.found import complaint_for
from complaints.tray import brief_cards, day
from departments import directory

#: Sent by static/desk/field-photo.js.
BY_SCRIPT = "X-Desk-Script"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why the photo of this complaint was not kept, and the words that were typed for it."""

    number: str
    said: str
    alt: str


@require_safe
def look(request: HttpRequest) -> HttpResponse:
    """What must I do today."""
    return _shown(request)


@require_http_methods(["GET", "HEAD", "POST"])
def photo(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a photo beside the draft, and back to the same card. A log-in that was due meanwhile leads here by GET."""
    user, complaint = _reader(request), complaint_for(request, pk, related=("account", "department"))
    card = f"{reverse('admin:tray')}#{complaint.number}"
    if request.method != "POST":
        return HttpResponseRedirect(card)
    if not permissions.holder(user, complaint):
        raise PermissionDenied
    try:
        said = field_photos.put(complaint, request.POST, request.FILES, by=user, now=timezone.now())
    except reply_photos.NotPossible as error:
        alt = request.POST.get("photo_alt", "")
        return _shown(request, Refusal(complaint.number, str(error), alt), status=400)
    messages.success(request, said)
    if BY_SCRIPT in request.headers:  # it loads the page anew, and that page says so
        return HttpResponse(status=204)
    return HttpResponseRedirect(card)


def _reader(request: HttpRequest) -> User:
    user = cast("User", request.user)
    if not directory.has_role(user, *day.READERS):
        raise PermissionDenied
    return user


def _shown(request: HttpRequest, refusal: Refusal | None = None, *, status: int = 200) -> HttpResponse:
    now = timezone.now()
    sections = day.day_of(_reader(request), now=now)
    context = {
        **admin.site.each_context(request),
        "title": _("Department tray"),
        "sections": sections,
        "briefs": brief_cards.waiting(cast("User", request.user), now=now),
        "counts": list(day.count_of(sections)),
        "default_alt": field_photos.default_alt(),
        "refusal": refusal,
        "refused_on_card": refusal is not None and refusal.number in _with_photos(sections),
    }
    return TemplateResponse(request, "desk/tray/page.html", context, status=status)


def _with_photos(sections: list[day.Section]) -> set[str]:
    return {card.row.number for section in sections for card in section.cards if card.beside is not None}


#: (address, door, name): the roof hangs them under /admin/.
ROUTES: tuple[tuple[str, Callable[..., HttpResponse], str], ...] = (
    ("tray/", look, "tray"),
    ("tray/<int:pk>/photo/", photo, "tray_photo"),
)
