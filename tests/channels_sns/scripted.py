"""A network of pages and answers written down beforehand, for branches that no server can be timed to reach."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import pytest

from channels_sns import adapters
from channels_sns.adapters.contract import (
    Adapter,
    Capabilities,
    Cursor,
    Gone,
    Identity,
    IncomingAuthor,
    IncomingPost,
    OutgoingPost,
    Page,
    Prepared,
    ReadBack,
    Receipt,
)
from channels_sns.models import Account
from channels_sns.secrets import seal

NOON = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
Step = Any


class Script:
    """What the network will do, call by call: a value is returned, an exception raised, a function called."""

    def __init__(self) -> None:
        self.pages: list[Step] = []
        self.prepare: list[Step] = []
        self.publish: list[Step] = []
        self.find_own: list[Step] = []
        self.refresh: list[Step] = []
        self.delete: list[Step] = []
        self.lookup: list[Step] = []
        self.deleted: list[str] = []
        self.posted: list[OutgoingPost] = []

    @staticmethod
    def play(steps: list[Step], default: Any) -> Any:
        step = steps.pop(0) if steps else default
        if isinstance(step, BaseException):
            raise step
        return step() if callable(step) else step


class ScriptedAdapter(Adapter):
    """Reads `script`, which every test sets anew."""

    capabilities: ClassVar[Capabilities] = Capabilities(
        kind="scripted",
        label="Scripted",
        polls=frozenset({"mention"}),
        max_length=280,
        index_lag=timedelta(seconds=10),
        media_hosts=frozenset({"photos.example"}),
        secret_sets=(("token",), ("key", "secret")),
    )
    script: ClassVar[Script] = Script()

    def identify(self) -> Identity:
        return Identity("1", self.handle or "busan", "부산")

    def poll(self, cursor: Cursor, *, now: datetime) -> Iterator[Page]:
        while self.script.pages:
            yield Script.play(self.script.pages, None)

    def lookup(self, external_ids: Sequence[str]) -> dict[str, IncomingPost | Gone]:
        answer: dict[str, IncomingPost | Gone] = Script.play(self.script.lookup, {})
        return answer

    def prepare(self, post: OutgoingPost) -> Prepared:
        Script.play(self.script.prepare, None)
        return Prepared(post, {}, "")

    def publish(self, prepared: Prepared) -> Receipt:
        self.script.posted.append(prepared.post)
        answer: Receipt = Script.play(
            self.script.publish, Receipt(f"r{len(self.script.posted)}", "https://n.example/r")
        )
        return answer

    def find_own(self, post: OutgoingPost, *, since: datetime) -> ReadBack:
        answer: ReadBack = Script.play(self.script.find_own, ReadBack(None, complete=True))
        return answer

    def delete(self, external_id: str) -> None:
        self.script.deleted.append(external_id)
        Script.play(self.script.delete, None)

    def metrics(self) -> dict[str, int]:
        return {"followers": 20_000}

    def refresh(self) -> dict[str, str] | None:
        answer: dict[str, str] | None = Script.play(self.script.refresh, None)
        return answer

    @classmethod
    def measure(cls, text: str) -> int:
        return len(text)


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> Script:
    """A fresh script, its network registered as "scripted"."""
    fresh = Script()
    monkeypatch.setattr(ScriptedAdapter, "script", fresh)
    monkeypatch.setitem(adapters.ADAPTERS, "scripted", ScriptedAdapter)
    return fresh


def make_scripted_account(**fields: Any) -> Account:
    values: dict[str, Any] = {
        "kind": "scripted",
        "handle": "busan",
        "base_url": "https://n.example",
        "external_id": "1",
        "secrets": seal({"token": "t-canary-1"}),
        "connected_at": NOON,
    }
    return Account.objects.create(**(values | fields))


def make_incoming(external_id: str = "100", text: str = "가로등이 꺼졌습니다", **fields: Any) -> IncomingPost:
    values: dict[str, Any] = {
        "kind": "mention",
        "posted_at": NOON - timedelta(minutes=5),
        "raw": json.dumps({"id": external_id, "text": text}),
        "author": IncomingAuthor("7", "haeundae", "해운대 주민"),
    }
    return IncomingPost(external_id=external_id, text=text, **(values | fields))


def make_page(*posts: IncomingPost, cursor: dict[str, Any] | None = None, **fields: Any) -> Page:
    return Page(posts=posts, cursor=cursor or {"since": posts[-1].external_id if posts else ""}, **fields)


def later(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def raising(error: BaseException) -> Callable[[], None]:
    def step() -> None:
        raise error

    return step
