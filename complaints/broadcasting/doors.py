"""How one enters these pages, and how they are shown: SNS officers; for everybody else there is nothing here."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeAlias, cast

from django.contrib import admin
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase, HttpResponseRedirectBase
from django.template.response import TemplateResponse
from django.urls import reverse

from departments import directory
from departments.models import Role

View: TypeAlias = Callable[..., HttpResponseBase]


class SeeOther(HttpResponseRedirectBase):
    """Posted; go on by GET."""

    status_code = 303


def for_officers(view: View) -> View:
    """`view` gets the officer as its second argument."""

    @wraps(view)
    def door(request: HttpRequest, **rest: Any) -> HttpResponseBase:
        user = cast("User", request.user)
        if not directory.has_role(user, Role.OFFICER):
            raise Http404
        return view(request, user, **rest)

    return door


def for_readers(view: View) -> View:
    """For whoever reads numbers of the whole city or of a department (docs/rights.md)."""

    @wraps(view)
    def door(request: HttpRequest, **rest: Any) -> HttpResponseBase:
        user = cast("User", request.user)
        if not directory.has_role(user, Role.OFFICER, Role.HEAD, Role.MANAGER, Role.AUDITOR):
            raise Http404
        return view(request, **rest)

    return door


def shown(request: HttpRequest, name: str, title: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """The page `templates/desk/broadcasts/<name>.html`."""
    full = {**admin.site.each_context(request), "title": title, **context}
    return TemplateResponse(request, f"desk/broadcasts/{name}.html", full, status=status)


def go_to(name: str, *args: Any) -> HttpResponse:
    """The page of that name, by GET."""
    return SeeOther(reverse(f"broadcasts:{name}", args=args))
