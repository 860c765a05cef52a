"""KakaoTalk channel: a citizen's message arrives by the chatbot's skill webhook, the answer leaves by the Event API.

Documented at kakaobusiness.gitbook.io and i.kakao.com (skill response format 2.0, Event API); no server of it can be
run, so nothing here was proven against the living service. There is no list of messages and no message id: what the
webhook misses is lost to us, and the same words within a minute count as one delivery. The Event API says "accepted";
whether it was delivered its task tells later. Photos come through the 보안이미지 plugin.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar
from urllib.parse import quote

import requests
from requests.auth import AuthBase

from channels_sns.adapters.api import Api, as_raw, as_text
from channels_sns.adapters.contract import (
    Adapter,
    AuthExpired,
    Capabilities,
    Cursor,
    ErrorRule,
    Gone,
    Identity,
    IncomingAuthor,
    IncomingMedia,
    IncomingPost,
    OutcomeUnknown,
    OutgoingPost,
    Page,
    PermissionDenied,
    Prepared,
    RateLimited,
    ReadBack,
    Receipt,
    Rejected,
)
from channels_sns.adapters.errors import Said
from channels_sns.adapters.http import strict_json
from channels_sns.adapters.metering import Price
from channels_sns.adapters.push import Pushed
from channels_sns.adapters.text import nfc

#: The same words of the same citizen within this time are one delivery, sent twice.
SAME_DELIVERY = timedelta(minutes=1)
PRICE = Price(Decimal(15), "KRW")
RULES = (
    ErrorRule(AuthExpired, status=401),
    ErrorRule(PermissionDenied, status=403),
    ErrorRule(RateLimited, status=429),
    ErrorRule(Rejected, status=400),
    ErrorRule(Rejected, status=404),
)
RECEIVED = {
    "ko": "민원이 접수되었습니다. 접수번호는 {receipt}입니다. 담당 부서가 확인한 뒤 이 채팅방으로 답변드립니다.",
    "en": "Your message was received as {receipt}. The department in charge will answer in this chat.",
}
WAITING = {
    "ko": "말씀 잘 받았습니다. 확인한 뒤 이 채팅방으로 답변드립니다.",
    "en": "Thank you, we got your message and will answer in this chat.",
}
_PHOTO = re.compile(r"https://[\w.-]+\.kakaocdn\.net/[^\s\"',()\[\]]+")


class _KakaoKey(AuthBase):
    def __init__(self, key: str) -> None:
        self.key = key

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"KakaoAK {self.key}"
        return request


class KakaoAdapter(Adapter):
    """One channel's bot. `skill_secret`: what the skill's settings send as the header options["skill_header"]."""

    default_base_url: ClassVar[str] = "https://bot-api.kakao.com"
    capabilities: ClassVar[Capabilities] = Capabilities(
        kind="kakao",
        label="KakaoTalk",
        polls=frozenset({"message"}),
        max_length=1000,
        publish=False,
        delete_own=False,
        metrics=False,
        returns_id=False,
        pulled=False,
        webhook=True,
        index_lag=timedelta(minutes=1),
        media_hosts=frozenset({"kakaocdn.net"}),
        secret_sets=(("rest_api_key", "bot_id", "skill_secret"),),
    )

    @property
    def api(self) -> Api:
        key, seconds = _KakaoKey(self.secrets.get("rest_api_key", "")), self.options.get("timeout", 15)
        return Api(self.base_url, rules=RULES, said=_said, auth=key, seconds=seconds)

    def identify(self) -> Identity:
        """The service tells nobody who a key belongs to: the bot's id is taken as it was entered."""
        return Identity(self.secrets["bot_id"], self.handle)

    def metrics(self) -> dict[str, int]:
        return {}

    # --- in -----------------------------------------------------------------------------------------------------------

    def poll(self, cursor: Cursor, *, now: datetime) -> Iterator[Page]:
        """Nothing can be polled: everything is pushed."""
        yield Page((), cursor)

    def lookup(self, external_ids: Sequence[str]) -> dict[str, IncomingPost | Gone]:
        """A message cannot be looked at again."""
        return {}

    def verify_push(self, headers: Mapping[str, str], body: bytes) -> bool:
        """The service signs nothing: a secret header, set in the skill's settings, is the only proof."""
        expected = self.secrets.get("skill_secret", "").encode()
        got = headers.get(str(self.options.get("skill_header", "x-desk-skill-key")).lower(), "").encode()
        return bool(expected) and hmac.compare_digest(got, expected)

    def push_id(self, body: bytes, *, now: datetime) -> str:
        """A payload carries neither a time nor an id; with a callback address it is unique by that."""
        minute = (
            b"" if b'"callbackUrl"' in body else str(int(now.timestamp() // SAME_DELIVERY.total_seconds())).encode()
        )
        return hashlib.sha256(body + minute).hexdigest()

    def read_push(self, body: bytes, *, now: datetime) -> Pushed:
        payload = strict_json(body)
        request = _dict(_dict(payload).get("userRequest"))
        user = as_text(_dict(request.get("user")).get("id"))
        if not user:
            raise ValueError("no userRequest with a user")
        media = tuple(IncomingMedia(url) for url in _photos(payload))
        text = as_text(request.get("utterance"))
        return Pushed(
            (self._post(payload, user, _PHOTO.sub("", text).strip(), media, self.push_id(body, now=now), now),)
        )

    def _post(
        self, payload: Any, user: str, text: str, media: tuple[IncomingMedia, ...], push_id: str, now: datetime
    ) -> IncomingPost:
        return IncomingPost(
            external_id=push_id[:32],
            kind="message",
            text=text,
            posted_at=now,
            raw=as_raw(payload),
            author=IncomingAuthor(user),
            root_id=f"chat:{user}"[:128],
            visibility="private",
            media=media,
        )

    def push_answer(self, pushed: Pushed, *, receipt: str, language: str) -> Mapping[str, Any]:
        """The skill's answer, read by the citizen at once (within five seconds)."""
        texts = RECEIVED if receipt else WAITING
        text = texts.get(language, texts["ko"]).format(receipt=receipt)
        return {"version": "2.0", "template": {"outputs": [{"simpleText": {"text": text}}]}}

    # --- out ----------------------------------------------------------------------------------------------------------

    def price(self, post: OutgoingPost) -> Price | None:
        return PRICE

    def prepare(self, post: OutgoingPost) -> Prepared:
        if post.target is None:
            raise Rejected("KakaoTalk takes answers only", code="no-broadcast")
        if self.measure(post.text) > self.capabilities.max_length:
            raise Rejected(f"{self.measure(post.text)} of {self.capabilities.max_length}", code="too-long")
        event = {"name": self.options.get("event", "complaint_answered"), "data": {"text": nfc(post.text)}}
        user = [{"type": "botUserKey", "id": post.target.author_id}]
        return Prepared(post, {"event": event, "user": user}, f"/v2/bots/{quote(self.secrets['bot_id'], safe='')}/talk")

    def publish(self, prepared: Prepared) -> Receipt:
        """Accepted only: the task says later whether it arrived."""
        data = self.api.write("POST", prepared.url, json=dict(prepared.body))
        task = as_text(data.get("taskId")) if isinstance(data, dict) else ""
        if not task:
            raise OutcomeUnknown("accepted without a task")
        return Receipt("", pending_id=task)

    def find_own(self, post: OutgoingPost, *, since: datetime) -> ReadBack:
        """What the task says. A task whose answer was lost has no name: then nobody can tell."""
        if not post.pending_id:
            return ReadBack(None, complete=False)
        task = self.api.get(f"/v1/tasks/{quote(post.pending_id, safe='')}")
        done = task.get("successCount") if isinstance(task, dict) else None
        if isinstance(done, int) and done > 0:
            return ReadBack(Receipt(post.pending_id), complete=True)
        failed = as_text(task.get("status")).upper() if isinstance(task, dict) else ""
        return ReadBack(None, complete="FAIL" in failed)

    def delete(self, external_id: str) -> None:
        raise Rejected("a message cannot be taken back", code="no-delete")

    @classmethod
    def measure(cls, text: str) -> int:
        return len(nfc(text))


def _said(body: Any) -> Said:
    if not isinstance(body, dict):
        return Said()
    codes = (as_text(body.get("code")), as_text(body.get("status")))
    return Said(tuple(filter(None, codes)), as_text(body.get("message")) or as_text(body.get("msg")))


def _photos(payload: Mapping[str, Any]) -> list[str]:
    """Addresses of photos, wherever the plugin put them: its shape is not documented."""
    action = _dict(payload.get("action"))
    text = json.dumps([action.get("params"), action.get("detailParams"), payload["userRequest"].get("utterance")])
    return list(dict.fromkeys(_PHOTO.findall(text)))


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
