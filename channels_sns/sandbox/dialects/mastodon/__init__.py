"""Mastodon's API as documented in July 2026, with switches for what living servers do differently.

Settings of a world: idempotency (true), max_characters (500), instance_v2 (true), link_header (true), filtered
(false: mentions from strangers need include_filtered), media_seconds (0: how long an upload stays in processing),
limits (true).
"""

from __future__ import annotations

from django.urls import URLPattern
from django.utils.translation import gettext_lazy as _

from channels_sns.sandbox.calls import ApiCall, ApiError, endpoint
from channels_sns.sandbox.dialects.base import Dialect
from channels_sns.sandbox.dialects.mastodon import accounts, door, ids, media, notifications, oauth, statuses, texts
from channels_sns.sandbox.models import Post, World


class Mastodon(Dialect):
    kind = "mastodon"
    label = _("Mastodon")
    hint = _("The city hears of posts that mention it.")
    city_id = "01GW00TOKTOKBVSAN"
    permalinks = ("@<str:handle>/<str:post_id>", "users/<str:handle>/statuses/<str:post_id>")

    def credentials(self, world: World) -> dict[str, str]:
        return {"access_token": f"mastodon-token-{world.name}"}

    def other_credentials(self, world: World) -> dict[str, str]:
        """A token that may only read."""
        return {"access_token": f"mastodon-readonly-{world.name}"}

    def endpoints(self) -> list[URLPattern]:
        return [
            endpoint(self, "api/v1/apps", POST=oauth.register),
            endpoint(self, "oauth/authorize", GET=oauth.authorize),
            endpoint(self, "oauth/token", POST=oauth.token),
            endpoint(self, "api/v1/accounts/verify_credentials", GET=accounts.verify),
            endpoint(self, "api/v1/accounts/<str:account_id>", GET=accounts.one),
            endpoint(self, "api/v1/accounts/<str:account_id>/statuses", GET=accounts.statuses),
            endpoint(self, "api/v1/notifications", GET=notifications.listed),
            endpoint(self, "api/v1/notifications/<str:notification_id>", GET=notifications.one),
            endpoint(self, "api/v1/statuses", GET=statuses.several, POST=statuses.create, publishes=True),
            endpoint(
                self, "api/v1/statuses/<str:status_id>", GET=statuses.one, PUT=statuses.edit, DELETE=statuses.delete
            ),
            endpoint(self, "api/v1/statuses/<str:status_id>/context", GET=statuses.context),
            endpoint(self, "api/v2/media", POST=media.upload),
            endpoint(self, "api/v1/media/<str:media_id>", GET=media.state, PUT=media.describe),
            endpoint(self, "api/v2/instance", GET=accounts.instance_v2),
            endpoint(self, "api/v1/instance", GET=accounts.instance_v1),
        ]

    def admit(self, call: ApiCall) -> None:
        if "instance" not in call.pattern and call.pattern not in oauth.OPEN:
            door.check_token(call)
        door.count(call)

    def new_id(self, number: int, post: Post) -> str:
        return ids.status_id(number)

    def person_id(self, number: int, handle: str) -> str:
        return ids.account_id(number)

    def upload_id(self, number: int) -> str:
        return ids.media_id(number)

    def with_mention(self, text: str, parent: Post | None = None) -> str:
        return text if self.city_handle in texts.handles_in(text) else f"@{self.city_handle} {text}"

    def fits(self, text: str) -> bool:
        return texts.length(text) <= 500

    def shown_to(self, post: Post, handle: str) -> bool:
        """A direct one: whoever wrote it, and whom it mentions."""
        if post.extra.get("visibility") != "direct":
            return True
        return handle in (post.author.handle if post.author else "", *texts.handles_in(post.text))

    def concerns_city(self, post: Post) -> bool:
        return self.city_handle in texts.handles_in(post.text)

    def refusal(self, name: str, call: ApiCall) -> ApiError:
        return door.named(name, call)
