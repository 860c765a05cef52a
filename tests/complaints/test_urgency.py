"""Nothing that cannot wait is missed; what can wait is mostly left alone."""

from __future__ import annotations

import pytest

from complaints import urgency
from departments.models import Topic, Urgency

URGENT = (
    "서면 지하상가에서 연기가 나요", "아이를 잃어버렸어요 제발 찾아주세요", "치매 어머니가 실종되셨습니다",
    "건물에 불이 났습니다", "도로에 싱크홀이 생겼습니다", "땅이 꺼지고 있어요", "옹벽이 무너질 것 같아요",
    "가스 냄새가 심하게 납니다", "전선이 끊어져 늘어져 있어요", "지하차도에 차가 고립됐어요",
    "바다에 사람이 물에 빠졌어요", "할머니가 쓰러져 계세요", "사람이 의식이 없어요", "죽고 싶다",
    "다리 위에서 뛰어내리려 해요", "칼을 든 사람이 있어요", "친구가 납치됐어요", "간판이 떨어질 것 같아요",
    "하천이 범람하고 있습니다", "급식 먹고 식중독 증상", "멧돼지가 내려왔어요", "개에 물렸어요",
    "맨홀이 터져 침수됐습니다", "공장에서 폭발음이 들렸어요", "며칠째 굶고 있는 이웃이 있습니다",
    "There is a fire near Seomyeon", "My child is MISSING", "gas leak at the station", "Sinkhole on the road",
    "제발 빨리요 빠졌어요", "안내소 앞 바다에 빠졌어요", "아이가 빠졌어요 지도 보내요",
    "help, she is unconscious", "Please help! My son is gone", "we need help now", "Help",
)  # fmt: skip
CALM = (
    "가로등이 꺼져서 불편합니다", "불법주차 단속해 주세요", "직원이 불친절해요", "축제 일정이 궁금합니다",
    "안내판 글자가 틀렸어요", "불꽃축제 언제 하나요", "버스가 안 와요", "The sign is wrong",
    "firefly festival was nice", "좋은 아침입니다", "An English one would help visitors", "Thanks for your help",
    "관광 안내 지도에 우리 동네 시장이 빠졌어요", "의자 나사가 빠졌어요",
)  # fmt: skip


@pytest.mark.parametrize("text", URGENT)
def test_what_cannot_wait_is_seen(text: str) -> None:
    assert urgency.urgent_words(text)


@pytest.mark.django_db
@pytest.mark.usefixtures("busan")
def test_what_can_wait_is_left_alone() -> None:
    critical = urgency.critical_words()
    assert {text: urgency.urgent_words(text, critical=critical) for text in CALM} == {text: [] for text in CALM}


@pytest.mark.django_db
def test_the_words_of_critical_topics_count() -> None:
    Topic.objects.create(name="한파", words=["동사", "꽁꽁", "눈"], urgency=Urgency.CRITICAL)
    Topic.objects.create(name="낙엽", words=["낙엽"], urgency=Urgency.NORMAL)
    critical = urgency.critical_words()
    assert critical == ("동사", "꽁꽁"), "a single syllable is in too many words"
    assert urgency.urgent_words("동사할 것 같아요", critical=critical) == ["동사"]
    assert urgency.urgent_words("낙엽이 많아요", critical=critical) == []


def test_at_most_five_words_each_once() -> None:
    assert urgency.urgent_words("화재 화재 폭발 붕괴 침수 감전 실종 fire FIRE") == [
        "실종",
        "화재",
        "폭발",
        "감전",
        "붕괴",
    ]
    assert urgency.urgent_words("fire Fire") == ["fire"]
