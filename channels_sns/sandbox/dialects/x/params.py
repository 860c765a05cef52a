"""Query parameters: which fields and expansions are wanted, in which vocabulary; ranges and formats checked."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from channels_sns.sandbox.calls import ApiCall
from channels_sns.sandbox.dialects.x.refusals import invalid
from channels_sns.sandbox.dialects.x.words import BY_EXPANSION, COMMON, EXPANSIONS, FIELDS, POST, TWEET, Vocabulary
from channels_sns.sandbox.models import Post
from channels_sns.sandbox.numbers import first_number

ID = re.compile(r"[0-9]{1,19}")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the answer must hold; `post_fields` and `expansions` in tweet words."""

    vocabulary: Vocabulary
    post_fields: frozenset[str]
    user_fields: frozenset[str]
    media_fields: frozenset[str]
    expansions: frozenset[str]


def wanted(call: ApiCall, *own: str) -> Wanted:
    """Raises 400 on a parameter, field or expansion that X does not have. `own`: this address's other parameters."""
    for name in call.query:
        if name not in COMMON and name not in own:
            raise invalid(
                name,
                call.query.get(name, ""),
                f"The query parameter [{name}] is not one of [{','.join(sorted({*own, *COMMON}))}]",
            )
    expansions = _listed(call, "expansions", EXPANSIONS)
    posts = "post.fields" in call.query or bool(expansions & {"referenced_posts", "edit_history_post_ids"})
    vocabulary = POST if posts and "tweet.fields" not in call.query else TWEET
    expanded = frozenset("referenced_tweets.id" if name == "referenced_posts" else name for name in expansions)
    implied = {BY_EXPANSION[name] for name in expanded if name in BY_EXPANSION}
    fields = _listed(call, vocabulary.fields, FIELDS[vocabulary.fields]) | implied
    return Wanted(vocabulary, fields, _fields(call, "user.fields"), _fields(call, "media.fields"), expanded)


def _fields(call: ApiCall, name: str) -> frozenset[str]:
    return _listed(call, name, FIELDS[name])


def _listed(call: ApiCall, name: str, known: frozenset[str]) -> frozenset[str]:
    values = frozenset(filter(None, call.query.get(name, "").split(",")))
    for value in values - known:
        raise invalid(
            name, value, f"The `{name}` query parameter value [{value}] is not one of [{','.join(sorted(known))}]"
        )
    return values


def whole(call: ApiCall, name: str, *, low: int, high: int, default: int) -> int:
    text = call.query.get(name, str(default))
    if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
        raise invalid(name, text, f"The `{name}` query parameter value [{text}] is not between {low} and {high}")
    return int(text)


def post_id(name: str, text: str) -> str:
    if not ID.fullmatch(text):
        raise invalid(name, text, f"The `{name}` query parameter value [{text}] is not valid")
    return text


def within(call: ApiCall, posts: QuerySet[Post]) -> QuerySet[Post]:
    """Bounds by id (exclusive, compared as numbers) and by time (start inclusive, end exclusive)."""
    if since := call.query.get("since_id"):
        posts = posts.filter(number__gt=_number(post_id("since_id", since)))
    if until := call.query.get("until_id"):
        posts = posts.filter(number__lt=_number(post_id("until_id", until)))
    if start := _time(call, "start_time"):
        posts = posts.filter(number__gte=first_number(start))
    if end := _time(call, "end_time"):
        posts = posts.filter(number__lt=first_number(end))
    return posts


def _number(text: str) -> int:
    return min(int(text), 2**63 - 1)


def _time(call: ApiCall, name: str) -> datetime | None:
    text = call.query.get(name)
    if text is None:
        return None
    try:
        if TIME.fullmatch(text):
            return datetime.fromisoformat(text)
    except ValueError:
        pass
    raise invalid(name, text, f"The `{name}` query parameter value [{text}] is not a valid RFC3339 date-time")


def token(direction: str, number: int) -> str:
    """A page token as X's look: opaque, base32, lower case."""
    return base64.b32encode(f"{direction}{number:020d}".encode()).decode().rstrip("=").lower()


def read_token(call: ApiCall, name: str) -> tuple[str, int] | None:
    """("n" older than | "p" newer than, number). Raises 400 on a token that we never gave."""
    text = call.query.get(name)
    if text is None:
        return None
    try:
        plain = base64.b32decode(text.upper() + "=" * (-len(text) % 8)).decode()
        if plain[0] in "np" and len(plain) == 21:
            return plain[0], int(plain[1:])
    except (binascii.Error, ValueError, IndexError):
        pass
    raise invalid(name, text, f"The `{name}` query parameter value [{text}] is not valid")
