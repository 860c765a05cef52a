"""The index of networks, and the choice of language."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST, require_safe

from channels_sns.sandbox.dialects import DIALECTS
from channels_sns.sandbox.models import Person
from channels_sns.sandbox.web.faults import back


@require_safe
def index(request: HttpRequest, world: str = "demo") -> HttpResponse:
    """The networks of this world, else of the demo's; `<world>-…` holds further accounts of the same city."""
    beside = Person.objects.filter(is_city=True, world__name__startswith=f"{world}-").select_related("world")
    pages = [{"kind": city.network, "world": city.world.name, "name": city.name} for city in beside.order_by("name")]
    return render(request, "sandbox/index.html", {"world": world, "networks": DIALECTS.values(), "pages": pages})


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    response = redirect(back(request, "/"))
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, chosen, max_age=365 * 86_400, httponly=True, samesite="Lax")
    return response


urlpatterns: list[URLPattern] = [
    path("", index, name="index"),
    path("language", language, name="language"),
    path("<slug:world>/", index, name="world"),
]
