"""What every network is to the desk: the values that cross the border, the promise of an adapter, its errors.

Plain Python. An adapter knows one network's dialect and nothing of tables, tasks or complaints.
Times are timezone-aware UTC datetimes; identifiers are text (a network's ids exceed 2**53 or start with "_").
"""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar, Literal

from channels_sns.adapters.failures import (
    AuthExpired,
    ChannelError,
    Duplicate,
    OutcomeUnknown,
    PermissionDenied,
    QuotaExhausted,
    RateLimited,
    Rejected,
    ReplyNotAllowed,
    TargetGone,
    Transient,
)
from channels_sns.adapters.metering import Allowance, Meter, Price
from channels_sns.adapters.push import Pushed

#: The errors, which stand in a file of their own.
__all__ = [
    "AuthExpired",
    "ChannelError",
    "Duplicate",
    "OutcomeUnknown",
    "PermissionDenied",
    "QuotaExhausted",
    "RateLimited",
    "Rejected",
    "ReplyNotAllowed",
    "TargetGone",
    "Transient",
]

PostKind = Literal["mention", "wall", "comment", "reply", "message", "quote"]
MediaKind = Literal["photo", "video", "gif"]
ReplyRule = Literal["open", "summoned_only", "can_reply_flag"]

#: What an adapter needs to go on from where it was: JSON only, stored by the inbox together with the rows.
Cursor = Mapping[str, Any]
#: Named secrets of one account, decrypted ("consumer_key", "access_token" …).
Secrets = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Identity:
    """The city's own account as the network knows it."""

    external_id: str
    handle: str
    name: str = ""
    url: str = ""
    followers: int | None = None


@dataclass(frozen=True, slots=True)
class IncomingAuthor:
    """Who wrote a post. Ids are only unique within one account's network (Facebook's are page-scoped)."""

    external_id: str
    handle: str = ""
    name: str = ""
    url: str = ""
    avatar_url: str = ""


@dataclass(frozen=True, slots=True)
class IncomingMedia:
    url: str
    kind: MediaKind = "photo"
    alt: str = ""


@dataclass(frozen=True, slots=True)
class IncomingPost:
    """One post as the network served it; `text` is plain text, `raw` the JSON text it came in."""

    external_id: str
    kind: PostKind
    text: str
    posted_at: datetime
    raw: str
    author: IncomingAuthor | None = None
    root_id: str = ""
    parent_id: str = ""
    permalink: str = ""
    media: tuple[IncomingMedia, ...] = ()
    is_own: bool = False
    can_reply: bool | None = None
    visibility: str = ""
    language: str = ""
    #: Earlier ids of the same post, oldest first, where an edit makes a new id (X).
    earlier_ids: tuple[str, ...] = ()
    edited_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class BadItem:
    """An item of a page that could not be read: kept whole as a dead letter, never dropped."""

    raw: bytes
    error: str
    external_id: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a poll. `cursor` is stored in the same transaction as the posts."""

    posts: tuple[IncomingPost, ...]
    cursor: Cursor
    bad: tuple[BadItem, ...] = ()
    #: The network could not serve everything since the last poll: shown to people, never silent.
    gap: str = ""


@dataclass(frozen=True, slots=True)
class Gone:
    """A post that the network no longer shows. `verified`: a control call proved that the account still works."""

    external_id: str
    verified: bool


@dataclass(frozen=True, slots=True)
class ReplyTarget:
    """The citizen's post that is answered."""

    external_id: str
    root_id: str = ""
    parent_id: str = ""
    kind: PostKind = "mention"
    author_id: str = ""
    author_handle: str = ""
    visibility: str = ""


@dataclass(frozen=True, slots=True)
class OutgoingMedia:
    content: bytes
    mime_type: str
    alt: str = ""
    filename: str = "photo.jpg"


@dataclass(frozen=True, slots=True)
class OutgoingPost:
    """What the city says. `key` is the outbox row's id; `tag` stands inside `text` and makes it unique.

    `created_at`: of the row, the same at every try. `pending_id`: of a post that the network took but did not show yet.
    """

    key: str
    text: str
    tag: str = ""
    target: ReplyTarget | None = None
    media: tuple[OutgoingMedia, ...] = ()
    language: str = "ko"
    created_at: datetime | None = None
    pending_id: str = ""
    private: bool = False


@dataclass(frozen=True, slots=True)
class Prepared:
    """A request ready to leave: photos are uploaded, the source was looked at; only the one POST is missing."""

    post: OutgoingPost
    body: Mapping[str, Any]
    url: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """The network accepted a post. `external_id` is empty where the network returns none (me2day).

    `pending_id`: accepted, not delivered yet (Kakao); `find_own` asks by it until it is. `media_ids`: photos that the
    network keeps beside the post, and that have to be deleted beside it (Facebook).
    """

    external_id: str
    url: str = ""
    raw: str = ""
    pending_id: str = ""
    media_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadBack:
    """What our own timeline says. `complete`: everything that could hold the post was read, so absence counts."""

    found: Receipt | None
    complete: bool


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a network can do, declared and never guessed; docs/channels.md is made from it."""

    kind: str
    label: str
    polls: frozenset[PostKind]
    max_length: int
    images_max: int = 0
    image_types: frozenset[str] = frozenset({"image/jpeg", "image/png"})
    image_bytes_max: int = 5_000_000
    reply_rule: ReplyRule = "open"
    publish: bool = True
    delete_own: bool = True
    metrics: bool = True
    returns_id: bool = True
    own_readback: bool = True
    refuses_duplicates: bool = False
    #: How long a new post may stay invisible to our own read-back.
    index_lag: timedelta = timedelta(seconds=30)
    #: Hosts (and their subdomains) that serve this network's photos.
    media_hosts: frozenset[str] = frozenset()
    edits: Literal["new_id", "same_id", "none"] = "none"
    #: Names of the secrets that connecting needs; each tuple is one complete set.
    secret_sets: tuple[tuple[str, ...], ...] = ()
    #: Its posts can be asked for; it pushes posts to us (docs/operations.md, webhooks).
    pulled: bool = True
    webhook: bool = False
    #: It accepts a reply under a deleted post without a word: the desk looks at the source first.
    looks_before_reply: bool = False
    #: Kinds of public posts that can be answered so that only their author sees it (`OutgoingPost.private`).
    private_reply: frozenset[PostKind] = frozenset()
    #: Photos that an answer takes; None: as many as a post.
    reply_images_max: int | None = None
    #: Of what is said in private: how long (0: as in public), how many photos, what right of the token it needs, and
    #: whether a post is answered in private only once, by one message, until its author has answered.
    private_length: int = 0
    private_images_max: int = 0
    private_scope: str = ""
    private_once: bool = False
    #: What the network gives away in a period.
    allowances: tuple[Allowance, ...] = ()
    #: Rights a token must have, by the network's own names.
    scopes: tuple[str, ...] = ()

    def photos_of_reply(self, *, private: bool) -> int:
        """How many photos an answer may carry."""
        if private:
            return self.private_images_max
        return self.images_max if self.reply_images_max is None else self.reply_images_max


@dataclass(frozen=True, slots=True)
class TokenState:
    """What the network says of a token; None and (): it does not say."""

    expires_at: datetime | None = None
    data_access_expires_at: datetime | None = None
    scopes: tuple[str, ...] = ()


class Adapter(ABC):
    """One network's dialect over HTTP. Each call is bounded in time and raises only `ChannelError`s.

    A subclass is registered in `ADAPTERS` and passes the shared contract suite (tests/channels_sns/adapters/suite.py).
    """

    capabilities: ClassVar[Capabilities]
    #: Where the network's API lives for everybody; "" where every account names its own server.
    default_base_url: ClassVar[str] = ""

    def __init__(
        self,
        *,
        base_url: str,
        secrets: Secrets,
        external_id: str = "",
        handle: str = "",
        options: Mapping[str, Any] | None = None,
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self.secrets = secrets
        self.external_id = external_id
        self.handle = handle
        self.options = dict(options or {})
        self.meter = Meter()

    @abstractmethod
    def identify(self) -> Identity:
        """Who these secrets belong to. Raises AuthExpired, PermissionDenied."""

    @abstractmethod
    def poll(self, cursor: Cursor, *, now: datetime) -> Iterator[Page]:
        """Pages since `cursor` ({} on the first poll), each with the cursor to store with it.

        The stored cursor never passes an item that was not yet yielded: a newest-first walk keeps its old bound
        until it reached it. Every poll reads an overlap again. A page that cannot be parsed raises Transient.
        """

    @abstractmethod
    def lookup(self, external_ids: Sequence[str]) -> dict[str, IncomingPost | Gone]:
        """The present state of posts by id."""

    @abstractmethod
    def prepare(self, post: OutgoingPost) -> Prepared:
        """Everything before the one POST: photos uploaded, limits checked. May be repeated without harm."""

    @abstractmethod
    def publish(self, prepared: Prepared) -> Receipt:
        """The one POST. Raises OutcomeUnknown whenever the post may stand although no receipt was read."""

    @abstractmethod
    def find_own(self, post: OutgoingPost, *, since: datetime) -> ReadBack:
        """Look for `post` among our own posts (own author, same target, `tag` in the text)."""

    @abstractmethod
    def delete(self, external_id: str) -> None:
        """Take down one of our own posts, or a photo by its `Receipt.media_ids`. TargetGone if it is not there."""

    @abstractmethod
    def metrics(self) -> dict[str, int]:
        """Named counters of the account now, e.g. {"followers": 20000}."""

    def refresh(self) -> dict[str, str] | None:
        """New secrets after the token ran out, or None where tokens do not expire. Raises AuthExpired if refused."""
        return None

    def token_state(self) -> TokenState:
        """Until when the token works and what it may do."""
        return TokenState()

    def price(self, post: OutgoingPost) -> Price | None:
        """What sending `post` uses up; None: nothing that anybody counts."""
        return None

    # --- pushed to us -------------------------------------------------------------------------------------------------

    def challenge(self, query: Mapping[str, str]) -> str | None:
        """The body that answers the network's question whether this address is ours; None: it is no such question."""
        return None

    def verify_push(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Is this delivery signed with our key? Header names in lower case, raw bytes, constant time."""
        return False

    def push_id(self, body: bytes, *, now: datetime) -> str:
        """What makes a delivery the same one again: its bytes."""
        return hashlib.sha256(body).hexdigest()

    def read_push(self, body: bytes, *, now: datetime) -> Pushed:
        """What a verified delivery says. Raises ValueError for a body that is none of this network's."""
        raise ValueError("this network pushes nothing")

    def push_answer(self, pushed: Pushed, *, receipt: str, language: str) -> Mapping[str, Any] | None:
        """The JSON to answer a delivery with, where the citizen reads it at once (Kakao); None: an empty 200."""
        return None

    @classmethod
    @abstractmethod
    def measure(cls, text: str) -> int:
        """Length of `text` as the network counts it (Hangul is 2 on X), to hold against `capabilities.max_length`."""

    @classmethod
    def reply_text(cls, text: str, target: ReplyTarget) -> str:
        """`text` as it must be written to reach the citizen, e.g. with the mention that the network wants."""
        return text


@dataclass(frozen=True, slots=True)
class ErrorRule:
    """One row of a network's error table: the first row whose fields all match names the error.

    status: HTTP status or None for any; code: the network's own code/reason/type, "" for any; text: substring of the
    body, lower case, looked at last because networks reword their sentences.
    """

    error: type[ChannelError]
    status: int | None = None
    code: str = ""
    text: str = ""
    note: str = field(default="", compare=False)
