"""X API v2."""

from __future__ import annotations

from django.urls import URLPattern

from channels_sns.sandbox.dialects.base import Dialect
from channels_sns.sandbox.models import World


class X(Dialect):
    kind = "x"
    label = "X"
    city_id = "1402005001"
    edits = "new_id"

    def credentials(self, world: World) -> dict[str, str]:
        return {
            "consumer_key": f"x-consumer-{world.name}",
            "consumer_secret": f"x-consumer-secret-{world.name}",
            "access_token": f"x-token-{world.name}",
            "access_token_secret": f"x-token-secret-{world.name}",
        }

    def endpoints(self) -> list[URLPattern]:
        return []
