"""Mastodon API."""

from __future__ import annotations

from django.urls import URLPattern

from channels_sns.sandbox.dialects.base import Dialect
from channels_sns.sandbox.models import World


class Mastodon(Dialect):
    kind = "mastodon"
    label = "Mastodon"
    city_id = "110140200500100001"

    def credentials(self, world: World) -> dict[str, str]:
        return {"access_token": f"mastodon-token-{world.name}"}

    def endpoints(self) -> list[URLPattern]:
        return []
