"""Bluesky's XRPC as it was measured on the network's own server, with switches for what older servers do.

A post is a record in its author's repository, named by a key; its address holds the author's DID and the key. The
index hears of a mention only where the record marks its bytes.

Settings of a world: token_seconds (7200), expire and expire_refresh (a number: raise it and all access or refresh
tokens are over), password_revoked (false), old_server (false; true: a cursor on the last page too, and no Retry-After),
index_seconds (0: an answer written sooner after its parent raises no notification), blocked_by ([handles of citizens
who block the city]), image_bytes (1000000), blob_bytes (5242880), followers, limits ({"writes": [points, seconds]},
or false). `extra` of a post: facets (false: mentions stand in the text unmarked).
"""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpResponse
from django.urls import URLPattern
from django.utils.translation import gettext_lazy as _

from channels_sns.sandbox.calls import ApiCall, ApiError, endpoint
from channels_sns.sandbox.dialects.base import Dialect
from channels_sns.sandbox.dialects.bluesky import blobs, door, feeds, ids, records, refusals, shapes, texts
from channels_sns.sandbox.models import Post, World

#: What anybody may ask for.
OPEN = ("createSession", "refreshSession", "getBlob", "resolveHandle", "@jpeg")


class Bluesky(Dialect):
    kind = "bluesky"
    label = _("Bluesky")
    hint = _("The city hears of posts that mention it, and of answers to its own.")
    city_id = ids.CITY_DID
    city_handle = ids.CITY_HANDLE
    permalinks = ("profile/<str:handle>/post/<str:post_id>",)

    def credentials(self, world: World) -> dict[str, str]:
        return {"identifier": ids.CITY_HANDLE, "app_password": door.app_password(world.name)}

    def endpoints(self) -> list[URLPattern]:
        server, repo, bsky = "xrpc/com.atproto.server", "xrpc/com.atproto.repo", "xrpc/app.bsky"
        return [
            endpoint(self, f"{server}.createSession", POST=door.create_session),
            endpoint(self, f"{server}.refreshSession", POST=door.refresh_session),
            endpoint(self, f"{server}.getSession", GET=door.get_session),
            endpoint(self, f"{server}.createAppPassword", POST=door.create_app_password),
            endpoint(self, f"{repo}.createRecord", POST=records.create, publishes=True),
            endpoint(self, f"{repo}.putRecord", POST=records.put, publishes=True),
            endpoint(self, f"{repo}.getRecord", GET=records.get),
            endpoint(self, f"{repo}.deleteRecord", POST=records.delete),
            endpoint(self, f"{repo}.uploadBlob", POST=blobs.upload),
            endpoint(self, "xrpc/com.atproto.sync.getBlob", GET=blobs.get),
            endpoint(self, "xrpc/com.atproto.identity.resolveHandle", GET=feeds.resolve_handle),
            endpoint(self, f"{bsky}.actor.getProfile", GET=feeds.get_profile),
            endpoint(self, f"{bsky}.notification.listNotifications", GET=feeds.notifications),
            endpoint(self, f"{bsky}.feed.getPosts", GET=feeds.get_posts),
            endpoint(self, f"{bsky}.feed.getPostThread", GET=feeds.get_thread),
            endpoint(self, f"{bsky}.feed.searchPosts", GET=feeds.search),
            endpoint(self, "img/<str:preset>/plain/<str:did>/<str:cid>@jpeg", GET=blobs.image),
        ]

    def admit(self, call: ApiCall) -> None:
        door.count(call)
        if not call.pattern.endswith(OPEN):
            door.check(call)

    def new_id(self, number: int, post: Post) -> str:
        author = post.author.external_id if post.author else ids.CITY_DID
        return ids.uri_of(author, str(post.extra.get("rkey") or ids.tid(number)))

    def person_id(self, number: int, handle: str) -> str:
        return ids.did_of(handle)

    def upload_id(self, number: int) -> str:
        return ids.blob_cid(number)

    def kind_of(self, post: Post) -> str:
        """Why the city is told of it, as the index found it when the post was new."""
        return shapes.reason(post) or "post"

    def with_mention(self, text: str, parent: Post | None = None) -> str:
        return text if self.city_handle in texts.handles_in(text) else f"@{self.city_handle} {text}"

    def mentions_by_itself(self, parent: Post | None) -> bool:
        """An answer needs no mention."""
        return parent is None

    def id_at(self, handle: str, post_id: str) -> str:
        return ids.uri_of(handle if handle.startswith("did:") else ids.did_of(handle), post_id)

    def fits(self, text: str) -> bool:
        return texts.graphemes(text) <= texts.GRAPHEMES and len(text.encode()) <= texts.BYTES

    def concerns_city(self, post: Post) -> bool:
        if post.kind == "reply" and post.parent:
            wait = timedelta(seconds=float(post.world.setting("bluesky", "index_seconds", 0)))
            return post.created_at - post.parent.created_at >= wait
        return post.kind == "mention"

    def error(self, status: int, detail: str) -> ApiError:
        return refusals.refused(status, detail)

    def refusal(self, name: str, call: ApiCall) -> ApiError:
        return refusals.named(name, call)

    def not_found(self, call: ApiCall, **arguments: str) -> HttpResponse:
        raise refusals.refused(501, "Method Not Implemented")
