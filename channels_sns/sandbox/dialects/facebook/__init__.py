"""Facebook's Graph API for pages, v26.0, with the bodies that were recorded of it.

A citizen's post stands on the page's wall ("visitor"), or, where its text tags the page, on the citizen's own
timeline ("tagged"). Below a post there are comments and answers to comments, no deeper. Beside them
stands the page's inbox: what a citizen and the page write to each other alone.

Settings of a world: consent (true; false: `from` is left out for everybody but the page), require_proof (true),
token_subcode (458, 459, 460, 463: what became of the token), empty_page (false: the first page of a list is empty and
has a next one), short_pages (so many per page, whatever was asked), feed_deep, comments_deep (how much can be paged
through), visitor_posts (true; false: always empty), duplicate_comments (false: 506 on comments too), usage_header (a
text in place of the usage header), throttle_code (80001, or 4, 17, 32, 341, 613), followers, data_days (90), scopes,
limits ({"page": [calls, seconds]}, or false).
`extra` of a post: consent (false), can_comment (false), low_quality (only filter=stream shows it).
"""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import URLPattern
from django.utils.translation import gettext_lazy as _

from channels_sns.sandbox import store
from channels_sns.sandbox.calls import ApiCall, ApiError, endpoint
from channels_sns.sandbox.dialects.base import Dialect, Verb
from channels_sns.sandbox.dialects.facebook import (
    comments,
    door,
    feeds,
    fields,
    messages,
    nodes,
    oauth,
    refusals,
    texts,
    webhooks,
    writing,
)
from channels_sns.sandbox.models import Post, World


class Facebook(Dialect):
    kind = "facebook"
    label = _("Facebook")
    hint = _("You write on the city's page. With a mention you write on your own page and tag the city.")
    city_id = "102005140251"
    messages = True
    permalinks = ("<str:handle>/posts/<str:post_id>", "<str:handle>/posts/<str:post_id>/")

    def credentials(self, world: World) -> dict[str, str]:
        return {"page_access_token": door.page_token(world.name), "app_secret": door.app_secret(world.name)}

    def other_credentials(self, world: World) -> dict[str, str]:
        """A person's token instead of the page's: lists stay empty."""
        return {"page_access_token": door.user_token(world.name), "app_secret": door.app_secret(world.name)}

    def endpoints(self) -> list[URLPattern]:
        version, node = r"^(?P<version>v[0-9]+\.[0-9]+)/", r"(?P<node>[0-9A-Za-z_]+)"
        return [
            endpoint(self, rf"{version}$", regex=True, GET=nodes.several),
            endpoint(self, rf"{version}dialog/oauth$", regex=True, GET=oauth.dialog),
            endpoint(self, rf"{version}oauth/access_token$", regex=True, GET=oauth.access_token),
            endpoint(self, rf"{version}me/accounts$", regex=True, GET=oauth.accounts),
            endpoint(self, rf"{version}debug_token$", regex=True, GET=nodes.debug_token),
            endpoint(self, rf"{version}{node}/?$", regex=True, GET=nodes.one, POST=nodes.change, DELETE=nodes.delete),
            endpoint(self, rf"{version}{node}/feed$", regex=True, GET=feeds.feed, POST=writing.publish, publishes=True),
            endpoint(self, rf"{version}{node}/conversations$", regex=True, GET=messages.conversations),
            endpoint(
                self,
                rf"{version}{node}/messages$",
                regex=True,
                GET=messages.listed,
                POST=messages.send,
                publishes=True,
            ),
            endpoint(self, rf"{version}{node}/tagged$", regex=True, GET=feeds.tagged),
            endpoint(self, rf"{version}{node}/visitor_posts$", regex=True, GET=feeds.visitor_posts),
            endpoint(
                self,
                rf"{version}{node}/comments$",
                regex=True,
                GET=comments.listed,
                POST=writing.comment,
                publishes=True,
            ),
            endpoint(
                self,
                rf"{version}{node}/subscribed_apps$",
                regex=True,
                GET=webhooks.subscribed,
                POST=webhooks.subscribe,
                DELETE=webhooks.unsubscribe,
            ),
            endpoint(self, rf"{version}{node}/photos$", regex=True, POST=writing.photo, publishes=True),
        ]

    def admit(self, call: ApiCall) -> None:
        call.headers["facebook-api-version"] = "v26.0"
        if call.pattern.endswith(oauth.OPEN):
            return
        door.check(call)
        door.count(call)

    def publishes(self, call: ApiCall) -> bool:
        """A photo that is only stored is no post yet."""
        stored = call.form().get("published", call.query.get("published", "")).lower() in ("false", "0")
        return not (stored and call.pattern.endswith("/photos$"))

    def new_id(self, number: int, post: Post) -> str:
        """{owner}_{post}, {post}_{comment}, m_{message}."""
        if post.kind == "message":
            return f"m_{number}"
        if post.root:
            return f"{post.root.external_id.rpartition('_')[2]}_{number}"
        elsewhere = "tagged" in (post.kind, self.kind_of(post))
        return f"{post.author.external_id if post.author and elsewhere else self.city_id}_{number}"

    def kind_of(self, post: Post) -> str:
        if post.parent:
            return "comment"
        if post.author and post.author.is_city:
            return "page"
        return "tagged" if texts.tags_page(post.text, self.city_handle, self.city_name) else "visitor"

    def with_mention(self, text: str, parent: Post | None = None) -> str:
        """Below a post no mention is needed."""
        if parent or texts.tags_page(text, self.city_handle, self.city_name):
            return text
        return f"@{self.city_handle} {text}"

    def mentions_by_itself(self, parent: Post | None) -> bool:
        return False

    def parent_for(self, parent: Post) -> Post:
        """An answer to an answer is hung under the comment above it."""
        return parent.parent if parent.parent and parent.parent.parent_id else parent

    def id_at(self, handle: str, post_id: str) -> str:
        return f"{handle}_{post_id}"

    def complete(self, post: Post) -> None:
        """A citizen's message stands in the conversation with this citizen."""
        if post.kind == "message" and post.author and not post.author.is_city:
            post.extra["with"] = post.author.external_id

    def shown_to(self, post: Post, handle: str) -> bool:
        """Messages stand on a page of their own."""
        return post.kind != "message"

    def fits(self, text: str) -> bool:
        return len(text) <= writing.LONGEST_COMMENT

    def announce(self, post: Post, verb: Verb) -> None:
        webhooks.announce(World.objects.get(pk=post.world_id), store.city(post.world, self), post, verb)

    def shape(self, call: ApiCall, post: Post) -> object:
        return fields.pick(comments.as_node(call, post), ())

    def error(self, status: int, detail: str) -> ApiError:
        if status >= 500:
            return refusals.broken(status)
        return refusals.refused(100, f"(#100) {detail}", status=status)

    def refusal(self, name: str, call: ApiCall) -> ApiError:
        if name == "rate_limited":
            return refusals.too_many(door.throttle(call), door.usage(call, 100, 19))
        if name == "target_gone":
            node = call.request.path.rstrip("/").split("/")[-2]
            return refusals.gone(call.method, node)
        words = {"unauthorized": refusals.token_state(463), "duplicate_refusal": refusals.duplicate()}
        return words.get(name) or refusals.not_permitted()

    def not_found(self, call: ApiCall, **arguments: str) -> HttpResponse:
        raise refusals.unknown_path(call)
