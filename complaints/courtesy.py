"""Thanks: a citizen who only says “감사합니다!” under the answer needs no officer."""

from __future__ import annotations

import re

#: Beginnings of Korean words of thanks (조사 and endings follow), and whole English ones.
_THANKS = ("감사", "고마", "고맙", "수고", "고생")
_ENGLISH_THANKS = frozenset({"thank", "thanks"})
#: Words that thanks are wrapped in.
_AROUND = frozenset({
    "네", "넵", "예", "정말", "너무", "진짜", "매우", "빠른", "빨리", "빠르게", "신속한", "신속하게", "친절한",
    "친절하게", "답변", "처리", "조치", "해결", "확인", "안내", "해주셔서", "해", "주셔서", "많으셨습니다",
    "많으세요", "하세요", "하셨습니다", "합니다", "드립니다",
    "you", "so", "much", "very", "a", "lot", "for", "the", "quick", "reply",
})  # fmt: skip


def is_only_thanks(text: str) -> bool:
    """Nothing but thanks? Anything more than that does need an officer."""
    words = re.findall(r"\w+", re.sub(r"[@#]\S+", " ", text.casefold()))
    thanks = [word for word in words if word.startswith(_THANKS) or word in _ENGLISH_THANKS]
    return bool(thanks) and all(word in _AROUND for word in words if word not in thanks)
