"""A broadcast as it will stand on each account: its language, as long as the network counts, its links, its ending."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from channels_sns import brand
from channels_sns.accounts import adapter_class
from channels_sns.adapters.contract import OutgoingPost
from channels_sns.adapters.metering import Price
from channels_sns.adapters.text import Measure, TooLong, graphemes, nfc, split_numbered
from channels_sns.models import Account, Broadcast, Variant
from channels_sns.models.brand import Language

#: More posts than this under one another is no broadcast any more.
PARTS_MAX = 4
TAG_MAX = 40
_NUMBER = f" ({PARTS_MAX}/{PARTS_MAX})"
#: There may be an address where a dot stands between letters.
_ADDRESS = re.compile(r"\w\.\w")
#: What networks write anew: links, mentions, hashtags, line ends, escaped signs, runs of blanks.
_REWRITTEN = re.compile(r"https?://\S+|[@#]\S+|[\n\r&<>\"'“”‘’]|\s{2,}")


@dataclass(frozen=True, slots=True)
class Composed:
    """The posts of a broadcast on one account. `lengths`: as the network counts, `limit`: of one post.

    No parts: it does not fit, or there is nothing to say in the account's language.
    """

    parts: tuple[str, ...]
    lengths: tuple[int, ...]
    limit: int
    language: str
    price: Price | None = None
    too_long: bool = False


def language_of(variant: Variant) -> str:
    """ko, en or both: as the variant says, else as its account speaks."""
    return variant.language or brand.voice_of(variant.account).language


def compose(broadcast: Broadcast, variant: Variant) -> Composed:
    """What `variant` would post now."""
    adapter, language = adapter_class(variant.account.kind), language_of(variant)
    limit = adapter.capabilities.max_length
    try:
        parts = tuple(parts_of(_texts(broadcast, variant, language), limit=limit, measure=adapter.measure))
    except TooLong:
        return Composed((), (), limit, language, too_long=True)
    lengths = tuple(map(adapter.measure, parts))
    return Composed(parts, lengths, limit, language, _price(variant.account, parts))


def parts_of(texts: Sequence[str], *, limit: int, measure: Measure) -> list[str]:
    """`texts` in one post if they fit together, else in numbered ones, each language for itself. Raises TooLong."""
    joined = "\n\n".join(texts)
    if not joined or measure(joined) <= limit:
        return [joined] if joined else []
    bodies = [body for text in texts for body in _bodies(text, limit, measure)]
    if len(bodies) > PARTS_MAX:
        raise TooLong
    return [f"{body} ({n}/{len(bodies)})" for n, body in enumerate(bodies, start=1)] if len(bodies) > 1 else bodies


def _bodies(text: str, limit: int, measure: Measure) -> list[str]:
    """`text` in pieces that leave room for their number."""
    if measure(text) > PARTS_MAX * limit:
        raise TooLong
    framed = split_numbered(
        text, limit=limit, measure=measure, frame=lambda body, _n, _of: f"{body}{_NUMBER}", most=PARTS_MAX
    )
    return [part.removesuffix(_NUMBER) for part in framed]


def _texts(broadcast: Broadcast, variant: Variant, language: str) -> list[str]:
    """The text of each language, with link and ending; a language without words is left out."""
    wanted = ("ko", "en") if language == Language.BOTH else (language,)
    bodies = {"ko": variant.text or broadcast.text, "en": variant.text_en or broadcast.text_en}
    spoken = [(one, nfc(bodies[one].strip())) for one in wanted if bodies[one].strip()]
    voice = brand.voice_of(variant.account)
    links = voice.links if variant.links is None else variant.links
    found = [body if links else without_links(body) for _language, body in spoken]
    if not found:
        return []
    link = broadcast.link if links and not any(broadcast.link in body for body in found) else ""
    tail = [part for part in (link, brand.ending_of(voice, spoken[-1][0])) if part]
    return [*found[:-1], "\n\n".join([found[-1], *tail])]


def without_links(text: str) -> str:
    """`text` without addresses (X takes a bare busan.go.kr for one too), and without the blanks they leave."""
    if _ADDRESS.search(text):
        from twitter_text import extract_urls_with_indices  # its patterns take half a second to compile

        for found in reversed(extract_urls_with_indices(text)):
            first, last = found["indices"]
            text = text[:first] + text[last:]
    lines = (re.sub(r"[ \t]{2,}", " ", line).strip() for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def tags_of(parts: Sequence[str]) -> list[str]:
    """For each post words by which it is found again on its network, such as no network writes anew.

    The first by its longest run of them; those under it by their end, for there stands their number.
    """
    return [_longest_run(part) if n == 0 else _last_run(part) for n, part in enumerate(parts)]


def stands_in(text: str, shown: str) -> bool:
    """Is all of `text` in what a network shows, but for what networks write anew?"""
    return all(run.strip() in shown for run in _REWRITTEN.split(text))


def _longest_run(part: str) -> str:
    longest = max((run.strip() for run in _REWRITTEN.split(part)), key=len, default="")
    return "".join(graphemes(longest)[:TAG_MAX])[:TAG_MAX].strip()


def _last_run(part: str) -> str:
    return _REWRITTEN.split(part)[-1][-TAG_MAX:].strip()


def _price(account: Account, parts: Sequence[str]) -> Price | None:
    """What all its posts use up; None where nobody counts."""
    adapter = adapter_class(account.kind)(base_url="", secrets={}, handle=account.handle)
    prices = [price for part in parts if (price := adapter.price(OutgoingPost(key="", text=part)))]
    if not prices:
        return None
    why = next((price.why for price in prices if price.why), "")
    return Price(sum((price.amount for price in prices), start=type(prices[0].amount)(0)), prices[0].unit, why)
