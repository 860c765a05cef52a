"""Mastodon's client API (docs.joinmastodon.org, July 2026), as Mastodon, snac, GoToSocial and Takahē speak it.

What they share is used, what they promise differently is not relied on: ids are opaque and never compared, links in
headers are not followed, an Idempotency-Key is sent but only Mastodon itself honours it (the outbox reads back
instead), and `since_id` is avoided because it loses the middle or is ignored.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar

from channels_sns.adapters import mastodon_posts
from channels_sns.adapters.api import Api, Bearer, as_text, is_same
from channels_sns.adapters.contract import (
    Adapter,
    AuthExpired,
    Capabilities,
    ChannelError,
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
    ReplyTarget,
    TargetGone,
    Transient,
)
from channels_sns.adapters.mastodon_feeds import Feeds
from channels_sns.adapters.mastodon_posts import is_id

#: How far before its connection the first poll of an account reaches.
LOOK_BACK = timedelta(minutes=15)
MEDIA_SECONDS = 30.0


class MastodonAdapter(Adapter):
    """One account on one server, by an access token (it does not expire)."""

    capabilities: ClassVar[Capabilities] = Capabilities(
        kind="mastodon",
        label="Mastodon",
        polls=frozenset({"mention", "reply", "message"}),
        max_length=500,
        images_max=4,
        image_types=frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"}),
        image_bytes_max=8_000_000,
        index_lag=timedelta(seconds=30),
        edits="same_id",
        secret_sets=(("access_token",),),
        private_reply=frozenset({"mention", "reply"}),
        private_images_max=4,
    )

    @property
    def api(self) -> Api:
        return Api(
            self.base_url,
            rules=mastodon_posts.RULES,
            said=mastodon_posts.said,
            auth=Bearer(self.secrets.get("access_token", "")),
            seconds=self.options.get("timeout", 15),
        )

    @property
    def _feeds(self) -> Feeds:
        return Feeds(self.api)

    def identify(self) -> Identity:
        me = self._me()
        followers = me.get("followers_count")
        return Identity(
            external_id=as_text(me["id"]),
            handle=as_text(me.get("acct")),
            name=as_text(me.get("display_name")),
            url=as_text(me.get("url")),
            followers=followers if isinstance(followers, int) else None,
        )

    def metrics(self) -> dict[str, int]:
        followers = self.identify().followers
        return {} if followers is None else {"followers": followers}

    def _me(self) -> dict[str, Any]:
        try:
            data = self.api.get("/api/v1/accounts/verify_credentials")
        except Rejected as error:  # snac answers a wrong token with 422, Takahē with 400
            raise AuthExpired(error.detail, status=error.status) from error
        if not isinstance(data, dict) or not is_id(as_text(data.get("id"))):
            raise Transient("the answer names no account")
        return data

    # --- in -----------------------------------------------------------------------------------------------------------

    def poll(self, cursor: Cursor, *, now: datetime) -> Iterator[Page]:
        """Upwards from the oldest notification that the cursor remembers (`trail`, newest first).

        An account without a trail yet begins at `since`: what is newer is fetched first and laid out oldest first.
        """
        trail = [str(one) for one in cursor.get("trail") or []]
        since = str(cursor.get("since") or (now - LOOK_BACK).isoformat())
        for step in self._feeds.upwards(trail) if trail else self._feeds.since(datetime.fromisoformat(since)):
            posts, bad = mastodon_posts.read_mentions(step.items, own_id=self.external_id)
            yield Page(posts, {"trail": list(step.trail)} if step.trail else {"since": since}, bad, step.gap)

    def lookup(self, external_ids: Sequence[str]) -> dict[str, IncomingPost | Gone]:
        found: dict[str, IncomingPost | Gone] = {}
        for external_id in external_ids:
            try:
                found[external_id] = self._status(external_id)
            except TargetGone:
                found[external_id] = Gone(external_id, verified=False)
        if any(isinstance(one, Gone) for one in found.values()):
            self._me()
            found = {one: Gone(one, verified=True) if isinstance(it, Gone) else it for one, it in found.items()}
        return found

    def _status(self, external_id: str) -> IncomingPost:
        data = self.api.get(f"/api/v1/statuses/{external_id}")
        posts, bad = mastodon_posts.read_statuses([data], own_id=self.external_id)
        if bad:
            raise Transient(f"no status: {bad[0].error}")
        return posts[0]

    # --- out ----------------------------------------------------------------------------------------------------------

    def prepare(self, post: OutgoingPost) -> Prepared:
        """The source is looked at first: several servers hang an answer to a deleted post under nothing at all."""
        if self.measure(post.text) > self.capabilities.max_length:
            raise Rejected(f"{self.measure(post.text)} of {self.capabilities.max_length}", code="too-long")
        body: dict[str, Any] = {"status": post.text, "language": post.language, "visibility": "public"}
        if post.target is not None:
            source = self._status(post.target.external_id)
            body["in_reply_to_id"] = post.target.external_id
            wanted = "direct" if post.private else post.target.visibility
            body["visibility"] = mastodon_posts.not_more_open(source.visibility, wanted)
        if post.media:
            body["media_ids"] = [self._upload(media) for media in post.media]
        return Prepared(post, body, "/api/v1/statuses")

    def _upload(self, media: OutgoingMedia) -> str:
        """The photo's id, once the server has processed it."""
        file = {"file": (media.filename, media.content, media.mime_type)}
        data = self.api.upload("/api/v2/media", files=file, data={"description": media.alt[:1500]})
        end = time.monotonic() + MEDIA_SECONDS
        while isinstance(data, dict) and is_id(as_text(data.get("id"))):
            if data.get("url"):
                return as_text(data["id"])
            if time.monotonic() > end:
                raise Transient("the photo is not processed yet")
            time.sleep(0.5)
            data = self.api.get(f"/api/v1/media/{data['id']}")
        raise Transient("the upload has no id")

    def publish(self, prepared: Prepared) -> Receipt:
        headers = {"Idempotency-Key": prepared.post.key}
        data = self.api.write("POST", prepared.url, json=dict(prepared.body), headers=headers)
        if not isinstance(data, dict) or not is_id(as_text(data.get("id"))):
            raise OutcomeUnknown("accepted without an id")
        receipt = Receipt(as_text(data["id"]), as_text(data.get("url")))
        if as_text(data.get("in_reply_to_id")) != prepared.body.get("in_reply_to_id", ""):
            self._take_back(receipt)
        return receipt

    def _take_back(self, stray: Receipt) -> None:
        """The server lost the thread: an answer under nothing is nobody's answer."""
        try:
            self.delete(stray.external_id)
        except ChannelError as error:
            raise Rejected(f"posted outside the thread, remove it by hand: {stray.url}", code="stray") from error
        raise TargetGone("the server did not find the post to answer")

    def find_own(self, post: OutgoingPost, *, since: datetime) -> ReadBack:
        """In the thread of the target, then among all that we wrote: snac shows private answers only in the thread."""
        unread = False
        for items in self._feeds.places_of(post.target, self.external_id, since):
            posts, bad = mastodon_posts.read_statuses(items, own_id=self.external_id)
            unread = unread or bool(bad)
            for own in posts:
                if own.is_own and is_same(own, post):
                    return ReadBack(Receipt(own.external_id, own.permalink), complete=True)
        return ReadBack(None, complete=not unread)

    def delete(self, external_id: str) -> None:
        self.api.write("DELETE", f"/api/v1/statuses/{external_id}")

    @classmethod
    def measure(cls, text: str) -> int:
        return mastodon_posts.length(text)

    @classmethod
    def reply_text(cls, text: str, target: ReplyTarget) -> str:
        return mastodon_posts.mention(text, target.author_handle)
