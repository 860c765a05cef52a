"""Words of abuse are found; what a complaint may well say is left alone."""

from __future__ import annotations

import time

import pytest

from complaints.abuse import abusive_words

ABUSE = (
    "야 이 개새끼야",
    "씨발 언제 고칠 거냐",
    "시.발 진짜",
    "시1발",
    "ㅅㅂㅋㅋㅋ",
    "ㅄ들아",
    "병신같은 행정",
    "지랄하네",
    "좆같다",
    "죽여버린다",
    "미친놈들",
    "이 새끼가",
    "꺼져라",
    "what the fuck",
    "I will kill you",
    "시\u200b발",
)
HARMLESS = (
    "가로등이 꺼져 있어요",
    "새끼 고양이가 다쳤어요",
    "강아지 새끼를 버렸어요",
    "이 새끼 고양이 좀 봐주세요",
    "사업의 시발점",
    "시발역 안내판",
    "다시 발생했습니다",
    "다시발급 부탁드립니다",
    "등본 즉시발급 되나요",
    "병신년에 지은 건물",
    "지랄탄 사건",
    "청년들 일자리",
    "3개년 계획",
    "몇 년이 지나도 안 고쳐요",
    "1등신청",
    "팔등신",
    "앞을 보지 못했습니다",
    "와이라노, 뭐 하노",
    "벌레 같은 게 나와요",
    "쓰레기 같은 게 쌓여 있어요",
    "위기가 닥쳐 옵니다",
    "정보 빨리 주세요",
    "기관종합감사",
    "상처 박음질",
    "허리띠를 졸라매고",
    "1조까지 늘립니다",
    "한국개발원",
    "나무가 죽어 버려서",
    "개 같은 동물",
    "전기차 충전소",
    "Shiitake",
    "",
    "😀",
)


@pytest.mark.parametrize("text", ABUSE)
def test_abuse_is_found(text: str) -> None:
    assert abusive_words(text)


@pytest.mark.parametrize("text", HARMLESS)
def test_what_a_complaint_may_say_is_left_alone(text: str) -> None:
    assert abusive_words(text) == []


def test_each_word_is_told_once() -> None:
    assert abusive_words("씨발 씨발 지랄") == ["씨발", "지랄"]


@pytest.mark.parametrize("text", ["시" * 20_000, "개.1." * 5_000, "ㅅ" * 20_000, "죽여 " * 5_000, " " * 100_000])
def test_a_long_text_costs_no_time(text: str) -> None:
    begun = time.process_time()
    abusive_words(text)
    assert time.process_time() - begun < 1
