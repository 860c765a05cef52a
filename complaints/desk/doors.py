"""How one enters the triage desk and where a step leads: officers only, a complaint found for them, GET after POST."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseRedirectBase
from django.urls import reverse
from django.views.decorators.http import require_POST

from complaints.desk import list as queues
from complaints.desk.item import find
from complaints.models import Complaint
from departments import directory
from departments.models import Role


class SeeOther(HttpResponseRedirectBase):
    """Posted; go on by GET."""

    status_code = 303


def for_officers(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Officers come in; with a `ref` the complaint is found for them, or it is 404."""

    @wraps(view)
    def door(request: HttpRequest, **rest: Any) -> HttpResponse:
        user = cast("User", request.user)
        if not directory.has_role(user, Role.OFFICER):
            raise PermissionDenied
        if "ref" in rest:
            complaint = find(rest.pop("ref"), user)
            if complaint is None:
                raise Http404
            rest["complaint"] = complaint
        return view(request, user, queues.chosen(request.GET.dict()), **rest)

    return door


def written(door: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A door that writes, by POST only. A log-in that was due meanwhile leads here by GET: the complaint is shown."""

    @wraps(door)
    def posted(request: HttpRequest, **rest: Any) -> HttpResponse:
        if request.method in ("GET", "HEAD"):
            place = ("admin:desk_item", [rest["ref"]]) if "ref" in rest else ("admin:desk_home", [])
            return HttpResponseRedirect(reverse(place[0], args=place[1]))
        return require_POST(door)(request, **rest)

    return posted


def go_to(choice: queues.Choice, complaint: Complaint) -> HttpResponse:
    """The complaint, by GET, in the same view."""
    return SeeOther(reverse("admin:desk_item", args=[complaint.number]) + choice.query)


def go_home(choice: queues.Choice) -> HttpResponse:
    """The queue, by GET, nothing open."""
    return SeeOther(reverse("admin:desk_home") + choice.query)


def part_asked_for(request: HttpRequest) -> str:
    """The id of the element that htmx will fill; "" for a whole page."""
    if request.headers.get("HX-Request") != "true" or request.headers.get("HX-History-Restore-Request") == "true":
        return ""
    return request.headers.get("HX-Target", "")
