"""Bluesky's record keys: the same for every try of one post, and of no other."""

from __future__ import annotations

import re
from random import Random
from uuid import UUID

from channels_sns.adapters.bluesky_posts import record_key
from tests.channels_sns.scripted import NOON


def test_posts_of_one_moment_do_not_take_each_others_key() -> None:
    """A later one would stand in the place of the earlier: a hundred answers at once, the parts of a long one."""
    chance = Random(1)
    names = [str(UUID(int=chance.getrandbits(128), version=4)) for _one in range(2000)]
    keys = {record_key(name, NOON) for name in names}
    assert len(keys) == len(names)
    assert keys == {record_key(name, NOON) for name in names}
    assert all(re.fullmatch("[234567abcdefghij][234567abcdefghijklmnopqrstuvwxyz]{12}", key) for key in keys)
