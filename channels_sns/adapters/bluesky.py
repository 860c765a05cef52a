"""Bluesky (AT Protocol): mentions, replies and quotes in; replies and posts out, each exactly once.

The only network here where a post can be put under a key of our own: the same key again changes nothing, so a lost
answer is simply asked for. A mention without a facet and a reply written at once after its parent raise no
notification: a search and a walk through young threads find those.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar

from channels_sns.adapters import bluesky_posts
from channels_sns.adapters.api import Api, Bearer, as_text
from channels_sns.adapters.bluesky_feeds import Feeds, as_dict
from channels_sns.adapters.bluesky_posts import COLLECTION, record_key
from channels_sns.adapters.contract import (
    Adapter,
    AuthExpired,
    Capabilities,
    Cursor,
    Gone,
    Identity,
    IncomingPost,
    OutcomeUnknown,
    OutgoingMedia,
    OutgoingPost,
    Page,
    Prepared,
    ReadBack,
    Receipt,
    Rejected,
    TargetGone,
    Transient,
)
from channels_sns.adapters.metering import Allowance, Price
from channels_sns.adapters.text import graphemes

BYTES_MAX = 3000


class BlueskyAdapter(Adapter):
    """One account, by an app password. The session is kept with the secrets: logging in is rationed."""

    default_base_url: ClassVar[str] = "https://bsky.social"
    capabilities: ClassVar[Capabilities] = Capabilities(
        kind="bluesky",
        label="Bluesky",
        polls=frozenset({"mention", "reply", "quote"}),
        max_length=300,
        images_max=4,
        image_bytes_max=1_000_000,
        index_lag=timedelta(seconds=5),
        media_hosts=frozenset({"cdn.bsky.app"}),
        edits="none",
        secret_sets=(("identifier", "app_password"),),
        looks_before_reply=True,
        allowances=(Allowance("points", "hour", Decimal(5_000)), Allowance("points", "day", Decimal(35_000))),
    )

    @property
    def api(self) -> Api:
        return self._api(self.secrets.get("access_jwt", ""))

    def _api(self, token: str) -> Api:
        auth, seconds = Bearer(token) if token else None, self.options.get("timeout", 15)
        address = f"{self.base_url}/xrpc/"
        return Api(address, rules=bluesky_posts.RULES, said=bluesky_posts.said, auth=auth, seconds=seconds)

    @property
    def feeds(self) -> Feeds:
        return Feeds(self.api, own_id=self.external_id, handle=self.handle)

    def identify(self) -> Identity:
        if not self.secrets.get("access_jwt"):
            self.secrets = {**self.secrets, **self._log_in()}
        session = as_dict(self.api.get("com.atproto.server.getSession"))
        did, handle = as_text(session.get("did")), as_text(session.get("handle"))
        if not did:
            raise Transient("the answer names no account")
        profile = self._profile(did)
        url, followers = f"https://bsky.app/profile/{handle}", profile.get("followersCount")
        return Identity(
            did, handle, as_text(profile.get("displayName")), url, followers if isinstance(followers, int) else None
        )

    def metrics(self) -> dict[str, int]:
        count = self._profile(self.external_id).get("followersCount")
        return {"followers": count} if isinstance(count, int) else {}

    def _profile(self, did: str) -> dict[str, Any]:
        return as_dict(self.api.get("app.bsky.actor.getProfile", {"actor": did}))

    # --- in -----------------------------------------------------------------------------------------------------------

    def poll(self, cursor: Cursor, *, now: datetime) -> Iterator[Page]:
        """Notifications down to the bound, then what a search and the young threads show beside them."""
        yield from self.feeds.walk(cursor, now=now)

    def lookup(self, external_ids: Sequence[str]) -> dict[str, IncomingPost | Gone]:
        views = self.feeds.views(external_ids)
        posts, _bad = bluesky_posts.read(((view, "mention") for view in views.values()), own_id=self.external_id)
        found: dict[str, IncomingPost | Gone] = {post.external_id: post for post in posts}
        return found | {one: Gone(one, verified=True) for one in external_ids if one not in views}

    # --- out ----------------------------------------------------------------------------------------------------------

    def price(self, post: OutgoingPost) -> Price | None:
        return Price(Decimal(2), "points")

    def prepare(self, post: OutgoingPost) -> Prepared:
        if self.measure(post.text) > self.capabilities.max_length:
            raise Rejected(f"{self.measure(post.text)} of {self.capabilities.max_length}", code="too-long")
        at = post.created_at or datetime.now(UTC)
        stamp = at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        record: dict[str, Any] = {"$type": COLLECTION, "text": post.text, "createdAt": stamp, "langs": [post.language]}
        if found := bluesky_posts.facets(post.text):
            record["facets"] = found
        if post.target is not None:
            record["reply"] = self._reply(post.target.external_id, post.target.root_id)
        if post.media:
            images = [self._upload(media) for media in post.media]
            record["embed"] = {"$type": "app.bsky.embed.images", "images": images}
        key = {"repo": self.external_id, "collection": COLLECTION, "rkey": record_key(post.key, at)}
        return Prepared(post, {**key, "record": record}, "com.atproto.repo.putRecord")

    def _reply(self, parent: str, root: str) -> dict[str, Any]:
        """Strong references to both ends; the network would take a reply under a deleted post without a word."""
        views = self.feeds.views(list(dict.fromkeys((parent, root or parent))))
        if parent not in views:
            raise TargetGone("the post is no longer there")
        refs = {uri: {"uri": uri, "cid": as_text(view.get("cid"))} for uri, view in views.items()}
        return {"root": refs.get(root or parent, refs[parent]), "parent": refs[parent]}

    def _upload(self, media: OutgoingMedia) -> dict[str, Any]:
        if len(media.content) > self.capabilities.image_bytes_max:
            raise Rejected(f"{len(media.content)} bytes", code="image-too-big")
        blob = as_dict(
            self.api.upload(
                "com.atproto.repo.uploadBlob", data=media.content, headers={"Content-Type": media.mime_type}
            )
        )
        if not blob.get("blob"):
            raise Transient("the upload has no blob")
        return {"image": blob["blob"], "alt": media.alt}

    def publish(self, prepared: Prepared) -> Receipt:
        uri = as_text(as_dict(self.api.write("POST", prepared.url, json=dict(prepared.body))).get("uri"))
        if not uri:
            raise OutcomeUnknown("accepted without an id")
        return self._receipt(uri)

    def _receipt(self, uri: str) -> Receipt:
        return Receipt(uri, f"https://bsky.app/profile/{self.handle}/post/{uri.rpartition('/')[2]}")

    def find_own(self, post: OutgoingPost, *, since: datetime) -> ReadBack:
        """Ask the own repository for the key: it knows at once."""
        if post.created_at is None:
            return ReadBack(None, complete=False)
        params = {"repo": self.external_id, "collection": COLLECTION, "rkey": record_key(post.key, post.created_at)}
        try:
            uri = as_text(as_dict(self.api.get("com.atproto.repo.getRecord", params)).get("uri"))
        except TargetGone:
            return ReadBack(None, complete=True)
        return ReadBack(self._receipt(uri) if uri else None, complete=bool(uri))

    def delete(self, external_id: str) -> None:
        """The own repository knows at once what stands; what is shown to others comes later, a young post too."""
        key = {"repo": self.external_id, "collection": COLLECTION, "rkey": external_id.rpartition("/")[2]}
        self.api.get("com.atproto.repo.getRecord", key)
        self.api.write("POST", "com.atproto.repo.deleteRecord", json=key)

    def refresh(self) -> dict[str, str]:
        """A new session by the refresh token, else by the app password."""
        try:
            return _session(self._api(self.secrets.get("refresh_jwt", "")).upload("com.atproto.server.refreshSession"))
        except AuthExpired:
            return self._log_in()

    def _log_in(self) -> dict[str, str]:
        who = {"identifier": self.secrets.get("identifier", ""), "password": self.secrets.get("app_password", "")}
        return _session(self._api("").upload("com.atproto.server.createSession", json=who))

    @classmethod
    def measure(cls, text: str) -> int:
        """Graphemes, at most 300; a text of more than 3,000 bytes of UTF-8 counts a tenth of them."""
        return max(len(graphemes(text)), math.ceil(len(text.encode()) * 300 / BYTES_MAX))


def _session(body: Any) -> dict[str, str]:
    data = as_dict(body)
    if not data.get("accessJwt"):
        raise AuthExpired("no session")
    return {"access_jwt": as_text(data["accessJwt"]), "refresh_jwt": as_text(data.get("refreshJwt"))}
