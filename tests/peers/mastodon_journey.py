"""One mention's way through the desk's mailroom and back, on a server that others wrote."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

from django.utils import timezone

from channels_sns import accounts, delivery, inbox, media, outbox
from channels_sns.adapters.contract import ReplyTarget
from channels_sns.adapters.mastodon import MastodonAdapter
from channels_sns.models import Account, InboundMedia, InboundPost, OutboundPost
from channels_sns.outbox import State
from tests.channels_sns.adapters.suite import photo
from tests.faults.proxy import Faults, running_proxy
from tests.peers.mastodon_servers import Server

STEP = timedelta(seconds=61)


def connect(server: Server) -> Account:
    return accounts.connect(
        kind="mastodon",
        handle="city",
        base_url=server.base_url,
        secrets={"access_token": server.city_token},
        now=timezone.now(),
    )


def wait_for(done: Callable[[], bool], *, seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.1)


def write_complaints(server: Server) -> list[str]:
    """Two complaints with a photo each, ahead of the tests: a server may take its time to tell the city. Their ids."""
    return [server.citizen_writes(f"@city 해운대구 우동 가로등이 꺼졌습니다 {n}", photo()) for n in (1, 2)]


def collected(account: Account, post_id: str) -> InboundPost:
    """A complaint, once it lies in the inbox."""

    def arrived() -> bool:
        assert not inbox.collect(account, now=timezone.now()).error
        return InboundPost.objects.filter(account=account, external_id=post_id).exists()

    wait_for(arrived)
    post = InboundPost.objects.get(account=account, external_id=post_id)
    assert "가로등이 꺼졌습니다" in post.text
    assert post.author is not None
    assert post.author.handle.partition("@")[0] == "citizen"
    return post


def fetched_photo(post: InboundPost) -> InboundMedia:
    """The photo of a post, after the mailroom fetched what waits."""
    media.fetch_due(now=timezone.now())
    return InboundMedia.objects.get(post=post)


def approve_answer(post: InboundPost, *, now: datetime) -> OutboundPost:
    """An answer to `post` in the outbox, as an approval puts it there."""
    assert post.author is not None
    tag = f"B26-{uuid4().int % 10**6:06d}-1"
    target = ReplyTarget(
        external_id=post.external_id,
        root_id=post.root_id,
        kind="mention",
        author_id=post.author.external_id,
        author_handle=post.author.handle,
        visibility=post.visibility,
    )
    text = MastodonAdapter.reply_text(f"담당 부서에서 고쳤습니다. 접수 {tag}", target)
    (row,) = outbox.enqueue(
        account=post.account,
        key=f"peer:{uuid4()}",
        parts=[text],
        tags=[tag],
        target=target,
        language="ko",
        now=now,
    )
    return row


def deliver(row: OutboundPost, *, now: datetime) -> None:
    """Workers, a minute apart by the clock that is passed in, until the row is settled."""
    for _step in range(12):
        row.refresh_from_db()
        if row.state in (State.SENT, State.FAILED, State.BLOCKED) or row.needs_officer_at:
            return
        Account.objects.filter(pk=row.account_id).update(send_after=None)
        delivery.deliver_due(Account.objects.get(pk=row.account_id), now=now)
        now += STEP


def play_a_day(server: Server, post_id: str) -> None:
    """A complaint with a photo comes in; its answer stands once, under it."""
    account = connect(server)
    post = collected(account, post_id)
    picture = fetched_photo(post)
    assert (picture.state, picture.failure) == (InboundMedia.State.STORED, "")
    now = timezone.now()
    row = approve_answer(post, now=now)
    deliver(row, now=now)
    assert (row.state, row.last_error) == (State.SENT, "")
    stands_once(server, post, row)


def play_a_lost_answer(server: Server, post_id: str) -> None:
    """The server takes the reply, the desk never hears of it: it is read back, and not sent again."""
    account = connect(server)
    post, now = collected(account, post_id), timezone.now()
    row = approve_answer(post, now=now)
    with running_proxy(server.port) as proxy:
        Account.objects.filter(pk=account.pk).update(base_url=f"http://localhost:{proxy.port}")
        proxy.spoil(Faults(cut_before_reply=1, only=b"POST /api/v1/statuses"))
        delivery.deliver_due(Account.objects.get(pk=account.pk), now=now)
        row.refresh_from_db()
        assert row.state == State.UNSURE
        stands_once(server, post, None)
        deliver(row, now=now + STEP)
    assert (row.state, row.attempts) == (State.SENT, 1)
    stands_once(server, post, row)


def stands_once(server: Server, post: InboundPost, row: OutboundPost | None) -> None:
    wait_for(lambda: bool(server.answers(post.external_id)))
    (answer,) = server.answers(post.external_id)
    if row is not None:
        assert answer["id"] == row.external_id
        assert row.tag in answer["content"]
