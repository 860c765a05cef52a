"""Who chats, as the bot knows them, and a skill's request and answer."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from channels_sns.sandbox import store
from channels_sns.sandbox.models import Person, Post

BOT_ID = "5f3a1c0de7a1b20001b07b07"
BLOCK = {"id": "5f3a1c0de7a1b20001c0ffee", "name": "폴백 블록"}
SKILL = {"id": "5f3a1c0de7a1b20001c0fffe", "name": "민원 접수"}
#: Longer simpleTexts and more outputs are cut off (remembered limits, not documented ones).
TEXT_SHOWN, OUTPUTS_SHOWN, REPLIES_SHOWN = 1000, 3, 10


class Unshown(Exception):
    """Kakao would not show this answer; the text says why."""


def user_key(handle: str) -> str:
    """botUserKey: a person is somebody else for every bot."""
    return hashlib.sha256(f"bot user {handle}".encode()).hexdigest()


def request(post: Post, *, friend: bool, callback: str = "") -> dict[str, Any]:
    """What the skill server gets for a message."""
    user = _user(store.author_of(post), friend=friend)
    asked: dict[str, Any] = {
        "timezone": "Asia/Seoul",
        "params": {"surface": "Kakaotalk.plusfriend"},
        "block": BLOCK,
        "utterance": post.text,
        "lang": "ko",
        "user": user,
    }
    if callback:
        asked["callbackUrl"] = callback
    action: dict[str, Any] = {**SKILL, "params": {}, "detailParams": {}, "clientExtra": None}
    bot = {"id": BOT_ID, "name": "톡톡부산"}
    return {"intent": BLOCK, "userRequest": asked, "contexts": [], "bot": bot, "action": action}


def _user(person: Person, *, friend: bool) -> dict[str, Any]:
    properties: dict[str, Any] = {"botUserKey": person.external_id}
    if friend:
        properties |= {"plusfriendUserKey": f"pf{person.external_id[:20]}", "isFriend": True}
    return {"id": person.external_id, "type": "botUserKey", "properties": properties}


def said(answer: str) -> tuple[list[str], list[str], bool]:
    """The texts and quick replies of a skill's answer, and whether the real one comes by callback.

    Raises Unshown.
    """
    try:
        return _said(json.loads(answer))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Unshown(f"{type(error).__name__}: {error}") from error


def _said(body: Any) -> tuple[list[str], list[str], bool]:
    if not isinstance(body, dict) or body.get("version") != "2.0":
        raise Unshown("no answer of version 2.0")
    if body.get("useCallback") is True:
        return [str(body.get("data", {}).get("text", ""))], [], True
    template: dict[str, Any] = body["template"]
    outputs: list[Any] = template["outputs"]
    if not outputs:
        raise Unshown("no outputs")
    texts = [_text(output)[:TEXT_SHOWN] for output in outputs[:OUTPUTS_SHOWN]]
    replies = [str(item["label"]) for item in template.get("quickReplies", [])[:REPLIES_SHOWN]]
    return texts, replies, False


def _text(output: dict[str, Any]) -> str:
    if "simpleText" in output:
        return str(output["simpleText"]["text"])
    card = output.get("textCard") or output["basicCard"]
    return "\n".join(str(card[name]) for name in ("title", "description") if card.get(name))
