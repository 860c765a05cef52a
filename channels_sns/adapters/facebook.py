"""Facebook Pages, Graph API v26.0: visitors' posts, tags, comments and messages in; comments, posts, messages out.

What concerns the city:
- posts of others on the Page's wall (/feed) and public posts that tag the Page (/tagged);
- comments and replies under the Page's and its visitors' posts, and what the author of a tagging post adds under it.
  Read are the newest threads, and of the older ones (up to `thread_days`) those that the network says have changed.

With the right pages_messaging, every conversation is a thread of its own, and a comment can be answered in private.

Options: version, thread_days, timeout, scopes (of the token). Secrets besides: verify_token (push), app_id (token).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, ClassVar

from channels_sns.adapters import facebook_errors, facebook_posts, facebook_push, facebook_token
from channels_sns.adapters.api import as_text, is_same
from channels_sns.adapters.contract import (
    Adapter,
    Capabilities,
    Cursor,
    ErrorRule,
    Gone,
    Identity,
    IncomingPost,
    OutgoingPost,
    Page,
    PermissionDenied,
    Prepared,
    ReadBack,
    Receipt,
    Rejected,
    TargetGone,
    TokenState,
    Transient,
)
from channels_sns.adapters.facebook_feeds import THREAD_DAYS, Walk, params
from channels_sns.adapters.facebook_graph import Graph, path_of
from channels_sns.adapters.facebook_ids import is_id
from channels_sns.adapters.facebook_messages import LENGTH_MAX, SCOPE, Inbox, is_message, is_private
from channels_sns.adapters.facebook_posts import Reader
from channels_sns.adapters.push import Pushed, is_hex_signature
from channels_sns.adapters.text import nfc

VERSION = "v26.0"


class FacebookAdapter(Adapter):
    """One Page, by its own access token; with the application's secret, every call is proven."""

    default_base_url: ClassVar[str] = "https://graph.facebook.com"
    capabilities: ClassVar[Capabilities] = Capabilities(
        kind="facebook",
        label="Facebook",
        polls=frozenset({"wall", "mention", "comment", "reply", "message"}),
        max_length=8_000,
        images_max=10,
        reply_images_max=1,
        image_types=frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"}),
        image_bytes_max=4_000_000,
        reply_rule="can_reply_flag",
        refuses_duplicates=True,
        media_hosts=frozenset({"fbcdn.net", "fbsbx.com"}),
        edits="same_id",
        secret_sets=(("page_access_token", "app_secret"), ("page_access_token",)),
        webhook=True,
        private_reply=frozenset({"wall", "comment", "reply"}),
        private_length=LENGTH_MAX,
        private_scope=SCOPE,
        private_once=True,
        scopes=facebook_token.SCOPES,
    )

    @property
    def graph(self) -> Graph:
        return self._graph(facebook_errors.RULES)

    def _graph(self, rules: Sequence[ErrorRule], *, token: str = "") -> Graph:
        return Graph(
            f"{self.base_url}/{self.options.get('version', VERSION)}",
            token=token or self.secrets.get("page_access_token", ""),
            app_secret="" if token else self.secrets.get("app_secret", ""),
            rules=rules,
            seconds=self.options.get("timeout", 15),
            hear=lambda _call, headers: self.meter.hear(*facebook_errors.windows(headers, now=datetime.now(UTC))),
        )

    def identify(self) -> Identity:
        me = self._me()
        page_id = as_text(me["id"])
        name, handle = as_text(me.get("name")), as_text(me.get("username")) or self.handle or page_id
        url = as_text(me.get("link")) or facebook_posts.permalink(page_id)
        return Identity(page_id, handle, name, url, facebook_posts.count(me.get("followers_count")))

    def metrics(self) -> dict[str, int]:
        me = self._me()
        counts = (
            ("followers", facebook_posts.count(me.get("followers_count"))),
            ("fans", facebook_posts.count(me.get("fan_count"))),
        )
        return {name: count for name, count in counts if count is not None}

    def token_state(self) -> TokenState:
        app_id, secret = self.secrets.get("app_id", ""), self.secrets.get("app_secret", "")
        graph = self._graph(facebook_errors.RULES, token=f"{app_id}|{secret}" if app_id and secret else "")
        return facebook_token.read_state(graph.inspect(self.secrets.get("page_access_token", "")))

    def _me(self) -> dict[str, Any]:
        data = self.graph.read("me", "id,name,username,link,followers_count,fan_count")
        if not is_id(data.get("id")):
            raise Transient("the answer names no page")
        return data

    # --- in -----------------------------------------------------------------------------------------------------------

    def poll(self, cursor: Cursor, *, now: datetime) -> Iterator[Page]:
        """Each edge newest first down to its own bound; comments at last, after their posts are stored."""
        days = self.options.get("thread_days", THREAD_DAYS)
        inbox = self._inbox if SCOPE in (self.options.get("scopes") or ()) else None
        return Walk(self.graph, Reader(self.external_id), cursor, now=now, days=days, inbox=inbox).pages()

    @property
    def _inbox(self) -> Inbox:
        return Inbox(self.graph, self.external_id)

    def lookup(self, external_ids: Sequence[str]) -> dict[str, IncomingPost | Gone]:
        found: dict[str, IncomingPost | Gone] = {}
        for external_id in external_ids:
            try:
                found[external_id] = self._one(external_id)
            except TargetGone:
                found[external_id] = Gone(external_id, verified=False)
        if any(isinstance(one, Gone) for one in found.values()) and self._still_sees():
            found = {one: Gone(one, verified=True) if isinstance(it, Gone) else it for one, it in found.items()}
        return found

    def _one(self, external_id: str) -> IncomingPost:
        posts, bad = self._read_one(external_id)
        if not posts:
            raise Transient(f"no post: {bad[0].error}") if bad else TargetGone("not published")
        return posts[0]

    def _read_one(self, external_id: str) -> facebook_posts.Readings:
        """Posts on the Page begin with its id; whatever does not is a comment, or else a post that tags the Page."""
        if is_message(external_id):
            return self._inbox.one(external_id)
        if not external_id.startswith(f"{self.external_id}_"):
            try:
                return Reader(self.external_id).comments([self.graph.read(external_id, facebook_posts.COMMENT)])
            except Rejected:
                pass
        return Reader(self.external_id).posts([self.graph.read(external_id, facebook_posts.POST)])

    def _still_sees(self) -> bool:
        """Can the token read what others write on the Page? Then what it does not find is gone."""
        try:
            next(self.graph.pages(self.external_id, "feed", {"fields": "id", "limit": "1"}))
        except (PermissionDenied, TargetGone):
            return False
        return True

    # --- pushed to us -------------------------------------------------------------------------------------------------

    def challenge(self, query: Mapping[str, str]) -> str | None:
        return facebook_push.answer(query, self.secrets.get("verify_token", ""))

    def verify_push(self, headers: Mapping[str, str], body: bytes) -> bool:
        return is_hex_signature(headers.get("x-hub-signature-256", ""), self.secrets.get("app_secret", ""), body)

    def read_push(self, body: bytes, *, now: datetime) -> Pushed:
        return facebook_push.read(body, page_id=self.external_id)

    # --- out ----------------------------------------------------------------------------------------------------------

    def prepare(self, post: OutgoingPost) -> Prepared:
        if is_private(post):
            return Prepared(post, self._inbox.form(post), path_of(self.external_id, "messages"))
        if self.measure(post.text) > self.capabilities.max_length:
            raise Rejected(f"{self.measure(post.text)} of {self.capabilities.max_length}", code="too-long")
        if post.target is not None and len(post.media) > 1:
            raise Rejected("a comment carries one photo", code="too-many-photos")
        body = {"message": post.text, "fields": "id,permalink_url"}
        photos = [self.graph.photo(self.external_id, media) for media in post.media]
        if post.target is not None:
            body |= {"attachment_id": photos[0]} if photos else {}
            return Prepared(post, body, path_of(facebook_posts.place(post.target), "comments"))
        body |= facebook_posts.attached(photos)
        return Prepared(post, body, path_of(self.external_id, "feed"))

    def publish(self, prepared: Prepared) -> Receipt:
        if is_private(prepared.post):
            sent = self._graph(facebook_errors.MESSAGE_RULES).create(prepared.url, prepared.body, name="message_id")
            return Receipt(as_text(sent["message_id"]))
        rules = facebook_errors.REPLY_RULES if prepared.post.target else facebook_errors.RULES
        data = self._graph(rules).create(prepared.url, prepared.body)
        receipt = _receipt(as_text(data["id"]), as_text(data.get("permalink_url")))
        return replace(receipt, media_ids=facebook_posts.photos_of(prepared.body))

    def find_own(self, post: OutgoingPost, *, since: datetime) -> ReadBack:
        """Under the whole post: where Facebook hangs an answer to a reply is its own affair."""
        if is_private(post):
            return self._inbox.find_own(post, since=since)
        target, unread = post.target, False
        node, edge, fields = self.external_id, "feed", facebook_posts.POST
        if target is not None:
            node, edge, fields = target.root_id or facebook_posts.place(target), "comments", facebook_posts.COMMENT
        try:
            for step in self.graph.pages(node, edge, params(edge, fields, since)):
                posts, bad = (
                    Reader(self.external_id).comments(step.items, root_id=node)
                    if target
                    else Reader(self.external_id).posts(step.items)
                )
                for one in posts:
                    if one.is_own and _says(one, post):
                        return ReadBack(_receipt(one.external_id, one.permalink), complete=True)
                unread = (
                    unread or bool(bad or step.gap) or any(one.author is None and _says(one, post) for one in posts)
                )
        except TargetGone:
            return ReadBack(None, complete=self._still_sees())
        return ReadBack(None, complete=not unread)

    def delete(self, external_id: str) -> None:
        if is_message(external_id):
            raise Rejected("a message cannot be taken back", code="no-delete")
        if not self.graph.remove(external_id):
            raise TargetGone("nothing was deleted")

    @classmethod
    def measure(cls, text: str) -> int:
        return len(nfc(text))


def _says(one: IncomingPost, post: OutgoingPost) -> bool:
    """Does `one` say what `post` says, in the same place?"""
    if post.target is None or (post.tag and post.target.kind == "reply"):
        return is_same(one, replace(post, target=None))
    return is_same(one, post)


def _receipt(external_id: str, url: str) -> Receipt:
    return Receipt(external_id, url or facebook_posts.permalink(external_id))
