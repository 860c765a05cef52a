"""What stands in a post's text: mentions, links, tags; and its weight."""

from __future__ import annotations

import re
from typing import Any

from twitter_text import extract_urls_with_indices, parse_tweet

from channels_sns.sandbox.models import Post

MENTION = re.compile(r"(?<![A-Za-z0-9_!#$%&*@＠])[@＠]([A-Za-z0-9_]{1,15})(?![A-Za-z0-9_@])")
HASHTAG = re.compile(r"(?<![\w&])[#＃](\w*[^\W\d_]\w*)")


def handles_in(text: str) -> set[str]:
    """Explicitly mentioned handles, lower case."""
    return {handle.lower() for handle in MENTION.findall(text)}


def inherited_mentions(post: Post) -> list[str]:
    """Handles that X puts before a reply by itself: the parent's author and whom the parent mentioned."""
    parent = post.parent
    if not parent or not parent.author or not post.author:
        return []
    candidates = [parent.author.handle, *parent.extra.get("implicit", []), *MENTION.findall(parent.text)]
    skipped = {post.author.handle.lower(), *handles_in(post.text)}
    chosen: dict[str, str] = {}
    for handle in candidates:
        if handle.lower() not in skipped:
            chosen.setdefault(handle.lower(), handle)
    return list(chosen.values())


def full_text(post: Post) -> str:
    """The text as the API serves it: inherited mentions first."""
    return "".join(f"@{handle} " for handle in post.extra.get("implicit", [])) + post.text


def fits(text: str) -> bool:
    """Within 280 weighted characters: Hangul counts 2, a link 23."""
    return bool(parse_tweet(text).valid)


def entities(post: Post, ids: dict[str, str]) -> dict[str, Any]:
    """Entities with indices in code points; `ids` maps lower-case handles to user ids."""
    text = full_text(post)
    found: dict[str, list[dict[str, Any]]] = {
        "mentions": [
            {
                "start": match.start(),
                "end": match.end(),
                "username": match[1],
                **({"id": ids[key]} if (key := match[1].lower()) in ids else {}),
            }
            for match in MENTION.finditer(text)
        ],
        "hashtags": [{"start": match.start(), "end": match.end(), "tag": match[1]} for match in HASHTAG.finditer(text)],
        "urls": [_url(item) for item in extract_urls_with_indices(text)],
    }
    return {name: items for name, items in found.items() if items}


def _url(item: Any) -> dict[str, Any]:
    start, end = item["indices"]
    url = item["url"] if "://" in item["url"] else f"http://{item['url']}"
    return {
        "start": start,
        "end": end,
        "url": url,
        "expanded_url": url,
        "display_url": item["url"].removeprefix("https://"),
    }
