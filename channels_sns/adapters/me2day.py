"""me2day's open API (2007 to 30 June 2014), rebuilt from its recorded answers and its clients' sources.

No living server exists: the network closed in 2014, and nothing here was ever proven against the real one. The adapter
serves a feed that speaks the documented dialect; its address is the account's `base_url`.

What concerns the city, since the API knows neither a mention feed nor a since id:
- every comment on the city's own posts (track_comments, scope to_me);
- posts of friends (get_posts, scope friend[all]) that summon the city, which me2day writes as a link to its page, or
  that carry its name as a tag. The API lists nobody else's posts, so the city's account has to accept friends;
- under the posts of others where the city has answered lately: what their authors add, and who summons the city.

Options of an account: auth = "query" (keys in the address), kst_as_z, tags (more names of the city), timeout.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, ClassVar

from channels_sns.adapters import me2day_posts
from channels_sns.adapters.api import Api, as_text, is_same
from channels_sns.adapters.contract import (
    Adapter,
    Capabilities,
    Cursor,
    ErrorRule,
    Gone,
    Identity,
    IncomingPost,
    OutcomeUnknown,
    OutgoingPost,
    Page,
    Prepared,
    ReadBack,
    Receipt,
    Rejected,
    ReplyNotAllowed,
    TargetGone,
)
from channels_sns.adapters.me2day_auth import KeyAuth
from channels_sns.adapters.me2day_feeds import Feeds
from channels_sns.adapters.me2day_posts import is_comment, name, post_of

#: How far before the newest known item (at first: before the connection) a poll reads again.
OVERLAP = timedelta(minutes=15)


class Me2dayAdapter(Adapter):
    """One account, by the application's key and the user's."""

    capabilities: ClassVar[Capabilities] = Capabilities(
        kind="me2day",
        label="me2day",
        polls=frozenset({"mention", "comment"}),
        max_length=150,
        images_max=1,
        reply_images_max=0,
        reply_rule="can_reply_flag",
        returns_id=False,
        media_hosts=frozenset({"me2day.net", "me2day.com", "phinf.naver.net"}),
        secret_sets=(
            ("application_key", "user_id", "user_key"),
            ("application_key", "user_id", "full_auth_token"),
        ),
    )

    @property
    def api(self) -> Api:
        return self._api(me2day_posts.RULES)

    def _api(self, rules: Sequence[ErrorRule]) -> Api:
        auth = KeyAuth(self.secrets, user_id=self._me, in_query=self.options.get("auth") == "query")
        return Api(
            self.base_url, rules=rules, said=me2day_posts.said, auth=auth, seconds=self.options.get("timeout", 15)
        )

    @property
    def _me(self) -> str:
        return self.secrets.get("user_id", "") or self.external_id or self.handle

    @property
    def _feeds(self) -> Feeds:
        return Feeds(self.api, self._me, self._reader)

    @property
    def _reader(self) -> me2day_posts.Reader:
        tags, kst_as_z = self.options.get("tags", ()), bool(self.options.get("kst_as_z"))
        return me2day_posts.Reader(self._me, tags=tags, kst_as_z=kst_as_z)

    def identify(self) -> Identity:
        """noop proves the keys; what it says of nobody, get_person says of everybody."""
        self._control()
        person = self._feeds.record(f"/api/get_person/{self._me}.json")
        friends = person.get("friendsCount")
        return Identity(
            external_id=as_text(person.get("id")) or self._me,
            handle=as_text(person.get("id")) or self._me,
            name=as_text(person.get("nickname")),
            url=as_text(person.get("me2dayHome")),
            followers=friends if isinstance(friends, int) else None,
        )

    def metrics(self) -> dict[str, int]:
        friends = self.identify().followers
        return {} if friends is None else {"followers": friends}

    def _control(self) -> None:
        body = self.api.get("/api/noop.json")
        if not me2day_posts.accepted(body):
            raise me2day_posts.refusal(body, writing=False)

    # --- in -----------------------------------------------------------------------------------------------------------

    def poll(self, cursor: Cursor, *, now: datetime) -> Iterator[Page]:
        """Each list newest first down to its own bound, which moves up only when the walk has reached it."""
        feeds, reader = self._feeds, self._reader
        since = {"posts": now.isoformat(), "comments": now.isoformat(), **(cursor.get("since") or {})}
        for feed, walk in (("posts", feeds.friends_posts), ("comments", feeds.comments)):
            newest = bound = datetime.fromisoformat(since[feed])
            for step in walk(bound - OVERLAP):
                posts, bad = reader.page(step.items)
                newest = max([newest, *(post.posted_at for post in posts if post.posted_at <= now)])
                since = {**since, feed: newest.isoformat()} if step.done else since
                ours = {name(item) for item in step.items if reader.concerns_us(item)}
                yield Page(tuple(post for post in posts if post.external_id in ours), {"since": since}, bad, step.gap)
        posts, bad = reader.page(feeds.follow_ups())
        yield Page(posts, {"since": since}, bad)

    def lookup(self, external_ids: Sequence[str]) -> dict[str, IncomingPost | Gone]:
        found: dict[str, IncomingPost | Gone] = {}
        for post_id in dict.fromkeys(map(post_of, external_ids)):
            comments = any(is_comment(one) and post_of(one) == post_id for one in external_ids)
            posts, _bad = self._reader.page(
                self._source(post_id) + (self._feeds.thread(post_id)[1] if comments else [])
            )
            found.update({post.external_id: post for post in posts if post.external_id in external_ids})
        missing = [one for one in external_ids if one not in found]
        if missing:
            self._control()
        return found | {one: Gone(one, verified=True) for one in missing}

    def _source(self, post_id: str) -> list[Any]:
        """The post in a list, or nothing."""
        try:
            return self._feeds.listed("/api/get_posts.json", {"post_id": post_id})
        except TargetGone:
            return []

    # --- out ----------------------------------------------------------------------------------------------------------

    def prepare(self, post: OutgoingPost) -> Prepared:
        """A comment carries no photo; a post takes its one photo along in the very request."""
        if self.measure(post.text) > self.capabilities.max_length:
            raise Rejected(f"{self.measure(post.text)} of {self.capabilities.max_length}", code="too-long")
        if post.target is None:
            if len(post.media) > self.capabilities.images_max:
                raise Rejected("one photo at most", code="media")
            return Prepared(post, {"post[body]": post.text}, f"/api/create_post/{self._me}.json")
        if post.media:
            raise Rejected("a comment takes no photo", code="media")
        post_id = post_of(post.target.external_id)
        self._check_open(post_id)
        return Prepared(post, {"post_id": post_id, "body": post.text}, "/api/create_comment.json")

    def _check_open(self, post_id: str) -> None:
        source = self._source(post_id)
        if not source:
            raise TargetGone("the post is not there")
        if source[0].get("commentClosed"):
            raise ReplyNotAllowed("comments are closed")

    def publish(self, prepared: Prepared) -> Receipt:
        """A comment comes back without an id, so that the outbox looks for it; a post comes back whole."""
        files = [("attachment", (one.filename, one.content, one.mime_type)) for one in prepared.post.media]
        rules = me2day_posts.RULES if prepared.post.target is None else me2day_posts.REPLY_RULES
        body = self._api(rules).write("POST", prepared.url, data=dict(prepared.body), files=files or None)
        if prepared.post.target is not None and me2day_posts.accepted(body):
            return Receipt("")
        if me2day_posts.said(body).codes and not me2day_posts.accepted(body):
            raise me2day_posts.refusal(body, writing=True, rules=rules)
        posts, _bad = self._reader.page([body])
        if prepared.post.target is not None or not posts:
            raise OutcomeUnknown("the answer does not show the post")
        return Receipt(posts[0].external_id, posts[0].permalink)

    def find_own(self, post: OutgoingPost, *, since: datetime) -> ReadBack:
        if post.target is None:
            return self._find_post(post, since)
        try:
            _author, comments = self._feeds.thread(post_of(post.target.external_id))
        except TargetGone:
            return ReadBack(None, complete=True)
        under = replace(post, target=replace(post.target, external_id=post_of(post.target.external_id)))
        return self._found(comments, under) or ReadBack(None, complete=not self._reader.page(comments)[1])

    def _find_post(self, post: OutgoingPost, since: datetime) -> ReadBack:
        unread = False
        for step in self._feeds.posts("all", since):
            if found := self._found(step.items, post):
                return found
            unread = unread or bool(self._reader.page(step.items)[1])
        return ReadBack(None, complete=not unread)

    def _found(self, items: list[Any], post: OutgoingPost) -> ReadBack | None:
        for own in self._reader.page(items)[0]:
            if own.is_own and is_same(own, post):
                return ReadBack(Receipt(own.external_id, own.permalink), complete=True)
        return None

    def delete(self, external_id: str) -> None:
        if is_comment(external_id):
            body = self.api.write("POST", "/api/delete_comment.json", data={"comment_id": external_id})
        else:
            body = self.api.write("POST", "/api/delete_post.json", data={"post_id": external_id})
        if not me2day_posts.accepted(body):
            raise me2day_posts.refusal(body, writing=True)

    @classmethod
    def measure(cls, text: str) -> int:
        return me2day_posts.length(text)
