"""What promises something and what does not, in Korean and English; recall before precision."""

from __future__ import annotations

from datetime import date

import pytest

from complaints.not_yet import says_not_yet
from complaints.promise_dates import named_day
from complaints.promise_words import promised

MONDAY = date(2026, 11, 30)

PROMISES = {
    "개선 방안을 검토하겠습니다.": 14,
    "관할 구청에 협조 요청하겠습니다.": 5,
    "12월 중 조치할 예정입니다": 7,
    "빠른 시일 내 보수하겠습니다!": 7,
    "현장을 확인한 후 다시 알려드리겠습니다.": 3,
    "내년 예산에 반영할 계획입니다.": 14,
    "가로등을 교체하기로 했습니다.": 7,
    "조속히 조치되도록 노력하겠습니다.": 7,
    "담당 부서에 전달하도록 하겠습니다.": 5,
    "이번 주에 치워 드릴게요": 3,
    "살펴볼게요~": 3,
    "안내판을 바꿀 것입니다.": 7,
    "현재 처리 중이며 곧 완료될 예정입니다.": 7,
    "노선 증차를 협의 중에 있습니다.": 14,
    "다시는 이런 일이 없도록 하겠습니다.": 7,
    "We will look into it.": 3,
    "We'll replace the sign next week": 7,
    "Our team will visit the site tomorrow.": 3,
    "The lamp is scheduled to be repaired on Friday.": 7,
    "The pothole will be fixed within 5 days.": 7,
    "We have asked the district office and will get back to you; we will review it.": 14,
    "We will do our best to repair it this week.": 7,
}
NO_PROMISES = (
    "",
    "안내판을 고쳤습니다.",
    "의견 주셔서 감사합니다.",
    "앞으로도 시민의 안전을 위해 노력하겠습니다.",
    "양해 부탁드리겠습니다.",
    "120으로 연락 주시면 감사하겠습니다.",
    "현장을 확인해 주시면 좋겠습니다.",
    "설치는 어렵겠습니다.",
    "다음과 같이 답변드리겠습니다.",
    "행사는 10시에 시작될 예정입니다.",
    "그렇게요?",
    "다시 해 보시겠어요?",
    "조치를 완료하였습니다.",
    "https://busan.go.kr/검토하겠습니다 를 보세요",
    "The library will be closed on Monday.",
    "We will not repair private roads.",
    "We will be happy to answer your questions.",
    "We fixed it yesterday. Thank you!",
)


@pytest.mark.parametrize(("text", "days"), PROMISES.items())
def test_what_promises(text: str, days: int) -> None:
    said = promised(text)
    assert said is not None
    assert said.days == days


@pytest.mark.parametrize("text", NO_PROMISES)
def test_what_does_not(text: str) -> None:
    assert promised(text) is None


def test_only_the_sentences_that_promise_are_kept_and_the_longest_task_counts() -> None:
    said = promised("안녕하세요. 현장을 확인하겠습니다. 감사합니다.\n이후 노선을 검토하겠습니다")
    assert said is not None
    assert (said.words, said.days) == ("현장을 확인하겠습니다. 이후 노선을 검토하겠습니다", 14)
    assert len((promised("검토하겠습니다. " * 200) or said).words) == 300


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("12월 10일까지 고치겠습니다", date(2026, 12, 10)),
        ("2027. 1. 15.까지", date(2027, 1, 15)),
        ("2027년 1월 15일까지", date(2027, 1, 15)),
        ("1월 5일 완료 예정", date(2027, 1, 5)),
        ("12/4까지 확인하겠습니다", date(2026, 12, 4)),
        ("오늘 중", MONDAY),
        ("내일 오전", date(2026, 12, 1)),
        ("모레까지", date(2026, 12, 2)),
        ("이번 주 안에", date(2026, 12, 4)),
        ("차주 중", date(2026, 12, 11)),
        ("이달 말", date(2026, 11, 30)),
        ("다음 달 중", date(2026, 12, 31)),
        ("연말까지", date(2026, 12, 31)),
        ("7일 이내", date(2026, 12, 7)),
        ("2주 내에", date(2026, 12, 14)),
        ("by December 3", date(2026, 12, 3)),
        ("on 3rd Dec", date(2026, 12, 3)),
        ("within 10 days", date(2026, 12, 10)),
        ("within 10 working days", None),
        ("in 2 weeks", date(2026, 12, 14)),
        ("next week", date(2026, 12, 11)),
        ("13월 40일, 2026-02-30", None),
        ("11월 24일에 접수하신", None),
        ("We may call 3 people; see 24/7 news", None),
        ("곧", None),
    ],
)
def test_the_day_that_a_text_names(text: str, day: date | None) -> None:
    assert named_day(text, today=MONDAY) == day


def test_this_week_said_on_a_sunday_is_over_that_very_day() -> None:
    assert named_day("이번 주까지", today=date(2026, 11, 29)) == date(2026, 11, 29)


@pytest.mark.parametrize(
    "text",
    [
        "아직이에요", "아직도 안 됐어요", "여전히 꺼져 있습니다", "그대로예요", "언제 고쳐 주나요?", "연락이 없네요",
        "아무것도 달라진 게 없어요", "어떻게 됐나요", "약속하신 날이 지났는데요", "Still broken", "not yet",
        "It hasn't been fixed", "Any update?", "nothing has changed", "When will it be done?",
    ],
)  # fmt: skip
def test_not_yet(text: str) -> None:
    assert says_not_yet(text)


@pytest.mark.parametrize("text", ["감사합니다", "잘 고쳐졌네요!", "다른 가로등도 꺼졌어요", "Great, thanks", ""])
def test_something_else(text: str) -> None:
    assert not says_not_yet(text)
