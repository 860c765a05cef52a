"""The pages of one network, below /<world>/<network>/."""

from __future__ import annotations

from django.urls import URLPattern, path

from channels_sns.sandbox.dialects.base import Dialect
from channels_sns.sandbox.web.media import photo


def pages(dialect: Dialect) -> list[URLPattern]:
    network = {"network": dialect.kind}
    return [path("media/<str:name>", photo, network, name=f"{dialect.kind}-photo")]
