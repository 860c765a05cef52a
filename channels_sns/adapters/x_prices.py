"""What X charges (its price list of August 2026, in US dollars) and how much of its windows it says is left."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal

from channels_sns.adapters.contract import OutgoingPost
from channels_sns.adapters.metering import READS, WRITES, Price, Window
from channels_sns.adapters.text import nfc

UNIT = "USD"
POST = Decimal("0.015")
#: An answer to somebody who called us.
REPLY = Decimal("0.010")
#: Whatever holds an address costs this, even one that was typed without https://.
WITH_URL = Decimal("0.200")
ALT_TEXT = Decimal("0.005")
DELETE = Price(Decimal("0.010"), UNIT)
#: What is read of our own account: mentions of us, our own posts. The same post is charged once a day (UTC).
OWN_READ = Decimal("0.001")
POST_READ = Decimal("0.005")
USER_READ = Price(Decimal("0.010"), UNIT)
EVENT = Price(Decimal("0.005"), UNIT)

#: The calls whose windows decide who may go on, and which side of the account uses them up.
_WATCHED = {
    "GET /2/users/:id/mentions": READS,
    "GET /2/tweets/search/recent": READS,
    "GET /2/tweets": READS,
    "POST /2/tweets": WRITES,
}
_FAMILIES = {"x-rate-limit": "", "x-app-limit-24hour": " app/24h", "x-user-limit-24hour": " user/24h"}
_ID = re.compile(r"/\d+(?=/|$)")


def of_post(post: OutgoingPost) -> Price:
    """The price of one post; `why` is “url” where leaving out an address would make it cheap."""
    from twitter_text import extract_urls  # its patterns take half a second to compile

    alt_texts = ALT_TEXT * sum(bool(media.alt) for media in post.media)
    if extract_urls(nfc(post.text)):
        return Price(WITH_URL + alt_texts, UNIT, "url")
    return Price((REPLY if post.target else POST) + alt_texts, UNIT)


def windows(call: str, headers: Mapping[str, str]) -> Iterator[Window]:
    """The windows of one answer: 15 minutes, and the days that may hide behind them. Nonsense is passed over."""
    method, _space, path = call.partition(" ")
    name = f"{method} /2{_ID.sub('/:id', path.removeprefix('/2'))}"
    if name not in _WATCHED:
        return
    for family, suffix in _FAMILIES.items():
        limit, remaining, reset = (_number(headers.get(f"{family}-{word}")) for word in ("limit", "remaining", "reset"))
        if limit and remaining is not None and reset is not None:
            yield Window(name + suffix, _WATCHED[name], remaining, limit, datetime.fromtimestamp(reset, UTC))


def _number(value: str | None) -> int | None:
    text = (value or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else None
