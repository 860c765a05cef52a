"""Control API, citizens' pages, and below them each network's API."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path, register_converter
from django.urls.converters import StringConverter

from channels_sns.sandbox import control
from channels_sns.sandbox.calls import endpoint
from channels_sns.sandbox.dialects import DIALECTS
from channels_sns.sandbox.dialects.base import Dialect
from channels_sns.sandbox.web import faults, views
from channels_sns.sandbox.web.media import photo
from channels_sns.sandbox.web.urls import permalinks


class NetworkConverter(StringConverter):
    """The kind of a network that we speak."""

    regex = "|".join(DIALECTS)


register_converter(NetworkConverter, "network")


def _api(dialect: Dialect) -> list[URLPattern]:
    lost = dialect.not_found
    rest = endpoint(dialect, "<path:rest>", GET=lost, POST=lost, PUT=lost, PATCH=lost, DELETE=lost)
    return [*dialect.endpoints(), *permalinks(dialect), rest]


HERE = "<slug:world>/<network:network>/"
urlpatterns: list[URLPattern | URLResolver] = [
    *control.urlpatterns,
    path("", include("channels_sns.sandbox.web.index")),
    path(HERE.rstrip("/"), views.feed),
    path(HERE, views.feed, name="feed"),
    path(f"{HERE}posts", views.fragment, name="feed-fragment"),
    path(f"{HERE}messages", views.messages, name="messages"),
    path(f"{HERE}messages/posts", views.letters_fragment, name="messages-fragment"),
    path(f"{HERE}faults", faults.switch, name="faults"),
    path(f"{HERE}media/<str:name>", photo, name="photo"),
    path(f"{HERE}thread/<path:post_id>/posts", views.fragment, name="thread-fragment"),
    path(f"{HERE}thread/<path:post_id>/delete", views.delete, name="delete"),
    path(f"{HERE}thread/<path:post_id>", views.thread, name="thread"),
    *(path(f"<slug:world>/{dialect.kind}/", include(_api(dialect))) for dialect in DIALECTS.values()),
]
