"""Whatever a network serves, a poll ends, nothing is lost, and the citizen's post beside it or after it stands.

The corpora (JSONTestSuite, hostile values) go through the sandbox as items of every pulled network, and as pages that
cannot be read.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from channels_sns import inbox
from channels_sns.adapters import ADAPTERS
from channels_sns.adapters.api import as_raw
from channels_sns.adapters.http import NotJson, strict_json
from channels_sns.models import Account, DeadLetter, InboundPost
from channels_sns.secrets import seal
from tests.sandbox import World
from tests.shared_material import shared

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.unmeasured]

#: More of them in a row than a page holds would be a gap on networks that page by ids.
TOGETHER = 40
#: X lists 800 mentions, me2day so many comments.
ITEMS_MAX = 500
PULLED = sorted(kind for kind, adapter in ADAPTERS.items() if adapter.capabilities.pulled)
every_network = pytest.mark.parametrize("kind", PULLED)


def files() -> list[Path]:
    return sorted(shared("corpora", "jsontestsuite").rglob("*.json"))


def values() -> dict[str, bytes]:
    """The hostile values by name; among them what is no JSON."""
    listed = json.loads(shared("corpora", "own", "hostile-values.json").read_text())
    return {str(one["name"]): str(one["json"]).encode() for one in listed}


def corpus() -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in files()} | values()


def can_be_an_item(raw: bytes) -> bool:
    """Strict JSON, and no byte order mark: that may stand only before a whole page."""
    try:
        strict_json(raw)
    except NotJson:
        return False
    return not raw.startswith(b"\xef\xbb\xbf")


class Feed:
    """One network's account and what was polled from it."""

    def __init__(self, world: World, kind: str) -> None:
        self.world, self.kind = world, kind
        city = world.city(kind)
        adapter = ADAPTERS[kind](
            base_url=world.base_url(kind),
            secrets=world.credentials(kind),
            external_id=city["id"],
            handle=city["handle"],
        )
        adapter.identify()
        self.account = Account.objects.create(
            kind=kind,
            handle=city["handle"],
            external_id=city["id"],
            base_url=world.base_url(kind),
            secrets=seal(dict(adapter.secrets)),
            connected_at=timezone.now(),
        )
        self.collect()

    def collect(self) -> inbox.Collected:
        self.account.refresh_from_db()
        return inbox.collect(self.account, now=timezone.now())

    def citizen(self) -> str:
        return self.world.citizen_post(self.kind, "가로등이 꺼졌습니다")

    def serve(self, items: Sequence[bytes]) -> set[str]:
        """`items`, with a citizen's post before and after every forty; the ids of those posts."""
        posts = {self.citizen()}
        for start in range(0, len(items), TOGETHER):
            self.world.raw(self.kind, items[start : start + TOGETHER])
            posts.add(self.citizen())
        return posts

    def missing(self, posts: set[str]) -> set[str]:
        """Those of `posts` that did not arrive."""
        stored = InboundPost.objects.filter(account=self.account, external_id__in=posts)
        return posts - set(stored.values_list("external_id", flat=True))

    def still_works(self) -> bool:
        self.account.refresh_from_db()
        return self.account.state == Account.State.ACTIVE

    def shape(self) -> Any:
        """An item as this network serves it: a citizen's post, taken from what was polled."""
        self.citizen()
        self.collect()
        evidence = InboundPost.objects.filter(account=self.account).latest("id").evidence
        item = json.loads(evidence.raw)
        if self.kind == "mastodon":
            return {"id": "01NT0", "type": "mention", "created_at": item["created_at"], "status": item}
        if self.kind == "youtube":
            video = item["snippet"].get("videoId")
            return {"id": item["id"], "snippet": {"videoId": video, "topLevelComment": item, "totalReplyCount": 0}}
        return item


def spoilt(item: Any, poison: Any) -> Iterator[Any]:
    """`item` with each of its values in turn, however deep, replaced by `poison`."""
    pairs = list(item.items() if isinstance(item, dict) else enumerate(item) if isinstance(item, list) else [])
    for key, value in pairs:
        for other in (poison, *spoilt(value, poison)):
            copy = dict(item) if isinstance(item, dict) else list(item)
            copy[key] = other
            yield copy


def test_the_reader_of_json_is_strict() -> None:
    """y_ must be accepted and n_ refused; i_ is free."""
    judged = {path.name: can_be_an_item(path.read_bytes()) for path in files()}
    assert len(judged) > 200
    assert [name for name, accepted in judged.items() if name.startswith("y_") and not accepted] == []
    assert [name for name, accepted in judged.items() if name.startswith("n_") and accepted] == []


@every_network
def test_every_item_that_is_no_post_is_a_dead_letter_and_the_post_beside_it_stands(world: World, kind: str) -> None:
    feed, items = Feed(world, kind), [raw for raw in corpus().values() if can_be_an_item(raw)]
    posts = feed.serve(items)
    assert feed.collect().error == ""
    assert (feed.missing(posts), feed.still_works()) == (set(), True)
    kept = set(DeadLetter.objects.filter(account=feed.account).values_list("sha256", flat=True))
    served = {as_raw(strict_json(raw)).encode("utf-8", "surrogatepass") for raw in items}
    assert {raw for raw in served if hashlib.sha256(raw).hexdigest() not in kept} == set()


@every_network
def test_every_broken_page_is_read_again_once_it_is_whole(world: World, kind: str) -> None:
    feed = Feed(world, kind)
    before = feed.citizen()
    for name, raw in corpus().items():
        if can_be_an_item(raw):
            continue
        (poison,) = world.raw(kind, [raw])
        assert feed.collect().error.startswith("Transient"), name
        world.delete(kind, poison)
    posts = {before, feed.citizen()}
    assert feed.collect().error == ""
    assert (feed.missing(posts), feed.still_works()) == (set(), True)


@every_network
def test_a_post_with_a_hostile_value_costs_only_itself(world: World, kind: str) -> None:
    feed = Feed(world, kind)
    shape, poisons = feed.shape(), [strict_json(raw) for raw in values().values() if can_be_an_item(raw)]
    items = [json.dumps(item).encode() for poison in poisons for item in spoilt(shape, poison)]
    posts = feed.serve(items[:: 1 + len(items) // ITEMS_MAX])
    collected = feed.collect()
    assert (collected.error, collected.dead > 0) == ("", True)
    assert (feed.missing(posts), feed.still_works()) == (set(), True)
    later = feed.citizen()
    assert feed.collect().error == ""
    assert feed.missing({later}) == set()
