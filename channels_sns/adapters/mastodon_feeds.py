"""The lists that Mastodon's kin serve, walked by opaque ids: notifications upwards, our own statuses downwards."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from typing import Any

from channels_sns.adapters.api import Api
from channels_sns.adapters.contract import ReplyTarget, TargetGone, Transient
from channels_sns.adapters.mastodon_posts import ids, moment

PER_PAGE = 80
OWN_PER_PAGE = 40
PAGES_MAX = 200
#: So many known notifications are read again at every poll.
OVERLAP = 20
STUCK = "a whole page without ids hides what came after it"
#: Some servers show only the newest few (snac: 64). Fewer known ones than this may all have been deleted meanwhile.
ENOUGH = 5
LOST = "the server no longer shows what was read last: mentions in between may be lost"


@dataclass(frozen=True, slots=True)
class Step:
    """A page of notifications, and the trail of ids (newest first) from which the next walk goes on; () where the
    walk must begin by time again."""

    items: list[Any]
    trail: Sequence[str]
    gap: str = ""


class Feeds:
    """What one account can read."""

    def __init__(self, api: Api) -> None:
        self.api = api

    def upwards(self, trail: list[str]) -> Iterator[Step]:
        """From the oldest id of `trail` to the newest notification there is."""
        newest, above, seen = trail[0], trail[-1], set[str]()
        for _page in range(PAGES_MAX):
            items = self.notifications({"min_id": above})
            names = ids(items)
            stuck = len(items) >= PER_PAGE and not names
            gap = STUCK if stuck else _lost(trail, names) if not seen else ""
            trail = _longer(trail, names)
            yield Step(items, trail, gap)
            nothing_new = names[:1] == [newest] and len(items) < PER_PAGE
            if nothing_new or not set(names) - seen:
                return
            seen.update(names)
            above = names[0]
        raise Transient(f"no end after {PAGES_MAX} pages")

    def since(self, start: datetime) -> Iterator[Step]:
        """What came since `start`, the oldest page first."""
        pages, bound = self._down_to(start)
        trail = [bound] if bound else []
        for items in reversed(pages):
            trail = _longer(trail, ids(items))
            yield Step(items, trail if bound or len(trail) > OVERLAP else ())

    def _down_to(self, start: datetime) -> tuple[list[list[Any]], str]:
        """Pages of what came since `start`, newest first, and the id of the first notification below them."""
        older, pages = "", list[list[Any]]()
        for _page in range(PAGES_MAX):
            items = self.notifications({"max_id": older} if older else {})
            new, below = _divide(items, start)
            pages.append(new)
            names = ids(items)
            if below or not names or names[-1] == older:
                return pages, (ids(below) or [""])[0]
            older = names[-1]
        raise Transient(f"no end after {PAGES_MAX} pages")

    def notifications(self, bounds: dict[str, str]) -> list[Any]:
        """Mentions only, also those that the account's own filters would hide: complaints come from strangers."""
        params = {"types[]": "mention", "limit": str(PER_PAGE), "include_filtered": "true", **bounds}
        return self._list("/api/v1/notifications", params)

    def places_of(self, target: ReplyTarget | None, own_id: str, since: datetime) -> Iterator[list[Any]]:
        """Every list in which a post of ours may stand that was written after `since`."""
        if target is not None:
            yield self._answers(target.external_id)
        params = {"limit": str(OWN_PER_PAGE), "exclude_reblogs": "true"}
        for _page in range(PAGES_MAX):
            items = self._list(f"/api/v1/accounts/{own_id}/statuses", params)
            yield items
            older = ids(items)[-1:]
            if not older or older == [params.get("max_id")] or _is_before(items[-1], since):
                return
            params["max_id"] = older[0]
        raise Transient(f"no end after {PAGES_MAX} pages")

    def _answers(self, status_id: str) -> list[Any]:
        """What was answered to a status; nothing if it is gone."""
        try:
            thread = self.api.get(f"/api/v1/statuses/{status_id}/context")
        except TargetGone:
            return []
        answers = thread.get("descendants") if isinstance(thread, dict) else None
        if not isinstance(answers, list):
            raise Transient("the answer shows no thread")
        return answers

    def _list(self, path: str, params: dict[str, str]) -> list[Any]:
        data = self.api.get(path, params)
        if not isinstance(data, list):
            raise Transient(f"a list was expected, not {type(data).__name__}")
        return data


def _lost(trail: list[str], names: list[str]) -> str:
    """A word about a gap, if the first page of a walk shows again none of the many that it should."""
    return LOST if names and len(trail) > ENOUGH and not set(names) & set(trail) else ""


def _longer(trail: list[str], names: list[str]) -> list[str]:
    """The trail with a page of newer ids on it, cut where the overlap of the next poll begins."""
    return list(dict.fromkeys([*names, *trail]))[: OVERLAP + 1]


def _divide(items: list[Any], start: datetime) -> tuple[list[Any], list[Any]]:
    """A page of notifications, newest first, cut where those begin that are all older than `start`."""
    older = sum(1 for _item in takewhile(lambda item: _is_before(item, start), reversed(items)))
    return items[: len(items) - older], items[len(items) - older :]


def _is_before(item: Any, start: datetime) -> bool:
    """Is a notification too old? One whose time cannot be read is not."""
    try:
        return moment(item["created_at"]) < start
    except (KeyError, TypeError, ValueError):
        return False
