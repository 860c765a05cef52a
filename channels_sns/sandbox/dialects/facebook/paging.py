"""Pages with cursors: `after` and `before` name the post at the edge, `next` is a whole address."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet

from channels_sns.sandbox.calls import ApiCall
from channels_sns.sandbox.dialects.facebook.refusals import invalid
from channels_sns.sandbox.models import Post

HIGHEST = 2**63 - 1


def cursor(number: int) -> str:
    return base64.urlsafe_b64encode(f"number:{number}".encode()).decode().rstrip("=")


def _number(text: str) -> int:
    try:
        plain = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
        return min(int(plain.removeprefix("number:")), HIGHEST)
    except (ValueError, binascii.Error) as error:
        raise invalid("Invalid cursors values. Expected a cursor from a previous page") from error


def page(
    call: ApiCall, posts: QuerySet[Post], serve: Callable[[Post], Any], *, size: int, newest_first: bool
) -> dict[str, Any]:
    """One page of `posts`. Setting empty_page: the first page holds nothing and yet has a next one."""
    after, before = call.query.get("after"), call.query.get("before")
    edge, backwards = str(after or before or cursor(HIGHEST if newest_first else 0)), bool(before and not after)
    if call.setting("empty_page", False) and not (after or before):
        return {
            "data": [],
            "paging": {"cursors": {"before": edge, "after": edge}, "next": _address(call, "after", edge)},
        }
    size = min(size, int(call.setting("short_pages", size)))
    descending = newest_first != backwards
    beyond = posts.filter(**{"number__lt" if descending else "number__gt": _number(edge)})
    rows = list(beyond.order_by("-number" if descending else "number")[: size + 1])
    shown, more = rows[:size], len(rows) > size
    if backwards:
        shown.reverse()
    answer: dict[str, Any] = {"data": [serve(post) for post in shown]}
    if shown:
        answer["paging"] = _paging(call, shown, onward=more or backwards, back=more if backwards else bool(after))
    return answer


def _paging(call: ApiCall, shown: list[Post], *, onward: bool, back: bool) -> dict[str, Any]:
    before, after = cursor(shown[0].number), cursor(shown[-1].number)
    found: dict[str, Any] = {"cursors": {"before": before, "after": after}}
    if onward:
        found["next"] = _address(call, "after", after)
    if back:
        found["previous"] = _address(call, "before", before)
    return found


def _address(call: ApiCall, name: str, value: str) -> str:
    """The same call with another cursor; what stood in the query stands in it again, the token too."""
    kept = [(key, item) for key, items in call.query.lists() if key not in ("after", "before") for item in items]
    return f"{call.request.build_absolute_uri(call.request.path)}?{urlencode([*kept, (name, value)])}"
