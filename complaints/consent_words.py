"""Yes or no: what a citizen says when asked whether his complaint may be told. A suggestion; a person decides."""

from __future__ import annotations

import re

YES, NO = "YES", "NO"
#: Looked at first: who says “괜찮지만 싫습니다” means no.
_NO = (
    "아니", "싫", "안돼", "안됩", "안할", "안하", "원하지않", "원치않", "거절", "사양", "취소", "철회",
    "빼주", "내려주", "지워", "삭제", "하지마", "말아주", "말아줘", "곤란", "부담", "않", "못하", "별로",
    "no", "nope", "don't", "not", "remove", "withdraw",
)  # fmt: skip
_YES = (
    "네", "네네", "넵", "넹", "예", "그럼요", "그러세요", "그렇게하", "좋아요", "좋습니다", "좋죠", "괜찮", "동의",
    "물론", "당연", "가능", "허락", "찬성", "됩니다", "해도돼", "하셔도", "쓰셔도", "올리셔도", "소개해주",
    "ok", "okay", "yes", "sure", "agree", "fine", "course",
)  # fmt: skip
#: Short words that count only as a whole word, or with an ending behind them.
_WHOLE = {"네", "네네", "넵", "넹", "예", "no", "ok", "not", "yes"}
#: A yes or a no with more words than these says something besides.
_ONLY_WORDS = 6


def answer_in(text: str) -> str:
    """YES, NO, or "" for neither."""
    words = _words(text)
    joined = "".join(words)
    for answer, beginnings in ((NO, _NO), (YES, _YES)):
        if any(word in words if word in _WHOLE else word in joined for word in beginnings):
            return answer
    return ""


def is_only_answer(text: str) -> bool:
    """Nothing but a yes or a no? More than that may be a complaint again."""
    return bool(answer_in(text)) and len(_words(text)) <= _ONLY_WORDS and "?" not in text


def _words(text: str) -> list[str]:
    return re.findall(r"[\w']+", re.sub(r"[@#]\S+|https?://\S+", " ", text.casefold()))
