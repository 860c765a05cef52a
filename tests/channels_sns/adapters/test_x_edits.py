"""X gives every version of an edited post the ids of all of them: only the earlier ones make it an edit."""

from __future__ import annotations

import pytest

from channels_sns.adapters.x_posts import read_page

HISTORY = ["10", "20", "30"]


@pytest.mark.parametrize(("one", "earlier"), [("10", ()), ("20", ("10",)), ("30", ("10", "20"))])
@pytest.mark.parametrize("name", ["edit_history_tweet_ids", "edit_history_post_ids"])
def test_a_version_knows_its_predecessors_only(one: str, earlier: tuple[str, ...], name: str) -> None:
    item = {"id": one, "text": "글", "created_at": "2026-11-24T03:00:00.000Z", name: HISTORY}
    posts, bad = read_page({"data": [item]}, own_id="1", own_handle="busan")
    assert (posts[0].earlier_ids, bad) == (earlier, ())


def test_a_history_without_the_post_itself_is_taken_as_earlier() -> None:
    item = {"id": "30", "text": "글", "created_at": "2026-11-24T03:00:00.000Z", "edit_history_tweet_ids": ["10", None]}
    posts, _bad = read_page({"data": [item]}, own_id="1", own_handle="busan")
    assert posts[0].earlier_ids == ("10",)
