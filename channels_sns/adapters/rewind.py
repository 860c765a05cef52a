"""Where a network's poll begins again: the cursor that stands for an earlier moment, in each network's own spelling."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from channels_sns.adapters.contract import Cursor
from channels_sns.adapters.x_posts import snowflake


def _since(moment: datetime) -> Cursor:
    return {"since": moment.isoformat()}


def _edges(*names: str) -> Callable[[datetime], Cursor]:
    return lambda moment: {"since": dict.fromkeys(names, moment.isoformat())}


#: Networks that are missing here cannot be asked for the past (KakaoTalk only pushes).
REWINDS: Mapping[str, Callable[[datetime], Cursor]] = {
    "x": lambda moment: {"since": snowflake(moment)},
    # Every edge that has no mark of its own begins there, the messages too.
    "facebook": _edges("start"),
    "mastodon": _since,
    "me2day": _edges("posts", "comments"),
    "youtube": _since,
    "bluesky": _since,
}
