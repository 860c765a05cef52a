"""A yes or a no, as citizens write it."""

from __future__ import annotations

import pytest

from complaints import consent_words


@pytest.mark.parametrize(
    "text",
    [
        "네", "네!", "@busan 네 좋아요", "예, 괜찮습니다", "그럼요 ㅎㅎ", "동의합니다", "물론이죠",
        "Yes, of course", "OK", "이름만 빼면 해도 돼요", "소개해 주세요", "네네~",
    ],
)  # fmt: skip
def test_yes(text: str) -> None:
    assert consent_words.answer_in(text) == consent_words.YES


@pytest.mark.parametrize(
    "text",
    [
        "아니요", "아뇨 싫어요. 아니에요", "안 돼요", "원하지 않습니다", "동의하지 않아요", "좀 부담스럽네요",
        "취소해 주세요", "글 내려 주세요", "괜찮지만 사양할게요", "No thanks", "please don't", "네? 싫은데요",
    ],
)  # fmt: skip
def test_no(text: str) -> None:
    assert consent_words.answer_in(text) == consent_words.NO


@pytest.mark.parametrize(
    "text", ["", "감사합니다", "어제 또 고장났어요", "네이버에서 봤어요", "예전에도 그랬어요", "note"]
)
def test_neither(text: str) -> None:
    assert consent_words.answer_in(text) == ""


def test_what_says_more_is_no_mere_answer() -> None:
    assert consent_words.is_only_answer("네, 괜찮습니다!")
    assert not consent_words.is_only_answer("네 좋아요. 그런데 어제부터 가로등이 또 꺼져 있어요 봐주세요")
    assert not consent_words.is_only_answer("네?")
    assert not consent_words.is_only_answer("가로등이 또 꺼졌어요")
