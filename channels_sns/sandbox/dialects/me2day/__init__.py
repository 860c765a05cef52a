"""me2day's API as documented and recorded until it closed in 2014.

The city hears of comments on its own posts (track_comments) and of what its friends write (get_posts with
scope=friend[all]), where they name it or tag it.

Settings of a world: strangers ([handles] who are nobody's friends), friends (5000: the city's friendsCount), entities
(false: letters in bodies as numbers), kst_as_z (false: track_comments labels Korean time as UTC), revoked (false: the
application's key is refused). `extra` of a post: tags ("words with spaces"), comment_closed (true).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.urls import URLPattern
from django.utils.translation import gettext_lazy as _

from channels_sns.sandbox.calls import ApiCall, ApiError, endpoint
from channels_sns.sandbox.dialects.base import Dialect
from channels_sns.sandbox.dialects.me2day import answers, door, ids, reading, shapes, texts, writing
from channels_sns.sandbox.models import Post, World

NAMED = r"(?:/(?P<user>[A-Za-z0-9_]+))?"
#: Methods that answer with a code do so in XML too.
IN_XML = ("noop", "create_comment", "delete_post", "delete_comment")
SOMEBODYS = r"/(?P<user>[A-Za-z0-9_]+)"


class Me2day(Dialect):
    kind = "me2day"
    label = _("me2day")
    hint = _(
        "The city hears of comments on its posts, and of its friends' posts that name it. Everybody is its friend."
    )
    city_id = "toktok_busan"
    permalinks = ("<str:handle>/<int:year>/<int:month>/<int:day>/<str:post_id>",)

    def credentials(self, world: World) -> dict[str, str]:
        return {**self._application(world), "user_key": door.user_key(world.name)}

    def other_credentials(self, world: World) -> dict[str, str]:
        """As after consent on the web."""
        return {**self._application(world), "full_auth_token": door.full_auth_token(world.name)}

    def _application(self, world: World) -> dict[str, str]:
        return {"application_key": door.application_key(world.name), "user_id": self.city_id}

    def endpoints(self) -> list[URLPattern]:
        return [
            self._method("noop", GET=reading.noop),
            self._method("get_posts", NAMED, GET=reading.posts),
            self._method("get_latests", SOMEBODYS, GET=reading.latest),
            self._method("track_comments", SOMEBODYS, GET=reading.track),
            self._method("get_comments", GET=reading.comments),
            self._method("get_person", SOMEBODYS, GET=reading.person),
            self._method("get_friends", SOMEBODYS, GET=reading.friends),
            self._method("create_post", SOMEBODYS, publishes=True, POST=writing.create_post),
            self._method("create_comment", publishes=True, POST=writing.create_comment),
            self._method("delete_post", POST=writing.delete_post),
            self._method("delete_comment", POST=writing.delete_comment),
        ]

    def _method(
        self, name: str, user: str = "", *, publishes: bool = False, **methods: Callable[..., HttpResponse]
    ) -> URLPattern:
        forms = "json|xml" if name in IN_XML else "json"
        return endpoint(self, rf"^api/{name}{user}\.(?:{forms})$", publishes=publishes, regex=True, **methods)

    def admit(self, call: ApiCall) -> None:
        door.check_application(call)

    def new_id(self, number: int, post: Post) -> str:
        return ids.comment_id(number, post.root.external_id) if post.root else ids.post_id(number)

    def person_id(self, number: int, handle: str) -> str:
        return handle

    def upload_id(self, number: int) -> str:
        return ids.photo_id(number)

    def kind_of(self, post: Post) -> str:
        return "comment" if post.parent else "post"

    def with_mention(self, text: str, parent: Post | None = None) -> str:
        """Below a post there is nobody to name."""
        return text if parent or self.city_id in texts.named(text) else f"@{self.city_id} {text}"

    def mentions_by_itself(self, parent: Post | None) -> bool:
        return parent is None

    def parent_for(self, parent: Post) -> Post:
        """One level: whoever answers a comment comments on its post."""
        return parent.root or parent

    def fits(self, text: str) -> bool:
        return texts.length(text) <= texts.LONGEST

    def concerns_city(self, post: Post) -> bool:
        if post.root:
            return bool(post.root.author and post.root.author.is_city)
        return self.city_id in texts.named(post.text) or self.city_name in str(post.extra.get("tags", "")).split()

    def shape(self, call: ApiCall, post: Post) -> Any:
        return shapes.post(call, post, 0)

    def plain_text(self, post: Post) -> str:
        """Of a link only its words are seen."""
        return texts.plain(post.text, {})

    def error(self, status: int, detail: str) -> ApiError:
        return answers.broken(status)

    def refusal(self, name: str, call: ApiCall) -> ApiError:
        """me2day knows no limits and no duplicates: those are its one word for any trouble."""
        statuses = {"unauthorized": 401, "target_gone": 404, "not_summoned": 403}
        if name in statuses:
            return answers.refused(call, statuses[name], answers.NOT_PERMITTED)
        return answers.refused(call, 429 if name == "rate_limited" else 500, answers.REQUEST_ERROR)
