"""A broadcast on the sandbox's walls: once on each network, with its photo, whatever gets lost on the way."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from channels_sns import accounts, broadcasts, delivery
from channels_sns.adapters import ADAPTERS
from channels_sns.clock import database_now
from channels_sns.models import Account, OutboundPost
from channels_sns.sandbox.dialects import DIALECTS
from tests.broadcasting import approve, make_draft, photo, posts
from tests.sandbox import World

pytestmark = pytest.mark.django_db
NETWORKS = sorted(kind for kind in ADAPTERS.keys() & DIALECTS.keys() if ADAPTERS[kind].capabilities.publish)


def connect(world: World, network: str) -> Account:
    return accounts.connect(
        kind=network,
        handle=world.city(network)["handle"],
        base_url=world.base_url(network),
        secrets=world.credentials(network),
        now=database_now(),
    )


def standing(world: World, network: str) -> list[dict[str, Any]]:
    """The city's own posts that stand."""
    return [post for post in world.posts(network) if post["is_city"] and not post["deleted"]]


def deliver(account: Account, *, after: float = 0.0) -> None:
    delivery.deliver_due(account, now=database_now() + timedelta(seconds=after))


@pytest.mark.parametrize("network", NETWORKS)
def test_it_stands_once_with_its_photo(world: World, network: str) -> None:
    account = connect(world, network)
    broadcast = make_draft([account], text="다대포 영화제에 오세요!", now=database_now())
    broadcasts.add_picture(broadcast, photo(), alt="모래밭의 영화제", version=broadcast.version)
    approve(broadcast, now=database_now())
    deliver(account)
    deliver(account, after=300)
    (post,) = standing(world, network)
    assert ("다대포 영화제" in post["text"], len(post["media"])) == (True, 1)
    (row,) = posts(broadcast)
    assert (row.state, row.external_id) == ("SENT", post["id"])


@pytest.mark.parametrize("network", NETWORKS)
def test_a_lost_answer_makes_no_second_one(world: World, network: str) -> None:
    account = connect(world, network)
    broadcast = approve(
        make_draft([account], text="다대포 영화제에 오세요!\n#부산", now=database_now()), now=database_now()
    )
    world.fault(network, "drop_after_store")
    deliver(account)
    (row,) = posts(broadcast)
    assert row.state == "UNSURE"
    deliver(account, after=60)
    row.refresh_from_db()
    assert row.state == "SENT"
    assert [post["id"] for post in standing(world, network)] == [row.external_id]


@pytest.mark.parametrize("network", NETWORKS)
def test_two_languages_stand_one_under_the_other(world: World, network: str) -> None:
    account = connect(world, network)
    broadcast = make_draft(
        [account], text="다대포 영화제. " * 14, text_en="Film festival at Dadaepo. " * 8, now=database_now()
    )
    broadcasts.vary(broadcast, account.pk, {"language": "both"})
    approve(broadcast, now=database_now())
    for turn in range(8):  # me2day names no comment: each part is looked for before the next one goes
        deliver(account, after=60 * turn)
    rows = posts(broadcast)
    assert {row.state for row in OutboundPost.objects.all()} == {"SENT"}
    parents = {post["id"]: post["parent"] for post in standing(world, network)}
    first = rows[0].external_id
    assert parents[first] is None
    assert all(parents[row.external_id] is not None for row in rows[1:])
