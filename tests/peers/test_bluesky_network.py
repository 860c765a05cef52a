"""The Bluesky adapter on the network's own services (@atproto/dev-env):  make test-bluesky

Not part of `make test`: the services are 360 MB from npm.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from channels_sns import accounts, delivery, inbox, outbox
from channels_sns.adapters.bluesky import BlueskyAdapter
from channels_sns.adapters.contract import Gone, OutgoingPost, Rejected, ReplyTarget, TargetGone
from channels_sns.models import Account, InboundPost, OutboundPost
from channels_sns.outbox import State
from tests.faults.proxy import Faults, running_proxy
from tests.peers.bluesky_server import Bluesky, running_bluesky
from tests.peers.mastodon_journey import STEP, deliver, wait_for

pytestmark = [
    pytest.mark.bluesky,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(os.environ.get("DESK_BLUESKY") != "1", reason="make test-bluesky"),
]

FAMILY = "👨‍👩‍👧‍👦"


@pytest.fixture(scope="module")
def network() -> Iterator[Bluesky]:
    with running_bluesky() as one:
        yield one


@pytest.fixture
def account(network: Bluesky, settings: Any) -> Account:
    settings.QUARANTINE, settings.POLL_EVERY = timedelta(seconds=60), timedelta(0)
    return accounts.connect(
        kind="bluesky",
        handle="city.test",
        base_url=f"http://127.0.0.1:{network.port}",
        secrets={"identifier": "city.test", "app_password": network.app_password},
        now=timezone.now(),
    )


def adapter_of(account: Account) -> BlueskyAdapter:
    adapter = accounts.open_adapter(account)
    assert isinstance(adapter, BlueskyAdapter)
    return adapter


def collected(account: Account, uri: str) -> InboundPost:
    """A post, once it lies in the inbox. A search is part of every poll here, not only of one in five minutes."""

    def arrived() -> bool:
        Account.objects.filter(pk=account.pk).update(cursor={**_cursor(account), "walked": None})
        assert not inbox.collect(Account.objects.get(pk=account.pk), now=timezone.now()).error
        return InboundPost.objects.filter(account=account, external_id=uri).exists()

    wait_for(arrived)
    return InboundPost.objects.select_related("author").get(account=account, external_id=uri)


def _cursor(account: Account) -> dict[str, Any]:
    return dict(Account.objects.get(pk=account.pk).cursor or {})


def complaint(network: Bluesky, text: str = "@city.test 해운대구 가로등이 꺼졌습니다") -> dict[str, str]:
    return network.citizen.writes(text, mentions=network.city.did)


def approved(account: Account, post: InboundPost) -> OutboundPost:
    tag = f"B26-{uuid4().int % 10**6:06d}-1"
    target = ReplyTarget(external_id=post.external_id, root_id=post.root_id, kind="mention")
    (row,) = outbox.enqueue(
        account=account,
        key=f"peer:{uuid4()}",
        parts=[f"담당 부서에서 고쳤습니다. 접수 {tag} https://www.busan.go.kr #부산"],
        tags=[tag],
        target=target,
        language="ko",
        now=timezone.now(),
    )
    return row


def stands_once(network: Bluesky, uri: str, row: OutboundPost) -> dict[str, Any]:
    wait_for(lambda: bool(network.answers(uri)))
    (answer,) = network.answers(uri)
    assert answer["uri"] == row.external_id
    assert row.tag in answer["record"]["text"]
    return answer


def test_a_complaint_comes_in_and_its_answer_stands_under_it(network: Bluesky, account: Account) -> None:
    uri = complaint(network)["uri"]
    post = collected(account, uri)
    assert post.author is not None
    assert (post.author.external_id, post.author.handle) == (network.citizen.did, "citizen.test")
    row = approved(account, post)
    deliver(row, now=timezone.now())
    assert (row.state, row.last_error) == (State.SENT, "")
    record = stands_once(network, uri, row)["record"]
    text = record["text"].encode()
    places = [text[one["index"]["byteStart"] : one["index"]["byteEnd"]].decode() for one in record["facets"]]
    assert places == ["https://www.busan.go.kr", "#부산"]
    adapter_of(account).delete(row.external_id)
    wait_for(lambda: network.answers(uri) == [])


def test_an_answer_that_was_lost_on_the_way_is_not_posted_twice(network: Bluesky, account: Account) -> None:
    uri, now = complaint(network)["uri"], timezone.now()
    row = approved(account, collected(account, uri))
    with running_proxy(network.port) as proxy:
        Account.objects.filter(pk=account.pk).update(base_url=f"http://127.0.0.1:{proxy.port}")
        proxy.spoil(Faults(cut_before_reply=1, only=b"POST /xrpc/com.atproto.repo.putRecord"))
        delivery.deliver_due(Account.objects.get(pk=account.pk), now=timezone.now())
        row.refresh_from_db()
        assert row.state == State.UNSURE
        deliver(row, now=now + STEP)
    assert (row.state, row.attempts) == (State.SENT, 1)
    stands_once(network, uri, row)


def test_the_same_key_again_is_the_same_post(network: Bluesky, account: Account) -> None:
    uri = complaint(network)["uri"]
    target = ReplyTarget(external_id=uri, root_id=uri)
    collected(account, uri)
    answer = OutgoingPost(str(uuid4()), "고쳤습니다. 접수 B26-000001-1", target=target, created_at=timezone.now())
    adapter = adapter_of(account)
    receipts = {adapter.publish(adapter.prepare(answer)).external_id for _turn in range(3)}
    assert len(receipts) == 1
    wait_for(lambda: bool(network.answers(uri)))
    assert [one["uri"] for one in network.answers(uri)] == [*receipts]


def test_what_raises_no_notification_is_found_all_the_same(network: Bluesky, account: Account) -> None:
    """A mention without a facet, and a reply that came too soon after its parent for the network to notice."""
    plain = network.citizen.writes("@city.test 신호등이 고장났습니다")
    first = complaint(network)
    soon = network.citizen.writes("사진을 빠뜨렸습니다", under=first)
    for one in (plain, first, soon):
        collected(account, one["uri"])


def test_a_deleted_post_is_gone_and_cannot_be_answered(network: Bluesky, account: Account) -> None:
    uri = complaint(network)["uri"]
    row = approved(account, collected(account, uri))
    network.citizen.deletes(uri)
    wait_for(lambda: isinstance(adapter_of(account).lookup([uri])[uri], Gone))
    target = ReplyTarget(external_id=uri, root_id=uri)
    with pytest.raises(TargetGone):
        adapter_of(account).prepare(OutgoingPost(str(uuid4()), "고쳤습니다", target=target, created_at=timezone.now()))
    deliver(row, now=timezone.now())
    assert row.state == State.FAILED


@pytest.mark.parametrize("unit", ["가", "a", FAMILY, "é"])
def test_the_measure_is_the_networks_own(network: Bluesky, account: Account, unit: str) -> None:
    """The longest text that we let through is taken; one sign more the network refuses as we do."""
    adapter = adapter_of(account)
    count = next(n for n in range(301, 0, -1) if adapter.measure(unit * n) <= 300)
    assert count == (120 if unit == FAMILY else 300)
    assert network.city.put(unit * count).status_code == 200
    refused = network.city.put(unit * (count + 1))
    assert (refused.status_code, refused.json()["error"]) == (400, "InvalidRequest")
    with pytest.raises(Rejected):
        adapter.prepare(OutgoingPost(str(uuid4()), unit * (count + 1), created_at=timezone.now()))
