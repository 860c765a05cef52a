"""KakaoTalk's channel: a chat with a bot. Nothing can be polled; the sandbox calls the desk's skill.

A citizen's message goes to `webhook_url` and waits five seconds for the skill's answer. Later answers come through the
Event API and stand in the chat when their delivery is over. `base_url` stands for bot-api.kakao.com.

Settings of a world: webhook_url (on this machine), skill_secret and skill_header (X-Desk-Skill-Key: what the operator
entered for the skill), skill_seconds (5), callback (the sandbox's address: messages carry a callbackUrl),
delivery_seconds (0: until an event stands in the chat), stuck (false: tasks never end), not_friends ([handles]),
key_revoked (false).
"""

from __future__ import annotations

from django.urls import URLPattern
from django.utils.translation import gettext_lazy as _

from channels_sns.sandbox.calls import ApiCall, ApiError, endpoint
from channels_sns.sandbox.dialects.base import Dialect, Verb
from channels_sns.sandbox.dialects.kakao import events, shapes, skill
from channels_sns.sandbox.models import Post, World


class Kakao(Dialect):
    kind = "kakao"
    label = _("KakaoTalk")
    hint = _("You chat with the city's channel.")
    city_id = shapes.BOT_ID
    photos = False
    chat = True

    def credentials(self, world: World) -> dict[str, str]:
        return {
            "rest_api_key": events.rest_api_key(world.name),
            "bot_id": shapes.BOT_ID,
            "skill_secret": str(world.setting("kakao", "skill_secret", skill.secret(world.name))),
        }

    def endpoints(self) -> list[URLPattern]:
        return [
            endpoint(self, "v2/bots/<str:bot>/talk", POST=events.talk, publishes=True),
            endpoint(self, "v1/tasks/<str:task_id>", GET=events.task),
            endpoint(self, "callback/<str:message>", POST=skill.called_back),
        ]

    def admit(self, call: ApiCall) -> None:
        if not call.pattern.startswith("callback"):
            events.check(call)

    def person_id(self, number: int, handle: str) -> str:
        return shapes.user_key(handle)

    def kind_of(self, post: Post) -> str:
        return "answer" if post.author and post.author.is_city else "message"

    def announce(self, post: Post, verb: Verb) -> None:
        if verb == "add" and post.kind == "message":
            skill.run(post, self)

    def fits(self, text: str) -> bool:
        return len(text) <= shapes.TEXT_SHOWN

    def error(self, status: int, detail: str) -> ApiError:
        return events.refused(status, detail)

    def refusal(self, name: str, call: ApiCall) -> ApiError:
        if name == "unauthorized":
            return events.unauthorized()
        if name == "rate_limited":
            return ApiError(429, {"msg": "API limit has been exceeded.", "code": -10})
        return events.refused(400, name)
