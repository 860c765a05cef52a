"""YouTube's Data API v3: the comments under the city's videos, as the discovery document of November 2026 has them.

There are threads (a first comment and what is answered to it) and no deeper levels. Lists go by the first comment's
time: a late answer moves nothing, it only raises totalReplyCount. Units are counted by the day of Los Angeles.

Settings of a world: videos ({id: title}), comments_disabled ([video ids]), can_reply (true), hold (false: the spam
filter takes the city's comments silently), author_ids (true; false: authorChannelId is missing), daily_units (10000),
token_seconds (3600), expire (a number: raise it and all access tokens are dead), refresh_dead (false), followers,
hidden_subscribers (false). `extra` of a comment: place (its video), can_reply (false), moderation (heldForReview,
likelySpam).
"""

from __future__ import annotations

from collections.abc import Mapping

from django.urls import URLPattern
from django.utils.translation import gettext_lazy as _

from channels_sns.sandbox.calls import ApiCall, ApiError, endpoint
from channels_sns.sandbox.dialects.base import Dialect
from channels_sns.sandbox.dialects.youtube import door, ids, oauth, reading, refusals, writing
from channels_sns.sandbox.models import Post, World

VIDEOS = {
    "bSnToKtok01": "부산시정 브리핑: 여름철 안전 대책",
    "bSnToKtok02": "톡톡부산 소개: 불편을 말씀해 주세요",
}


class YouTube(Dialect):
    kind = "youtube"
    label = _("YouTube")
    hint = _("The city reads every comment under its videos.")
    city_id = "UCt0ktokbusan0000000000w"
    permalinks = ("watch",)
    permalink_query = "lc"
    photos = False

    def credentials(self, world: World) -> dict[str, str]:
        return door.secrets(world.name)

    def other_credentials(self, world: World) -> dict[str, str]:
        """Enough to read what everybody reads."""
        return {"api_key": door.api_key(world.name)}

    def endpoints(self) -> list[URLPattern]:
        api = "youtube/v3"
        return [
            endpoint(self, "o/oauth2/v2/auth", GET=oauth.authorize),
            endpoint(self, "token", POST=oauth.token),
            endpoint(self, f"{api}/channels", GET=reading.channels),
            endpoint(self, f"{api}/commentThreads", GET=reading.threads, POST=writing.begin, publishes=True),
            endpoint(
                self,
                f"{api}/comments",
                GET=reading.comments,
                POST=writing.reply,
                PUT=writing.change,
                DELETE=writing.delete,
                publishes=True,
            ),
        ]

    def admit(self, call: ApiCall) -> None:
        if call.pattern not in oauth.OPEN:
            door.check(call)
            door.count(call)

    def publishes(self, call: ApiCall) -> bool:
        return call.method == "POST"

    def new_id(self, number: int, post: Post) -> str:
        return ids.reply_id(post.parent.external_id, number) if post.parent else ids.thread_id(number)

    def person_id(self, number: int, handle: str) -> str:
        return ids.channel_id(number)

    def kind_of(self, post: Post) -> str:
        return "reply" if post.parent else "thread"

    def places(self, world: World) -> Mapping[str, str]:
        videos: Mapping[str, str] = world.setting("youtube", "videos") or VIDEOS
        return videos

    def parent_for(self, parent: Post) -> Post:
        """An answer to an answer stands below the thread's first comment."""
        return parent.parent or parent

    def fits(self, text: str) -> bool:
        return len(text) <= writing.LONGEST

    def error(self, status: int, detail: str) -> ApiError:
        return refusals.by_status(status, detail)

    def refusal(self, name: str, call: ApiCall) -> ApiError:
        return refusals.named(name, call)
