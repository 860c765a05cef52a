"""The doors of saved views: keep what the list shows under a name, rename, share, delete."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from complaints import saved_views
from complaints.admin.filters import PARAMETERS
from complaints.models import SavedView
from complaints.pages.moves import typed_text
from complaints.pages.names import sees_complaints

TEMPLATE = "admin/complaints/complaint/saved_views.html"
#: What an address of the list may say.
NAMES = ("tab", "q", *PARAMETERS)


def written(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A door that writes, by POST only. A log-in that was due meanwhile leads here by GET: the list is shown."""

    @wraps(view)
    def door(request: HttpRequest, **rest: Any) -> HttpResponse:
        if request.method in ("GET", "HEAD"):
            return HttpResponseRedirect(address_of(""))
        return require_POST(view)(request, **rest)

    return door


def address_of(query: str) -> str:
    """The list with these filters; whatever else stands in `query` is left out."""
    kept = saved_views.cleaned(query, names=NAMES)
    address = reverse("admin:complaints_complaint_changelist")
    return f"{address}?{kept}" if kept else address


def links(request: HttpRequest) -> list[dict[str, Any]]:
    """The saved views above the list."""
    user, shown = cast("User", request.user), saved_views.cleaned(request.GET.urlencode(), names=NAMES)
    return [
        {"name": view.name, "address": address_of(view.query), "shared": view.shared, "current": view.query == shown}
        for view in saved_views.seen_by(user)
    ]


@require_safe
def look(request: HttpRequest, desk: AdminSite) -> HttpResponse:
    """One's own views and the desk's, to be renamed, shared and deleted."""
    user = _reader(request)
    views = [
        {"view": view, "address": address_of(view.query), "mine": view.owner_id == user.pk}
        | {"may_change": saved_views.may_change(user, view)}
        for view in saved_views.seen_by(user)
    ]
    context = {"title": _("Saved views"), "views": views, "may_share": saved_views.may_share(user)}
    return TemplateResponse(request, TEMPLATE, {**desk.each_context(request), **context})


@written
def save(request: HttpRequest, desk: AdminSite) -> HttpResponse:
    """What the list shows, under a name; the list again."""
    user, query = _reader(request), saved_views.cleaned(request.POST.get("query", ""), names=NAMES)
    try:
        saved_views.save(owner=user, name=_name(request), query=query, shared=_shared(request), now=timezone.now())
    except saved_views.NotPossible as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The view is saved."))
    return HttpResponseRedirect(address_of(query))


@written
def change(request: HttpRequest, pk: int, desk: AdminSite) -> HttpResponse:
    """Another name; shared with the desk or not."""
    user, view = _reader(request), _find(request, pk)
    try:
        saved_views.change(view, by=user, name=_name(request), shared=_shared(request))
    except saved_views.NotPossible as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The view is saved."))
    return HttpResponseRedirect(reverse("admin:complaints_complaint_views"))


@written
def delete(request: HttpRequest, pk: int, desk: AdminSite) -> HttpResponse:
    saved_views.delete(_find(request, pk))
    messages.success(request, _("The view is deleted."))
    return HttpResponseRedirect(reverse("admin:complaints_complaint_views"))


ROUTES: tuple[tuple[str, Callable[..., HttpResponse], str], ...] = (
    ("views/", look, "views"),
    ("views/save/", save, "view_save"),
    ("views/<int:pk>/change/", change, "view_change"),
    ("views/<int:pk>/delete/", delete, "view_delete"),
)


def _reader(request: HttpRequest) -> User:
    """Whoever may open the list."""
    user = cast("User", request.user)
    if not sees_complaints(user):
        raise PermissionDenied
    return user


def _find(request: HttpRequest, pk: int) -> SavedView:
    """A view that this person may change; any other is not there."""
    user = _reader(request)
    view = saved_views.seen_by(user).filter(pk=pk).first()
    if view is None or not saved_views.may_change(user, view):
        raise Http404
    return view


def _name(request: HttpRequest) -> str:
    return " ".join(typed_text(request.POST, "name").split())


def _shared(request: HttpRequest) -> bool:
    return request.POST.get("shared") == "yes"
