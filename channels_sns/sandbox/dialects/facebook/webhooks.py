"""What Graph sends to an app's webhook: changes of the page's feed, and mentions of the page.

`url` and `verify_token` are entered in the app's settings: here they are settings of the world (webhook_url,
verify_token), and checked when the page subscribes. Mentions come without `from`. Setting push_batch: so many changes
in one delivery, newest first; push_twice: each delivery once more, as after an answer that was lost.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from typing import Any

from django.db import transaction
from django.http import HttpResponse

from channels_sns.sandbox import push
from channels_sns.sandbox.calls import ApiCall
from channels_sns.sandbox.dialects.facebook import door, named, params, refusals, texts
from channels_sns.sandbox.models import Person, Post, World

FIELDS = ("feed", "mention")
KNOWN = (*FIELDS, "messages", "ratings", "name", "picture")


def subscribe(call: ApiCall, *, node: str, **version: str) -> HttpResponse:
    """POST /{page}/subscribed_apps subscribed_fields=feed,mention: after the address has echoed the challenge."""
    named.page(call, node)
    wanted = [name for name in params.given(call).get("subscribed_fields", "").split(",") if name]
    if not wanted:
        raise refusals.invalid("The parameter subscribed_fields is required")
    if unknown := sorted(set(wanted) - set(KNOWN)):
        raise refusals.invalid(f"Param subscribed_fields[0] must be one of {{{', '.join(KNOWN)}}} - got {unknown[0]}")
    if not _echoes(call.world):
        url = call.setting("webhook_url", "")
        raise refusals.refused(
            2200, f"(#2200) Callback verification failed with the following errors: {url} did not echo the challenge"
        )
    _store(call.world, wanted)
    return call.reply({"success": True})


def subscribed(call: ApiCall, *, node: str, **version: str) -> HttpResponse:
    named.page(call, node)
    fields = call.setting("subscribed_fields", [])
    app = {"id": door.APP_ID, "name": "톡톡부산 민원데스크", "subscribed_fields": fields}
    return call.reply({"data": [app] if fields else []})


def unsubscribe(call: ApiCall, *, node: str, **version: str) -> HttpResponse:
    named.page(call, node)
    _store(call.world, [])
    return call.reply({"success": True})


def _store(world: World, fields: list[str]) -> None:
    with transaction.atomic():
        fresh = World.objects.get(pk=world.pk)
        fresh.settings["facebook"] = {**fresh.settings.get("facebook", {}), "subscribed_fields": fields}
        fresh.save(update_fields=["settings"])


def verify_token(world: World) -> str:
    return str(world.setting("facebook", "verify_token", f"verify-{world.name}"))


def _echoes(world: World) -> bool:
    challenge = str(secrets.randbelow(10**9))
    asked = {"hub.mode": "subscribe", "hub.verify_token": verify_token(world), "hub.challenge": challenge}
    status, answer = push.ask(world.setting("facebook", "webhook_url", ""), asked)
    return status == 200 and answer == challenge


def announce(world: World, city: Person, post: Post, verb: str) -> None:
    """Send what the page subscribed to, as soon as a delivery is full."""
    change = _change(world, city, post, verb)
    if change is None or change["field"] not in world.setting("facebook", "subscribed_fields", []):
        return
    key = (world.name, "facebook")
    changes = push.collect(key, change, int(world.setting("facebook", "push_batch", 1)))
    if not changes:
        return
    entry = {"id": city.external_id, "time": int(post.created_at.timestamp()), "changes": changes[::-1]}
    body = json.dumps({"object": "page", "entry": [entry]}).encode()
    digest = hmac.new(door.app_secret(world.name).encode(), body, hashlib.sha256).hexdigest()
    headers = {"Content-Type": "application/json", "X-Hub-Signature-256": f"sha256={digest}"}
    times = 2 if world.setting("facebook", "push_twice", False) else 1
    push.deliver(key, world.setting("facebook", "webhook_url", ""), body, headers, times=times)


def _change(world: World, city: Person, post: Post, verb: str) -> dict[str, Any] | None:
    """None: what happens under a post on somebody's own timeline, and does not tag the page; a message.

    The field `messages` is not spoken here.
    """
    if post.kind == "message":
        return None
    root = post.root or post
    told = {"verb": "edited" if verb == "edit" else verb, "created_time": int(post.created_at.timestamp())}
    told |= {} if verb == "remove" else {"message": post.text}
    below = {"comment_id": post.external_id, "parent_id": post.parent.external_id} if post.parent else {}
    told |= {"item": "comment" if below else "post", "post_id": root.external_id, **below}
    if root.kind == "tagged":
        tags = texts.tags_page(post.text, city.handle, city.name)
        return {"field": "mention", "value": told} if tags else None
    return {"field": "feed", "value": {**told, **_from(world, city, post)}}


def _from(world: World, city: Person, post: Post) -> dict[str, Any]:
    """Without consent nobody but the page is named."""
    author = post.author
    consent = world.setting("facebook", "consent", True) and post.extra.get("consent", True)
    if author is None or not (author.is_city or consent):
        return {}
    return {"from": {"id": author.external_id, "name": author.name}}
