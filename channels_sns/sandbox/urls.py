"""Control API, citizens' pages, and below them each network's API."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from channels_sns.sandbox import control
from channels_sns.sandbox.calls import endpoint
from channels_sns.sandbox.dialects import DIALECTS
from channels_sns.sandbox.dialects.base import Dialect
from channels_sns.sandbox.web.urls import pages


def _network(dialect: Dialect) -> list[URLPattern]:
    rest = {method: dialect.not_found for method in ("GET", "POST", "PUT", "PATCH", "DELETE")}
    return [*pages(dialect), *dialect.endpoints(), endpoint(dialect, "<path:rest>", **rest)]


urlpatterns: list[URLPattern | URLResolver] = [
    *control.urlpatterns,
    path("", include("channels_sns.sandbox.web.index")),
    *(path(f"<slug:world>/{dialect.kind}/", include(_network(dialect))) for dialect in DIALECTS.values()),
]
