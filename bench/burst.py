"""10,000 posts at once: how long from the network's pages to numbered complaints, and is any of them missing?

python -m bench burst [--posts 10000] [--network mastodon]
"""

from __future__ import annotations

import argparse
import time

from bench.desk import database, empty_desk
from tests.sandbox import World, running_sandbox

TARGET_SECONDS = 60


def main(arguments: list[str]) -> int:
    """Print the figures; 1 if a post is lost or the target is missed."""
    parser = argparse.ArgumentParser(prog="bench burst")
    parser.add_argument("--posts", type=int, default=10_000)
    parser.add_argument("--network", default="mastodon")
    options = parser.parse_args(arguments)
    with empty_desk() as folder, running_sandbox(folder / "sandbox") as address:
        return _measure(World(address, "burst"), options.network, options.posts)


def _measure(world: World, network: str, posts: int) -> int:
    from django.utils import timezone

    from channels_sns import accounts, inbox
    from complaints import intake
    from complaints.models import Complaint, ComplaintPost

    account = accounts.connect(
        kind=network,
        handle=world.city(network)["handle"],
        base_url=world.base_url(network),
        secrets=world.credentials(network),
        now=timezone.now(),
    )
    ids = set(world.burst(network, posts))
    begun = time.perf_counter()
    collected = inbox.collect(account, now=timezone.now())
    read = time.perf_counter()
    registered = intake.register_waiting(now=timezone.now())
    done = time.perf_counter()
    stored = set(ComplaintPost.objects.values_list("post__external_id", flat=True))
    numbers = set(Complaint.objects.values_list("number", flat=True))
    print(f"{database()}, {network}: {posts} posts in {done - begun:.1f} s (target {TARGET_SECONDS} s)")
    print(f"  read and stored    {read - begun:6.1f} s  {collected.new} posts, {collected.pages} pages")
    print(f"  registered         {done - read:6.1f} s  {registered.opened} complaints, {len(numbers)} numbers")
    print(f"  lost               {len(ids - stored):6d}")
    return int(bool(ids - stored) or len(numbers) != posts or done - begun > TARGET_SECONDS)
