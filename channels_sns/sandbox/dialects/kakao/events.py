"""The Event API: the bot speaks first. "SUCCESS" means accepted; whether it arrived the task tells later.

The shape of a task is remembered, not documented in what was read.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse

from channels_sns.sandbox import store
from channels_sns.sandbox.calls import ApiCall, ApiError
from channels_sns.sandbox.dialects.kakao import shapes
from channels_sns.sandbox.models import Person, Post

USERS = 100


def rest_api_key(world: str) -> str:
    return f"kakao-rest-{world}"


def check(call: ApiCall) -> None:
    header = call.request.headers.get("Authorization", "")
    if header != f"KakaoAK {rest_api_key(call.world.name)}" or call.setting("key_revoked", False):
        raise unauthorized()


def unauthorized() -> ApiError:
    return ApiError(401, {"msg": "appKey does not exist", "code": -401})


def refused(status: int, message: str) -> ApiError:
    return ApiError(status, {"taskId": None, "status": "FAIL", "message": message})


def talk(call: ApiCall, *, bot: str) -> HttpResponse:
    """POST /v2/bots/{botId}/talk {"event": {"name", "data"}, "user": [{"type", "id"}], "params"}."""
    if bot != shapes.BOT_ID:
        raise refused(404, "Bot does not exist")
    body = call.json()
    event, users = body.get("event"), body.get("user")
    if not isinstance(event, dict) or not event.get("name"):
        raise refused(400, "event.name is required")
    if not isinstance(users, list) or not 1 <= len(users) <= USERS:
        raise refused(400, f"user must have between 1 and {USERS} entries")
    people = [_person(call, user) for user in users]
    task = _task(call, event, people)
    return call.reply({"taskId": task, "status": "SUCCESS", "message": "success", "timestamp": _millis(call)})


def _millis(call: ApiCall) -> int:
    return int(call.now.timestamp() * 1000)


def _person(call: ApiCall, user: Any) -> Person | None:
    """None: nobody of that key talks with this bot."""
    if not isinstance(user, dict) or user.get("type") not in ("botUserKey", "plusfriendUserKey", "appUserId"):
        raise refused(400, "user.type is invalid")
    people = Person.objects.filter(world=call.world, network="kakao", is_city=False)
    return people.filter(external_id=str(user.get("id"))).first()


def _task(call: ApiCall, event: dict[str, Any], people: list[Person | None]) -> str:
    """One message per friend; they stand in the chats when the delay is over (setting delivery_seconds)."""
    data = event.get("data")
    text = str(data.get("text", "")) if isinstance(data, dict) else ""
    friends = [person for person in people if person and person.handle not in call.setting("not_friends", [])]
    task = ""
    later = call.now + timedelta(seconds=float(call.setting("delivery_seconds", 0)))
    counts = {"all": len(people), "failed": len(people) - len(friends)}
    receivers: list[Person | None] = [*friends] or [None]
    for person in receivers:
        answer = store.add_post(
            world=call.world,
            dialect=call.dialect,
            author=call.dialect.city_of(call),
            text=text,
            parent=_last_message(call, person),
            now=call.now,
            kind="answer" if person else "undelivered",
            extra={"task": task, "event": event["name"], **counts},
        )
        task = task or answer.external_id
        extra = {**answer.extra, "task": task}
        Post.objects.filter(pk=answer.pk).update(visible_at=max(answer.visible_at, later), extra=extra)
    return task


def _last_message(call: ApiCall, person: Person | None) -> Post | None:
    said = store.standing(call.world, "kakao").filter(kind="message", author=person).order_by("-number")
    return said.select_related("author", "root").first() if person else None


def task(call: ApiCall, *, task_id: str) -> HttpResponse:
    """GET /v1/tasks/{taskId}."""
    posts: QuerySet[Post] = Post.objects.filter(world=call.world, network="kakao", extra__task=task_id)
    first = posts.order_by("number").first()
    if first is None:
        raise refused(404, "Task does not exist")
    everybody, failed = int(first.extra["all"]), int(first.extra["failed"])
    arrived = 0 if first.kind == "undelivered" else posts.filter(visible_at__lte=call.now).count()
    status = _status(everybody, arrived, failed, stuck=bool(call.setting("stuck", False)))
    return call.reply(
        {
            "taskId": task_id,
            "status": status,
            "allRequestCount": everybody,
            "successCount": 0 if status == "PROCESSING" else arrived,
            "fail": {"count": failed, "list": [{"type": "botUserKey", "errorMsg": "not a friend"}] * failed},
        }
    )


def _status(everybody: int, arrived: int, failed: int, *, stuck: bool) -> str:
    if stuck or arrived + failed < everybody:
        return "PROCESSING"
    if not failed:
        return "ALL SUCCESS"
    return "PARTIAL SUCCESS" if arrived else "FAIL"
