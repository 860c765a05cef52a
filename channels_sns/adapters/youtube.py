"""YouTube Data API v3 (discovery revision 20261104): comments under the channel's videos in, replies out.

The list of threads is in the order of the first comments: a new reply does not move an old thread up. So every poll
reads down to the newest known comment, and once in a while the threads of two weeks, to compare how many replies each
has. Quota is counted in units, 10,000 a day; a reply costs 50.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar

from channels_sns.adapters import youtube_posts
from channels_sns.adapters.api import Api, Bearer, as_text
from channels_sns.adapters.contract import (
    Adapter,
    AuthExpired,
    BadItem,
    Capabilities,
    Cursor,
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
    Transient,
)
from channels_sns.adapters.metering import Allowance, Lane, Price
from channels_sns.adapters.text import nfc

OVERLAP = timedelta(hours=1)
#: Threads younger than this are looked through for late replies, this often.
RESCAN_REACH = timedelta(days=14)
RESCAN_EVERY = timedelta(minutes=30)
PAGES_MAX = 100
READ = Price(Decimal(1), "units")
REPLY = Price(Decimal(50), "units")


class YouTubeAdapter(Adapter):
    """One channel, by an OAuth 2 refresh token (it does not rotate). No broadcasts: the API has no community posts."""

    default_base_url: ClassVar[str] = "https://www.googleapis.com"
    capabilities: ClassVar[Capabilities] = Capabilities(
        kind="youtube",
        label="YouTube",
        polls=frozenset({"comment", "reply"}),
        max_length=10_000,
        reply_rule="can_reply_flag",
        publish=False,
        index_lag=timedelta(minutes=1),
        edits="same_id",
        secret_sets=(("client_id", "client_secret", "refresh_token"),),
        allowances=(Allowance("units", "day", Decimal(10_000), "America/Los_Angeles"),),
        scopes=("https://www.googleapis.com/auth/youtube.force-ssl",),
    )

    @property
    def api(self) -> Api:
        token = Bearer(self.secrets.get("access_token", ""))
        seconds = self.options.get("timeout", 15)
        return Api(self.base_url, rules=youtube_posts.RULES, said=youtube_posts.said, auth=token, seconds=seconds)

    def identify(self) -> Identity:
        if not self.secrets.get("access_token"):
            self.secrets = {**self.secrets, **self.refresh()}
        channel = self._channel()
        snippet = channel.get("snippet") or {}
        handle = as_text(snippet.get("customUrl")).removeprefix("@")
        return Identity(as_text(channel["id"]), handle, as_text(snippet.get("title")), followers=_subscribers(channel))

    def metrics(self) -> dict[str, int]:
        followers = _subscribers(self._channel())
        return {} if followers is None else {"followers": followers}

    def _channel(self) -> dict[str, Any]:
        items = self._list("channels", {"part": "snippet,statistics", "mine": "true"}).get("items") or []
        if not items or not as_text(items[0].get("id")):
            raise Transient("the answer names no channel")
        return dict(items[0])

    def _list(self, what: str, params: dict[str, str], *, lane: Lane = "mention") -> dict[str, Any]:
        self.meter.use(lane, READ)
        data = self.api.get(f"/youtube/v3/{what}", params)
        return data if isinstance(data, dict) else {}

    # --- in -----------------------------------------------------------------------------------------------------------

    def poll(self, cursor: Cursor, *, now: datetime) -> Iterator[Page]:
        """Newest first down to the newest known comment, or, for late replies, down to two weeks ago.

        The stored cursor stays as it was until the walk has reached its end: a broken one begins again.
        """
        since = _moment(cursor.get("since")) or now
        rescan = now - (_moment(cursor.get("rescanned")) or datetime.min.replace(tzinfo=UTC)) >= RESCAN_EVERY
        floor = min(since - OVERLAP, now - RESCAN_REACH) if rescan else since - OVERLAP
        counts, newest, token = dict(cursor.get("counts") or {}), since, ""
        for _page in range(PAGES_MAX):
            posts, bad, replies, token = self._threads(token)
            late, unread = self._late_replies(replies, counts, posts)
            posts, bad = posts + late, bad + unread
            newest = min(max(newest, youtube_posts.newest(posts) or newest), max(now, since))
            middle = youtube_posts.middle(posts)
            counts.update({thread: there for thread, (_shown, there) in replies.items()})
            if not token or (middle is not None and middle < floor):
                done = {
                    "since": newest.isoformat(),
                    "rescanned": now.isoformat() if rescan else cursor.get("rescanned"),
                }
                yield Page(tuple(posts), {**done, "counts": _recent(counts)}, tuple(bad))
                return
            yield Page(tuple(posts), cursor, tuple(bad))
        raise Transient(f"no end after {PAGES_MAX} pages")

    def _threads(self, token: str) -> tuple[list[IncomingPost], list[Any], dict[str, tuple[int, int]], str]:
        params = {
            "part": "snippet,replies",
            "allThreadsRelatedToChannelId": self.external_id,
            "order": "time",
            "maxResults": "100",
            "textFormat": "plainText",
        }
        body = self._list("commentThreads", params | ({"pageToken": token} if token else {}))
        posts, bad, replies = youtube_posts.read_threads(list(body.get("items") or []), own_id=self.external_id)
        return posts, bad, replies, as_text(body.get("nextPageToken"))

    def _late_replies(
        self, replies: dict[str, tuple[int, int]], counts: dict[str, Any], posts: list[IncomingPost]
    ) -> tuple[list[IncomingPost], list[BadItem]]:
        """Replies that a thread does not show beside its comment, where their number grew."""
        videos = {post.external_id: post.permalink for post in posts}
        late: list[IncomingPost] = []
        bad: list[BadItem] = []
        for thread, (shown, there) in replies.items():
            if there > shown and there > int(counts.get(thread) or 0):
                found, unread = self._replies(thread, videos.get(thread, ""))
                late, bad = late + found, bad + unread
        return late, bad

    def _replies(
        self, thread: str, permalink: str, *, lane: Lane = "mention"
    ) -> tuple[list[IncomingPost], list[BadItem]]:
        """All replies of a thread. Raises Transient where they have no end."""
        video = permalink.partition("v=")[2].partition("&")[0]
        params = {"part": "snippet", "parentId": thread, "maxResults": "100", "textFormat": "plainText"}
        items: list[Any] = []
        for _page in range(PAGES_MAX):
            body = self._list("comments", params, lane=lane)
            items += body.get("items") or []
            params["pageToken"] = as_text(body.get("nextPageToken"))
            if not params["pageToken"]:
                return youtube_posts.read_comments(items, video_id=video, own_id=self.external_id)
        raise Transient(f"no end after {PAGES_MAX} pages")

    def lookup(self, external_ids: Sequence[str]) -> dict[str, IncomingPost | Gone]:
        """A missing id is deleted or held for review: nobody can tell, so it is never surely gone."""
        found: dict[str, IncomingPost | Gone] = {}
        for start in range(0, len(external_ids), 50):
            ids = external_ids[start : start + 50]
            body = self._list(
                "comments", {"part": "snippet", "id": ",".join(ids), "textFormat": "plainText"}, lane="search"
            )
            posts, _bad = youtube_posts.read_comments(
                list(body.get("items") or []), video_id="", own_id=self.external_id
            )
            found.update({post.external_id: post for post in posts})
            found.update({one: Gone(one, verified=False) for one in ids if one not in found})
        return found

    # --- out ----------------------------------------------------------------------------------------------------------

    def price(self, post: OutgoingPost) -> Price | None:
        return REPLY

    def prepare(self, post: OutgoingPost) -> Prepared:
        if post.target is None:
            raise Rejected("YouTube takes no posts, only replies", code="no-broadcast")
        if self.measure(post.text) > self.capabilities.max_length:
            raise Rejected(f"{self.measure(post.text)} of {self.capabilities.max_length}", code="too-long")
        snippet = {"parentId": post.target.root_id or post.target.external_id, "textOriginal": nfc(post.text)}
        return Prepared(post, {"snippet": snippet}, "/youtube/v3/comments?part=snippet")

    def publish(self, prepared: Prepared) -> Receipt:
        try:
            data = self.api.write("POST", prepared.url, json=dict(prepared.body))
        except Rejected as error:
            if error.code in youtube_posts.UNSURE_REASONS:
                raise OutcomeUnknown(error.detail, status=error.status, code=error.code) from error
            raise
        external_id = as_text(data.get("id")) if isinstance(data, dict) else ""
        if not youtube_posts.is_id(external_id):
            raise OutcomeUnknown("accepted without an id")
        return Receipt(external_id, f"https://www.youtube.com/watch?lc={external_id}")

    def find_own(self, post: OutgoingPost, *, since: datetime) -> ReadBack:
        """Among the replies of the thread; whatever was answered, ours stands under the top-level comment."""
        assert post.target is not None  # noqa: S101 - `prepare` refused anything else
        replies, unread = self._replies(post.target.root_id or post.target.external_id, "", lane="reply")
        for own in replies:
            if own.is_own and (post.tag in own.text if post.tag else own.text == nfc(post.text)):
                return ReadBack(Receipt(own.external_id, own.permalink), complete=True)
        return ReadBack(None, complete=not unread)

    def delete(self, external_id: str) -> None:
        self.meter.use("reply", REPLY)
        self.api.write("DELETE", "/youtube/v3/comments", params={"id": external_id})

    def refresh(self) -> dict[str, str]:
        """A new access token; it lasts an hour."""
        address = self.options.get("token_url") or _token_server(self.base_url)
        api = Api(address, rules=youtube_posts.RULES, said=youtube_posts.said)
        names = ("client_id", "client_secret", "refresh_token")
        form = {"grant_type": "refresh_token", **{name: self.secrets.get(name, "") for name in names}}
        data = api.upload("", data=form)
        token = as_text(data.get("access_token")) if isinstance(data, dict) else ""
        if not token:
            raise AuthExpired("no new token")
        return {"access_token": token}

    @classmethod
    def measure(cls, text: str) -> int:
        return len(nfc(text))


def _token_server(base_url: str) -> str:
    """Google's own, or the sandbox's beside its API."""
    return "https://oauth2.googleapis.com/token" if base_url == YouTubeAdapter.default_base_url else f"{base_url}/token"


def _subscribers(channel: dict[str, Any]) -> int | None:
    """Rounded by YouTube, or hidden."""
    count = as_text((channel.get("statistics") or {}).get("subscriberCount"))
    return int(count) if count.isascii() and count.isdigit() else None


def _moment(value: Any) -> datetime | None:
    return datetime.fromisoformat(value) if isinstance(value, str) and value else None


def _recent(counts: dict[str, Any]) -> dict[str, Any]:
    """The counters of the last thousand threads; older ones get no late replies in practice."""
    return dict(list(counts.items())[-1000:])
