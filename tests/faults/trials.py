"""One trial: a citizen's post, one approved reply, one disaster while it is sent; then workers until it is settled.

Every worker is a forked process on the real database, speaking HTTP to the real sandbox; a kill is SIGKILL. Time moves
by the `now` that is passed in, so that a lease and a quarantine need no waiting; trials whose disaster needs real
seconds use `real_time`.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import uuid4

from django.conf import settings
from django.db import connections
from django.utils import timezone

from channels_sns import accounts, delivery, inbox, outbox
from channels_sns.adapters.contract import ReplyTarget
from channels_sns.models import Account, InboundPost, OutboundPost
from channels_sns.outbox import State
from tests.sandbox import World

NETWORKS = ("x", "facebook", "youtube", "bluesky", "mastodon", "me2day")
#: Where a sender may be killed: R1–R3's six places.
KILL_POINTS = (
    "outbox.commit_SENDING",
    "outbox.before_http",
    "outbox.after_http",
    "outbox.commit_SENT",
    "outbox.after_record",
    "outbox.reconcile",
)
STEP = timedelta(seconds=61)
STEPS_MAX = 12


@dataclass(slots=True)
class Score:
    """What came of all trials: the two figures that count, and how often each disaster was played."""

    played: dict[str, int] = field(default_factory=dict)
    lost: int = 0
    doubled: int = 0

    def add(self, name: str, posts: int) -> None:
        self.played[name] = self.played.get(name, 0) + 1
        self.lost += posts == 0
        self.doubled += posts > 1

    @property
    def trials(self) -> int:
        return sum(self.played.values())


@dataclass(slots=True)
class Trial:
    """A connected account, a citizen's post on it and the city's reply in the outbox."""

    world: World
    network: str
    account: Account
    post_id: str
    row_id: str
    now: datetime

    @classmethod
    def begin(cls, world: World, network: str) -> Trial:
        now = timezone.now()
        account = Account.objects.filter(base_url=world.base_url(network)).first() or accounts.connect(
            kind=network,
            handle=world.city(network)["handle"],
            base_url=world.base_url(network),
            secrets=world.credentials(network),
            now=now,
        )
        post_id = world.citizen_post(network, f"가로등이 꺼졌습니다 {uuid4().hex[:8]}")
        inbox.collect(account, now=now)
        post = InboundPost.objects.select_related("author").get(account=account, external_id=post_id)
        tag = f"B26-{uuid4().int % 10**6:06d}-1"
        target = ReplyTarget(
            external_id=post.external_id,
            root_id=post.root_id,
            parent_id=post.parent_id,
            kind=post.kind,  # type: ignore[arg-type]
            author_id=post.author.external_id if post.author else "",
            author_handle=post.author.handle if post.author else "",
            visibility=post.visibility,
        )
        text = accounts.adapter_class(network).reply_text(f"담당 부서에서 고쳤습니다. 접수 {tag}", target)
        (row,) = outbox.enqueue(
            account=account, key=f"trial:{uuid4()}", parts=[text], tags=[tag], target=target, language="ko", now=now
        )
        return cls(world, network, account, post_id, str(row.pk), now)

    def row(self) -> OutboundPost:
        return OutboundPost.objects.get(pk=self.row_id)

    def returns_id(self) -> bool:
        """Is a receipt enough to call it sent? If not, every post is read back first."""
        return accounts.capabilities_of(self.account).returns_id

    def posts(self) -> int:
        """How many replies stand under the citizen's post."""
        return len(self.world.replies(self.network, self.post_id))

    def work(self, *, crash_at: str = "", before: Callable[[], None] | None = None) -> int:
        """One worker process to its end; its exit status (negative: the signal that killed it)."""
        pid = self.start(crash_at=crash_at, before=before)
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])

    def start(self, *, crash_at: str = "", before: Callable[[], None] | None = None) -> int:
        """A worker process, running; its process id."""
        connections.close_all()
        pid = os.fork()
        if pid:
            return pid
        status = 1
        try:
            settings.CRASH_AT = crash_at
            if before is not None:
                before()
            delivery.deliver_due(Account.objects.get(pk=self.account.pk), now=self.now)
            status = 0
        finally:
            os._exit(status)

    def settle(self) -> str:
        """Workers, a minute apart, until the row is settled; the state it ends in."""
        for _step in range(STEPS_MAX):
            if self.row().state in (State.SENT, State.FAILED, State.BLOCKED) or self.row().needs_officer_at:
                break
            Account.objects.filter(pk=self.account.pk).update(send_after=None)
            self.work()
            self.now += STEP
        return self.row().state

    def settle_in_real_time(self, seconds: float) -> str:
        """The same, with the clock on the wall."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and self.row().state != State.SENT:
            self.now = timezone.now()
            self.work()
            time.sleep(0.2)
        return self.row().state


def stopped(pid: int) -> bool:
    """Wait until a process stopped itself."""
    _pid, status = os.waitpid(pid, os.WUNTRACED)
    return os.WIFSTOPPED(status)


def stop_at(point: str) -> Callable[[], None]:
    """A worker that stops itself (SIGSTOP) at a point, as if the machine had frozen it."""

    def patch() -> None:
        def pausing(name: str) -> None:
            if name == point:
                os.kill(os.getpid(), signal.SIGSTOP)

        vars(delivery)["crash_point"] = pausing

    return patch
