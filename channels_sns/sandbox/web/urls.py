"""The pages of one network, below /<world>/<network>/."""

from __future__ import annotations

from django.urls import URLPattern, path

from channels_sns.sandbox.dialects.base import Dialect
from channels_sns.sandbox.web import views


def permalinks(dialect: Dialect) -> list[URLPattern]:
    """The network's own addresses of posts."""
    return [path(pattern, views.permalink, {"network": dialect.kind}) for pattern in dialect.permalinks]
