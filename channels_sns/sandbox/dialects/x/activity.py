"""Webhooks and the Activity API: who registers an address proves that it knows the consumer secret, and hears at once.

An implicit mention raises no event. The real network takes https addresses without a port; here it is the other way
round, since nobody outside this machine is called.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.http import HttpResponse

from channels_sns.sandbox import push
from channels_sns.sandbox.calls import ApiCall
from channels_sns.sandbox.dialects.x import auth, refusals, texts
from channels_sns.sandbox.models import Person, Post, World

EVENTS = ("post.create", "post.mention.create", "post.delete")
WEBHOOKS = 1


def register(call: ApiCall) -> HttpResponse:
    """POST /2/webhooks {"url"}: stored once it has answered the challenge."""
    url = str(call.json().get("url", ""))
    try:
        push.checked(url)
    except push.NotLoopback as error:
        raise refusals.invalid("url", url, "UrlValidationFailed") from error
    known = _hooks(call.world)
    if any(hook["url"] == url for hook in known):
        raise refusals.invalid("url", url, "DuplicateUrlFailed")
    if len(known) >= WEBHOOKS:
        raise refusals.invalid("url", url, "WebhookLimitExceeded")
    if not _answers_challenge(call.world, url):
        raise refusals.invalid("url", url, "CrcValidationFailed")
    hook = {"id": _number(), "url": url, "valid": True, "created_at": _moment(call.now)}
    _store(call.world, webhooks=[*known, hook])
    return call.reply({"data": hook})


def listed(call: ApiCall) -> HttpResponse:
    hooks = _hooks(call.world)
    return call.reply({"data": hooks, "meta": {"result_count": len(hooks)}})


def validate(call: ApiCall, *, hook_id: str) -> HttpResponse:
    """PUT /2/webhooks/{id}: ask again; an address that fails hears no more until it answers."""
    hooks = _hooks(call.world)
    hook = _named(hooks, "id", hook_id)
    hook["valid"] = _answers_challenge(call.world, hook["url"])
    _store(call.world, webhooks=hooks)
    return call.reply({"data": {"valid": hook["valid"]}})


def remove(call: ApiCall, *, hook_id: str) -> HttpResponse:
    hooks = _hooks(call.world)
    _named(hooks, "id", hook_id)
    _store(call.world, webhooks=[hook for hook in hooks if hook["id"] != hook_id])
    return call.reply({"data": {"deleted": True}})


def subscribe(call: ApiCall) -> HttpResponse:
    """POST /2/activity/subscriptions {"event_type", "filter": {"user_id"}, "tag"?, "webhook_id"?}."""
    body = call.json()
    kind, wanted = str(body.get("event_type", "")), body.get("filter")
    if kind not in EVENTS:
        raise refusals.invalid("event_type", kind, "The `event_type` is not one of the supported ones.")
    if not isinstance(wanted, dict) or str(wanted.get("user_id", "")) != call.dialect.city_id:
        raise refusals.invalid("filter", json.dumps(wanted), "The `filter` must name the authenticated user.")
    hooks = _hooks(call.world)
    hook = str(body.get("webhook_id") or (hooks[0]["id"] if hooks else ""))
    _named(hooks, "id", hook)
    made = {
        "subscription_id": _number(),
        "event_type": kind,
        "filter": {"user_id": call.dialect.city_id},
        "webhook_id": hook,
        "created_at": _moment(call.now),
        "updated_at": _moment(call.now),
        **({"tag": str(body["tag"])} if body.get("tag") else {}),
    }
    _store(call.world, subscriptions=[*_subscriptions(call.world), made])
    return call.reply({"data": {"subscription": made}})


def subscriptions(call: ApiCall) -> HttpResponse:
    return call.reply({"data": _subscriptions(call.world)})


def unsubscribe(call: ApiCall, *, subscription: str) -> HttpResponse:
    known = _subscriptions(call.world)
    _named(known, "subscription_id", subscription)
    _store(call.world, subscriptions=[item for item in known if item["subscription_id"] != subscription])
    return call.reply({"data": {"deleted": True}})


def _number() -> str:
    return str(secrets.randbelow(9 * 10**17) + 10**17)


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _hooks(world: World) -> list[dict[str, Any]]:
    return list(world.setting("x", "webhooks", []))


def _subscriptions(world: World) -> list[dict[str, Any]]:
    return list(world.setting("x", "subscriptions", []))


def _store(world: World, **changed: object) -> None:
    with transaction.atomic():
        fresh = World.objects.get(pk=world.pk)
        fresh.settings["x"] = {**fresh.settings.get("x", {}), **changed}
        fresh.save(update_fields=["settings"])


def _named(items: list[dict[str, Any]], name: str, wanted: str) -> dict[str, Any]:
    for item in items:
        if item[name] == wanted:
            return item
    raise refusals.problem(404, f"Could not find {name} {wanted}.", "Not Found Error")


def _digest(world: str, content: bytes) -> str:
    key = auth.oauth1_secrets(world)["consumer_secret"].encode()
    return "sha256=" + base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()


def _answers_challenge(world: World, url: str) -> bool:
    token = secrets.token_urlsafe(24)
    status, answer = push.ask(url, {"crc_token": token})
    try:
        told = json.loads(answer)["response_token"]
    except (ValueError, TypeError, KeyError):
        return False
    return status == 200 and told == _digest(world.name, token.encode())


def announce(world: World, city: Person, post: Post, verb: str) -> None:
    """Tell every subscription that the event belongs to. Setting `push_twice`: with the same bytes once more."""
    for subscription in _subscriptions(world):
        if subscription["event_type"] in _happened(city, post, verb):
            hook = _named(_hooks(world), "id", subscription["webhook_id"])
            if hook["valid"]:
                _send(world, hook["url"], _event(city, post, subscription))


def _happened(city: Person, post: Post, verb: str) -> set[str]:
    own = post.author_id == city.pk
    if verb == "remove":
        return {"post.delete"} if own or _mentions(city, post) else set()
    if verb != "add":
        return set()
    return {"post.create"} if own else {"post.mention.create"} if _mentions(city, post) else set()


def _mentions(city: Person, post: Post) -> bool:
    return city.handle.lower() in texts.handles_in(post.text)


def _send(world: World, url: str, event: dict[str, Any]) -> None:
    body = json.dumps({"data": event}).encode()
    headers = {"Content-Type": "application/json", "x-twitter-webhooks-signature": _digest(world.name, body)}
    push.deliver((world.name, "x"), url, body, headers, times=2 if world.setting("x", "push_twice", False) else 1)


def _event(city: Person, post: Post, subscription: dict[str, Any]) -> dict[str, Any]:
    """Its number may be negative. Numbers have twins that are texts; users are wrapped where a post was deleted."""
    number = secrets.randbelow(2**63) - 2**62
    deleted = subscription["event_type"] == "post.delete"
    people = [_user(person) for person in (post.author, city) if person]
    return {
        "event_uuid": str(number),
        "event_type": subscription["event_type"],
        "filter": subscription["filter"],
        **({"tag": subscription["tag"]} if "tag" in subscription else {}),
        "payload": _identity(post) if deleted else _post(post),
        "includes": {"users": [{"data": person} for person in people] if deleted else people},
    }


def _user(person: Person) -> dict[str, Any]:
    return {"id": person.external_id, "name": person.name, "username": person.handle}


def _identity(post: Post) -> dict[str, Any]:
    author = post.author.external_id if post.author else "0"
    return {"id": int(post.external_id), "id_str": post.external_id, "author_id": int(author), "author_id_str": author}


def _post(post: Post) -> dict[str, Any]:
    conversation = (post.root or post).external_id
    found = {
        **_identity(post),
        "text": post.text,
        "created_at": _moment(post.created_at),
        "conversation_id": int(conversation),
        "conversation_id_str": conversation,
        "edit_history_tweet_ids": [*post.extra.get("edit_history", []), post.external_id],
    }
    if post.parent:
        found["referenced_tweets"] = [{"type": "replied_to", "id": post.parent.external_id}]
    return found
