"""Posts, users and photos as X's JSON, in either vocabulary."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from channels_sns.sandbox import store
from channels_sns.sandbox.calls import ApiCall, Verbatim
from channels_sns.sandbox.dialects.x import texts
from channels_sns.sandbox.dialects.x.params import Wanted
from channels_sns.sandbox.models import Person, Post, Upload

EDITABLE = timedelta(hours=1)


def moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"


def page(call: ApiCall, posts: Sequence[Post], wanted: Wanted) -> dict[str, Any]:
    """{"data": […], "includes": {…}} for these posts; without data where there are none."""
    if not posts:
        return {}
    items = [Verbatim(bytes(post.raw)) if post.raw is not None else tweet(call, post, wanted) for post in posts]
    answer: dict[str, Any] = {"data": items}
    if extras := includes(call, [post for post in posts if post.raw is None], wanted):
        answer["includes"] = extras
    return answer


def tweet(call: ApiCall, post: Post, wanted: Wanted) -> dict[str, Any]:
    """The asked-for fields of one post. `id`, `text` and the edit history are always there."""
    names = wanted.vocabulary
    item: dict[str, Any] = {
        "id": post.external_id,
        "text": texts.full_text(post),
        names.history: [*post.extra.get("edit_history", []), post.external_id],
    }
    for name in wanted.post_fields:
        if (value := _field(call, post, name)) is not None:
            item[names.spelling.get(name, name)] = value
    return item


def _field(call: ApiCall, post: Post, name: str) -> Any:
    makers: dict[str, Any] = {
        "author_id": lambda: post.author.external_id if post.author else None,
        "created_at": lambda: moment(post.created_at),
        "conversation_id": lambda: _conversation(post),
        "in_reply_to_user_id": lambda: post.parent.author.external_id if post.parent and post.parent.author else None,
        "referenced_tweets": lambda: references(post) or None,
        "attachments": lambda: (
            {"media_keys": keys} if (keys := [media_key(upload) for upload in post.uploads.all()]) else None
        ),
        "entities": lambda: texts.entities(post, _known_handles(call, post)) or None,
        "edit_controls": lambda: _edit_controls(post),
        "public_metrics": _metrics,
        "lang": lambda: "ko",
        "possibly_sensitive": lambda: False,
        "reply_settings": lambda: "everyone",
        "source": lambda: "Sandbox",
    }
    return makers[name]() if name in makers else None


def _conversation(post: Post) -> str:
    """Id of the first version of the root: an edit keeps the conversation."""
    root = post.root or post
    return str(next(iter(root.extra.get("edit_history", [])), root.external_id))


def references(post: Post) -> list[dict[str, str]]:
    found = [{"type": "replied_to", "id": post.parent.external_id}] if post.parent else []
    return found + ([{"type": "quoted", "id": post.extra["quotes"]}] if post.extra.get("quotes") else [])


def _known_handles(call: ApiCall, post: Post) -> dict[str, str]:
    known = {call.dialect.city_handle.lower(): call.dialect.city_id}
    for person in (post.author, post.parent.author if post.parent else None):
        if person:
            known[person.handle.lower()] = person.external_id
    return known


def _edit_controls(post: Post) -> dict[str, Any]:
    left = 5 - len(post.extra.get("edit_history", []))
    return {"edits_remaining": left, "is_edit_eligible": left > 0, "editable_until": moment(post.created_at + EDITABLE)}


def _metrics() -> dict[str, int]:
    names = (
        "retweet_count",
        "repost_count",
        "reply_count",
        "like_count",
        "quote_count",
        "bookmark_count",
        "impression_count",
    )
    return dict.fromkeys(names, 0)


def includes(call: ApiCall, posts: Iterable[Post], wanted: Wanted) -> dict[str, list[dict[str, Any]]]:
    """The objects that the expansions ask for, each once."""
    people: dict[str, Person] = {}
    photos: dict[str, Upload] = {}
    referenced: dict[str, Post] = {}
    for post in posts:
        if "author_id" in wanted.expansions and post.author:
            people[post.author.external_id] = post.author
        if "in_reply_to_user_id" in wanted.expansions and post.parent and post.parent.author:
            people[post.parent.author.external_id] = post.parent.author
        if "attachments.media_keys" in wanted.expansions:
            photos |= {upload.external_id: upload for upload in post.uploads.all()}
        if "referenced_tweets.id" in wanted.expansions:
            referenced |= {found.external_id: found for found in _referenced(call, post)}
    found_lists = {
        "users": [user(call, person, wanted) for person in people.values()],
        "media": [photo(call, upload, wanted) for upload in photos.values()],
        wanted.vocabulary.posts: [tweet(call, post, wanted) for post in referenced.values()],
    }
    return {name: items for name, items in found_lists.items() if items}


def _referenced(call: ApiCall, post: Post) -> list[Post]:
    found = [post.parent] if post.parent and post.parent.deleted_at is None else []
    if post.extra.get("quotes"):
        found += (
            store.standing(call.world, "x")
            .filter(external_id=post.extra["quotes"])
            .select_related("author", "parent__author", "root")
        )
    return found


def user(call: ApiCall, person: Person, wanted: Wanted) -> dict[str, Any]:
    item: dict[str, Any] = {"id": person.external_id, "name": person.name, "username": person.handle}
    followers = int(call.setting("followers", 20_000)) if person.is_city else 120
    counts = {
        "following_count": 80,
        "listed_count": 3,
        "like_count": 0,
        "media_count": 0,
        "tweet_count": 0,
        "post_count": 0,
    }
    more: dict[str, Any] = {
        "public_metrics": {"followers_count": followers, **counts},
        "profile_image_url": call.request.build_absolute_uri("/static/sandbox/person.png"),
        "protected": False,
        "verified": person.is_city,
        "verified_type": "government" if person.is_city else "none",
        "created_at": "2020-01-02T03:04:05.000Z",
        "description": "",
    }
    return item | {name: more[name] for name in wanted.user_fields if name in more}


def media_key(upload: Upload) -> str:
    return f"3_{upload.external_id}"


def photo(call: ApiCall, upload: Upload, wanted: Wanted) -> dict[str, Any]:
    item: dict[str, Any] = {"media_key": media_key(upload), "type": "photo"}
    more: dict[str, Any] = {
        "url": f"{call.base_url}/media/{upload.name}",
        "width": upload.width,
        "height": upload.height,
    }
    if upload.alt:
        more["alt_text"] = upload.alt
    return item | {name: more[name] for name in wanted.media_fields if name in more}
