"""The desk's skill: called while the citizen waits, and shown as far as it answered in time."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.utils import timezone

from channels_sns.sandbox import push, store
from channels_sns.sandbox.calls import ApiCall, ApiError
from channels_sns.sandbox.dialects.kakao import shapes
from channels_sns.sandbox.models import Post, World

if TYPE_CHECKING:
    from channels_sns.sandbox.dialects.base import Dialect

#: So long a skill may think, and so long a callback address is good.
SKILL_SECONDS = 5.0
CALLBACK_LIVES = timedelta(minutes=1)
HEADER = "X-Desk-Skill-Key"


def secret(world: str) -> str:
    return f"skill-secret-{world}"


def run(post: Post, dialect: Dialect) -> None:
    """Hand the message to the skill and put its answer into the chat; without a skill nothing answers."""
    world = World.objects.get(pk=post.world_id)
    url = world.setting("kakao", "webhook_url", "")
    if not url:
        return
    headers = {
        "Content-Type": "application/json",
        str(world.setting("kakao", "skill_header", HEADER)): str(
            world.setting("kakao", "skill_secret", secret(world.name))
        ),
    }
    friend = store.author_of(post).handle not in world.setting("kakao", "not_friends", [])
    body = json.dumps(shapes.request(post, friend=friend, callback=_callback(world, post))).encode()
    seconds = float(world.setting("kakao", "skill_seconds", SKILL_SECONDS))
    sent = push.send((world.name, "kakao"), url, body, headers, seconds=seconds)
    _show(post, dialect, sent)


def _callback(world: World, post: Post) -> str:
    """Setting `callback`: the sandbox's address, where an "AI chatbot" may answer within a minute."""
    address = world.setting("kakao", "callback", "")
    return f"{address}/{world.name}/kakao/callback/{post.external_id}" if address else ""


def _show(post: Post, dialect: Dialect, sent: push.Sent) -> None:
    try:
        texts, replies, waits = shapes.said(sent.answer if sent.status == 200 else "")
    except shapes.Unshown as error:
        _remember(post, skill_failed=f"{sent.status}: {error}")
        return
    if waits:
        _remember(post, callback=True)
    write(post, dialect, texts, replies)


def _remember(post: Post, **more: object) -> None:
    post.extra |= more
    Post.objects.filter(pk=post.pk).update(extra=post.extra)


def write(post: Post, dialect: Dialect, texts: list[str], replies: list[str]) -> None:
    """The bot's words below the citizen's message."""
    for text in filter(None, texts):
        store.add_post(
            world=post.world,
            dialect=dialect,
            author=store.city(post.world, dialect),
            text=text,
            parent=post,
            now=timezone.now(),
            kind="skill",
            extra={"quick_replies": replies},
        )


def called_back(call: ApiCall, *, message: str) -> HttpResponse:
    """POST /callback/{message}: one answer within a minute, and no second."""
    posts = Post.objects.filter(world=call.world, network="kakao", external_id=message, kind="message")
    post = posts.select_related("author", "world").first()
    if not post or not post.extra.get("callback") or post.created_at < call.now - CALLBACK_LIVES:
        raise ApiError(400, {"taskId": "", "status": "FAIL", "message": "Invalid callback url"})
    try:
        texts, replies, _ = shapes.said(call.request.body.decode("utf-8", "replace"))
    except shapes.Unshown as error:
        raise ApiError(400, {"taskId": "", "status": "FAIL", "message": str(error)}) from error
    _remember(post, callback=False)
    write(post, call.dialect, texts, replies)
    return call.reply({"taskId": message, "status": "SUCCESS", "message": "success"})
