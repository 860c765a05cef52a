"""Every adapter under every fault of a network's answer: nothing lost, nothing posted twice.

make faults: at least 200 sends on each adapter, each fault equally often. The short run plays each fault on two
adapters, another two for the next fault, so that all adapters and all faults are met.

Where nothing can be read back (KakaoTalk), a post whose answer is lost goes to an officer: that is neither lost nor
sent again.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from channels_sns import accounts, delivery, outbox
from channels_sns.adapters import ADAPTERS
from channels_sns.adapters.contract import ReplyTarget
from channels_sns.models import Account, OutboundPost, RateWindow, Spending
from channels_sns.outbox import State
from tests.sandbox import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow, pytest.mark.unmeasured]

#: On each adapter, in the long run.
SENDS = 200
LONG = int(os.environ.get("DESK_FAULT_TRIALS", "0")) > 0
KINDS = tuple(ADAPTERS)
WAIT = timedelta(seconds=90)
#: No more tries than this until a post is settled.
STEPS_MAX = 400
#: The sandbox's own windows would be met long before 200 sends.
UNLIMITED: dict[str, dict[str, Any]] = {
    "x": {"limits": False},
    "facebook": {"limits": False},
    "youtube": {"daily_units": 10**9},
    "bluesky": {"limits": False},
    "mastodon": {"limits": False},
}


@dataclass(frozen=True, slots=True)
class Fault:
    """What spoils the answer to a publish; `then` spoils the first look for it as well. `reset`: a style of 429."""

    name: str
    params: dict[str, Any] = field(default_factory=dict)
    then: tuple[str, dict[str, Any]] | None = None
    reset: str = ""
    seconds: int = 15


def failing(code: int, **params: Any) -> Fault:
    return Fault("status", {"code": code, "on": "publish", **params})


FAULTS: dict[str, Fault] = {
    "lost after it was accepted": Fault("drop_after_store"),
    "reset before it was accepted": Fault("drop_before_store"),
    **{f"{code}, not posted": failing(code) for code in (500, 502, 503, 504)},
    **{f"{code}, posted all the same": failing(code, after_store=True) for code in (500, 502, 503, 504)},
    "503 as a web page, posted": failing(503, body="html", after_store=True),
    "502 without a body, not posted": failing(502, body="empty"),
    "200 with a web page": Fault("html_200", {"on": "publish"}),
    "truncated JSON": Fault("truncated_json", {"on": "publish"}),
    "success without an id": Fault("no_id_201"),
    "a body of 10 MB": Fault("big_body", {"on": "publish", "size": 10_000_000}),
    "a slow drip": Fault("slow_drip", {"on": "publish"}, seconds=1),
    "a wrong content type": Fault("wrong_content_type", {"on": "publish", "type": "text/plain"}),
    "429 as the network words it": Fault("rate_limited", {"on": "publish"}),
    **{f"429, reset in {style}": Fault("rate_limited", {"on": "publish"}, reset=style) for style in
       ("seconds", "an HTTP date", "an epoch", "an ISO time")},
    "429, reset in nonsense": Fault("rate_limited", {"on": "publish", "headers": {"Retry-After": "soon"}}),
    "lost, and the look for it finds a web page": Fault("drop_after_store", then=("html_200", {})),
    "lost, and the look for it is refused": Fault("drop_after_store", then=("rate_limited", {})),
    "lost, and the look for it is cut off": Fault("drop_after_store", then=("truncated_json", {})),
    "not posted, and the look for it fails": Fault("drop_before_store", then=("status", {"code": 503})),
}  # fmt: skip


def reset_headers(style: str, at: datetime) -> dict[str, str]:
    """When to come back, as networks say it."""
    seconds = str(int(WAIT.total_seconds()))
    window = {"X-RateLimit-Remaining": "0", "x-rate-limit-remaining": "0"}
    if style == "seconds":
        return {"Retry-After": seconds}
    if style == "an HTTP date":
        return {"Retry-After": format_datetime(at.astimezone(UTC), usegmt=True)}
    moment = str(int(at.timestamp())) if style == "an epoch" else at.isoformat()
    return {**window, "X-RateLimit-Reset": moment, "x-rate-limit-reset": moment}


@dataclass(slots=True)
class Score:
    """What came of one adapter's sends."""

    sends: int = 0
    lost: int = 0
    doubled: int = 0
    asked: int = 0


@pytest.fixture(scope="module")
def scores() -> Iterator[dict[str, Score]]:
    """Prints a line for each adapter."""
    kept = {kind: Score() for kind in KINDS}
    yield kept
    print()
    for kind, one in kept.items():
        said = f"{one.lost} lost, {one.doubled} posted twice"
        print(f"{kind:10s} {one.sends:4d} sends: {said}" + (f", {one.asked} shown to an officer" if one.asked else ""))


@pytest.fixture(autouse=True)
def quick(settings: Any) -> None:
    settings.QUARANTINE = timedelta(seconds=60)


class Sender:
    """The city's account on one network, with a citizen's post for every send."""

    def __init__(self, world: World, kind: str) -> None:
        self.world, self.kind = world, kind
        world.settings(kind, **UNLIMITED.get(kind, {}))
        self.account = accounts.connect(
            kind=kind,
            handle=world.city(kind)["handle"],
            base_url=world.base_url(kind),
            secrets=world.credentials(kind),
            now=timezone.now(),
        )

    def begin(self, now: datetime) -> OutboundPost:
        """A new post of a new citizen, and the answer to it in the outbox; what the last one waited for is over.

        The desk's clock goes on in leaps while one post is settled, the network's does not: both begin together.
        """
        Account.objects.filter(pk=self.account.pk).update(send_after=None)
        handle, tag = f"c{uuid4().hex[:12]}", f"B26-{uuid4().int % 10**6:06d}-{uuid4().int % 10**6}"
        post_id = self.world.citizen_post(self.kind, f"가로등이 꺼졌습니다 {tag}", handle=handle)
        (post,) = [post for post in self.world.posts(self.kind) if post["id"] == post_id]
        target = ReplyTarget(external_id=post_id, root_id=post_id, author_id=post["author_id"], author_handle=handle)
        text = accounts.adapter_class(self.kind).reply_text(f"담당 부서에서 고쳤습니다. 접수 {tag}", target)
        (row,) = outbox.enqueue(
            account=self.account,
            key=f"fault:{uuid4()}",
            parts=[text],
            tags=[tag],
            target=target,
            language="ko",
            now=now,
        )
        return row

    def work(self, row: OutboundPost, now: datetime) -> None:
        """A worker's turn at `now`; what was spent before is forgotten: a day's quota is not what is tried here."""
        Spending.objects.all().delete()
        RateWindow.objects.all().delete()
        delivery.deliver_due(Account.objects.get(pk=self.account.pk), now=now)
        row.refresh_from_db()

    def settle(self, row: OutboundPost, now: datetime) -> None:
        """Workers, whenever something is due, until the post is settled or an officer is asked."""
        for _step in range(STEPS_MAX):
            if row.state in (State.SENT, State.FAILED, State.BLOCKED) or row.needs_officer_at:
                return
            waits = Account.objects.get(pk=self.account.pk).send_after if row.state == State.QUEUED else None
            now = max(now, row.next_attempt_at or now, waits or now) + timedelta(seconds=1)
            self.work(row, now)

    def standing(self, row: OutboundPost) -> int:
        """How many answers stand under the citizen's post."""
        return len(self.world.replies(self.kind, row.target["external_id"]))


def send(sender: Sender, fault: Fault, settings: Any) -> OutboundPost:
    """One answer under one fault, until it is settled."""
    now = timezone.now()
    row, until = sender.begin(now), (now + WAIT).replace(microsecond=0)
    params = {**fault.params, "headers": reset_headers(fault.reset, until)} if fault.reset else fault.params
    sender.world.fault(sender.kind, fault.name, **params)
    settings.HTTP_TIMEOUT = fault.seconds
    sender.work(row, now)
    settings.HTTP_TIMEOUT = 15
    if fault.reset:
        waits = Account.objects.get(pk=sender.account.pk).send_after
        assert (row.state, row.rounds) == (State.QUEUED, 0), "a 429 is no unknown outcome"
        assert waits is not None
        assert waits >= until, "not again before the network said"
    if fault.then:
        name, more = fault.then
        sender.world.fault(sender.kind, name, on="read", **more)
    sender.settle(row, now)
    sender.world.no_faults(sender.kind)
    return row


def played(kind: str) -> list[str]:
    """The faults of a run: all of them often enough, or some."""
    if LONG:
        return list(FAULTS) * -(-SENDS // len(FAULTS))
    mine = KINDS.index(kind)
    return [name for number, name in enumerate(FAULTS) if mine in (number % len(KINDS), (number + 3) % len(KINDS))]


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_lost_and_nothing_stands_twice(
    world: World, scores: dict[str, Score], settings: Any, kind: str
) -> None:
    sender, score = Sender(world, kind), scores[kind]
    for name in played(kind):
        row = send(sender, FAULTS[name], settings)
        standing, asked = sender.standing(row), row.needs_officer_at is not None
        score.sends += 1
        score.asked += asked
        score.doubled += standing > 1
        score.lost += standing == 0 and not asked
        assert (row.state, standing) == (State.SENT, 1) or (kind == "kakao" and asked and standing <= 1), (
            f"{name} on {kind}: {row.state}, {standing} standing: {row.last_class}: {row.last_error}"
        )


def test_where_nobody_can_tell_an_officer_is_asked_at_once(world: World, settings: Any) -> None:
    sender, begun = Sender(world, "kakao"), timezone.now()
    row = send(sender, FAULTS["lost after it was accepted"], settings)
    assert row.needs_officer_at is not None
    assert row.needs_officer_at - begun < timedelta(minutes=5)
    assert (row.state, sender.standing(row)) == (State.UNSURE, 1)


def test_the_short_run_meets_every_fault_twice_and_the_long_one_suffices() -> None:
    short = [name for kind in KINDS for name in played(kind)] if not LONG else list(FAULTS) * 2
    assert sorted(short) == sorted([*FAULTS, *FAULTS])
    assert len(FAULTS) * -(-SENDS // len(FAULTS)) >= SENDS
