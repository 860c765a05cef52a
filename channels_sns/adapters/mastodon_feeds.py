"""The lists that Mastodon's kin serve, walked by opaque ids: notifications upwards, our own statuses downwards.

An id bounds a page only if it is well-formed, and the newest page is read without any.
"""

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
#: So many ids of a page are tried as the bound of the next.
TRIES = 5
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

    def upwards(self, trail: Sequence[str]) -> Iterator[Step]:
        """What came above `trail`; the newest page at last.

        That page is asked for without an id, so that no id can hide it. Where it does not reach down to the trail, the
        pages between are walked first.
        """
        newest = self.notifications({})
        top = ids(newest)
        if set(top).isdisjoint(trail):
            for step in self._between(trail, newest):
                trail = step.trail
                yield step
        yield Step(newest, _longer(trail, top), STUCK if len(newest) >= PER_PAGE and not top else "")

    def _between(self, trail: Sequence[str], newest: list[Any]) -> Iterator[Step]:
        """From the oldest id of `trail` up to the newest page; the last step says whether something is missing."""
        known, top, shown, met = set(trail), set(ids(newest)), False, False
        for items in self._walk("min_id", trail[-1]):
            names = ids(items)
            trail = _longer(trail, names)
            shown, met = shown or not known.isdisjoint(names), not top.isdisjoint(names)
            yield Step(items, trail)
            if met:
                break
        broken = len(newest) >= PER_PAGE and not met
        vanished = len(known) > ENOUGH and not shown
        yield Step([], trail, LOST if top and (broken or vanished) else "")

    def _walk(self, bound: str, start: str) -> Iterator[list[Any]]:
        """Pages beyond `start` ("": the newest page and on), each beyond the last of the one before."""
        seen, bounds = {start}, [start]
        for _page in range(PAGES_MAX):
            items = self._beyond(bound, bounds, seen)
            names = ids(items)
            yield items
            if not set(names) - seen:
                return
            seen.update(names)
            bounds = list(dict.fromkeys(names if bound == "min_id" else names[::-1]))
        raise Transient(f"no end after {PAGES_MAX} pages")

    def _beyond(self, bound: str, bounds: Sequence[str], seen: set[str]) -> list[Any]:
        """The page beyond the first of `bounds`; if it shows nothing new, beyond the next ones: a server bounds as it
        likes by an id that it cannot read."""
        items: list[Any] = []
        for one in bounds[:TRIES]:
            items = self.notifications({bound: one} if one else {})
            if set(ids(items)) - seen:
                break
        return items

    def since(self, start: datetime) -> Iterator[Step]:
        """What came since `start`, the oldest page first."""
        pages, bound = self._down_to(start)
        trail = [bound] if bound else []
        for items in reversed(pages):
            trail = _longer(trail, ids(items))
            yield Step(items, trail if bound or len(trail) > OVERLAP else ())

    def _down_to(self, start: datetime) -> tuple[list[list[Any]], str]:
        """Pages of what came since `start`, newest first, and the id of the first notification below them."""
        pages = list[list[Any]]()
        for items in self._walk("max_id", ""):
            new, below = _divide(items, start)
            pages.append(new)
            if below:
                return pages, (ids(below) or [""])[0]
        return pages, ""

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


def _longer(trail: Sequence[str], names: Sequence[str]) -> list[str]:
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
    except (KeyError, TypeError, ValueError, OverflowError):
        return False
