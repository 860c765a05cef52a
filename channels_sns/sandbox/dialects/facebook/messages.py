"""The page's inbox: one conversation with each citizen, and answers that only the author of a post or comment sees.

The page speaks within a day of the citizen's last message; to a post or comment it may write once. What the network
says of both is taken from its documentation, not from recordings.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse

from channels_sns.sandbox import store
from channels_sns.sandbox.calls import ApiCall, ApiError
from channels_sns.sandbox.dialects.facebook import door, fields, named, paging, params, refusals, shapes
from channels_sns.sandbox.dialects.facebook.fields import Node
from channels_sns.sandbox.models import Person, Post

SCOPES = [
    "pages_show_list",
    "pages_read_engagement",
    "pages_read_user_content",
    "pages_manage_engagement",
    "pages_manage_posts",
    "pages_manage_metadata",
    "pages_messaging",
    "public_profile",
]
LONGEST = 2_000
DAY = timedelta(hours=24)


def said(call: ApiCall) -> QuerySet[Post]:
    """Every message of this world that a reader sees by now, the newest first."""
    return store.feed(call.world, "facebook", now=call.now).filter(kind="message")


def find(call: ApiCall, node: str) -> Post | None:
    return said(call).filter(external_id=node).first() if node.startswith("m_") else None


def as_node(call: ApiCall, post: Post) -> Node:
    author = store.author_of(post)
    values: dict[str, Any] = {
        "id": post.external_id,
        "message": post.text,
        "created_time": shapes.moment(post.created_at),
        "from": {"name": author.name, "id": author.external_id},
    }
    return Node("Message", values)


def conversations(call: ApiCall, *, node: str, **version: str) -> HttpResponse:
    """GET /{page}/conversations: one with each citizen, the last changed first."""
    _allowed(call)
    named.page(call, node)
    wanted, newest = fields.parse(call.query.get("fields", "")), dict[str, Post]()
    for post in said(call):
        newest.setdefault(post.extra["with"], post)
    people = Person.objects.filter(world=call.world, network="facebook", external_id__in=newest).in_bulk(
        field_name="pk"
    )
    by_id = {person.external_id: person for person in people.values()}
    talks = [fields.pick(_talk(call, by_id[who], last), wanted) for who, last in newest.items()]
    return call.reply({"data": talks})


def _talk(call: ApiCall, person: Person, last: Post) -> Node:
    city = call.dialect.city_of(call)
    both = [{"name": one.name, "id": one.external_id} for one in (person, city)]
    values = {"id": f"t_{person.external_id}", "updated_time": shapes.moment(last.created_at)}
    return Node("Conversation", {**values, "participants": {"data": both}})


def listed(call: ApiCall, *, node: str, **version: str) -> HttpResponse:
    """GET /{conversation}/messages, the newest first."""
    _allowed(call)
    wanted = fields.parse(call.query.get("fields", ""))
    posts = said(call).filter(extra__with=node.removeprefix("t_"))
    return call.reply(
        paging.page(
            call,
            posts,
            lambda post: fields.pick(as_node(call, post), wanted),
            size=params.limit(call),
            newest_first=True,
        )
    )


def send(call: ApiCall, *, node: str, **version: str) -> HttpResponse:
    """POST /{page}/messages: recipient {id}, {comment_id} or {post_id}, message {text}."""
    _allowed(call)
    named.page(call, node)
    recipient, text = _object(call, "recipient"), str(_object(call, "message").get("text", ""))
    if not text.strip():
        raise refusals.invalid("Message cannot be empty, must provide valid attachment or text")
    if len(text) > LONGEST:
        raise refusals.invalid(f"Length of param message[text] must be less than or equal to {LONGEST}")
    person, about = _receiver(call, recipient)
    post = store.add_post(
        world=call.world,
        dialect=call.dialect,
        author=call.dialect.city_of(call),
        text=text,
        now=call.now,
        kind="message",
        extra={"with": person.external_id, "about": about},
    )
    return call.reply({"recipient_id": person.external_id, "message_id": post.external_id})


def _object(call: ApiCall, name: str) -> dict[str, Any]:
    try:
        found = json.loads(params.given(call).get(name, "{}"))
    except ValueError as error:
        raise refusals.invalid(f"param {name} must be non-empty.") from error
    if not isinstance(found, dict):
        raise refusals.invalid(f"param {name} must be an object")
    return found


def _receiver(call: ApiCall, recipient: dict[str, Any]) -> tuple[Person, str]:
    """Who gets it, and the post or comment that it answers ("": the conversation)."""
    about = str(recipient.get("comment_id") or recipient.get("post_id") or "")
    if not about:
        return _partner(call, str(recipient.get("id", ""))), ""
    post = named.post(call, about)
    author, root = store.author_of(post), post.root or post
    if author.is_city or root.kind == "tagged":
        raise refusals.refused(10903, "(#10903) This user cannot reply to this activity")
    if Post.objects.filter(world=call.world, network="facebook", kind="message", extra__about=about).exists():
        raise refusals.refused(10900, "(#10900) Activity already replied to")
    return author, about


def _partner(call: ApiCall, who: str) -> Person:
    """Somebody who wrote to the page within the last day."""
    person = Person.objects.filter(world=call.world, network="facebook", external_id=who, is_city=False).first()
    spoken = said(call).filter(author=person) if person else Post.objects.none()
    if person is None or not spoken.exists():
        raise refusals.refused(100, "(#100) No matching user found", error_subcode=2018001)
    if not spoken.filter(created_at__gt=call.now - DAY).exists():
        words = "(#10) This message is sent outside of allowed window."
        raise refusals.refused(10, words, status=403, error_subcode=2018278)
    return person


def _allowed(call: ApiCall) -> None:
    if door.is_users(call) or "pages_messaging" not in call.setting("scopes", SCOPES):
        raise _no_right()


def _no_right() -> ApiError:
    return refusals.refused(200, "(#200) Requires pages_messaging permission to manage the object", status=403)
