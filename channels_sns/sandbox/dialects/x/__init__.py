"""X API v2, in the words of its specification of 2026 (tweet.* and post.* names) and of its recorded answers."""

from __future__ import annotations

from django.urls import URLPattern
from django.utils.translation import gettext_lazy as _

from channels_sns.sandbox import store
from channels_sns.sandbox.calls import ApiCall, ApiError, endpoint
from channels_sns.sandbox.dialects.base import Dialect, Verb
from channels_sns.sandbox.dialects.x import (
    activity,
    auth,
    lookups,
    media,
    oauth,
    rates,
    refusals,
    texts,
    timelines,
    writing,
)
from channels_sns.sandbox.models import Post, World


class X(Dialect):
    kind = "x"
    label = "X"
    hint = _("The city hears of posts that mention it.")
    city_id = "1402005001"
    edits = "new_id"
    permalinks = ("<str:handle>/status/<str:post_id>", "i/web/status/<str:post_id>")

    def credentials(self, world: World) -> dict[str, str]:
        return auth.oauth1_secrets(world.name)

    def other_credentials(self, world: World) -> dict[str, str]:
        return auth.oauth2_secrets(world)

    def endpoints(self) -> list[URLPattern]:
        return [
            endpoint(self, "oauth/request_token", POST=oauth.request_token),
            endpoint(self, "oauth/authorize", GET=oauth.authorize),
            endpoint(self, "oauth/access_token", POST=oauth.access_token),
            endpoint(self, "i/oauth2/authorize", GET=oauth.authorize2),
            endpoint(self, "2/oauth2/token", POST=oauth.token),
            endpoint(self, "2/users/me", GET=lookups.me),
            endpoint(self, "2/users/<str:user_id>/mentions", GET=timelines.mentions),
            endpoint(self, "2/users/<str:user_id>/tweets", GET=timelines.own),
            endpoint(self, "2/tweets", GET=lookups.several, POST=writing.create, publishes=True),
            endpoint(self, "2/tweets/search/recent", GET=timelines.search),
            endpoint(self, "2/tweets/<str:post_id>", GET=lookups.one, DELETE=writing.delete),
            endpoint(self, "2/webhooks", GET=activity.listed, POST=activity.register),
            endpoint(self, "2/webhooks/<str:hook_id>", PUT=activity.validate, DELETE=activity.remove),
            endpoint(self, "2/activity/subscriptions", GET=activity.subscriptions, POST=activity.subscribe),
            endpoint(self, "2/activity/subscriptions/<str:subscription>", DELETE=activity.unsubscribe),
            endpoint(self, "2/media/upload", GET=media.status, POST=media.upload),
            endpoint(self, "2/media/metadata", POST=media.describe),
        ]

    def admit(self, call: ApiCall) -> None:
        if call.pattern in oauth.OPEN:
            return
        call.headers["x-access-level"] = "read-write"
        if not (call.pattern.startswith(("2/webhooks", "2/activity")) and auth.is_app(call)):
            auth.check(call)
        rates.count(call)

    def kind_of(self, post: Post) -> str:
        return "quote" if post.extra.get("quotes") else "reply" if post.parent else "post"

    def complete(self, post: Post) -> None:
        post.extra.setdefault("implicit", texts.inherited_mentions(post))

    def with_mention(self, text: str, parent: Post | None = None) -> str:
        return text if self.city_handle.lower() in texts.handles_in(text) else f"@{self.city_handle} {text}"

    def mentions_by_itself(self, parent: Post | None) -> bool:
        # In a thread X only inherits the mention, and an inherited mention does not summon us.
        return parent is None

    def fits(self, text: str) -> bool:
        return texts.fits(text)

    def concerns_city(self, post: Post) -> bool:
        return self.city_handle.lower() in {
            *texts.handles_in(post.text),
            *(handle.lower() for handle in post.extra["implicit"]),
        }

    def announce(self, post: Post, verb: Verb) -> None:
        activity.announce(World.objects.get(pk=post.world_id), store.city(post.world, self), post, verb)

    def error(self, status: int, detail: str) -> ApiError:
        return refusals.problem(status, detail)

    def refusal(self, name: str, call: ApiCall) -> ApiError:
        return refusals.named(name, call)
