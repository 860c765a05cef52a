"""What the lists read out of a citizen's words, and what they leave alone."""

from __future__ import annotations

import pytest

from complaints.satisfaction_words import NEITHER, NOT_SATISFIED, SATISFIED, WORDS_MAX, read


def verdict(text: str) -> str | None:
    found = read(text)
    return found.verdict if found else None


@pytest.mark.parametrize(
    "text",
    [
        "감사합니다",
        "@busan 빠른 처리 정말 감사합니다!",
        "고맙습니다^^",
        "정말 고마워요",
        "해결됐네요",
        "가로등이 잘 들어와요. 고생 많으셨어요",
        "어제 바로 고쳐 주셨네요",
        "길이 밝아졌어요",
        "답변에 만족합니다",
        "불만은 없어요, 감사합니다",
        "속이 다 시원하네요",
        "Thank you so much!",
        "It is fixed, great job",
        "thx",
        "처리 안내 감사합니다",
        "원래 그대로 복구해 주셔서 감사합니다",
        "제안됐던 대로 해결됐네요",
        "개선안을 마련해 주셔서 감사합니다",
        "조치가 안전하게 끝나서 감사합니다",
        "답답했는데 속이 시원하네요",
        "수고 많으셨습니다",
    ],
)
def test_satisfied(text: str) -> None:
    assert verdict(text) == SATISFIED


@pytest.mark.parametrize(
    "text",
    [
        "아직도 꺼져 있어요",
        "그대로예요",
        "감사합니다만 아직 그대로네요",
        "정말 불만입니다",
        "답변이 불만족스럽습니다",
        "만족하지 못합니다",
        "형식적인 답변이네요",
        "복붙 답변 잘 봤습니다. 감사합니다",
        "해결이 안 됐어요",
        "해결안됨",
        "답답합니다",
        "수고하십니다. 여기 또 꺼졌어요",
        "달라진 게 하나도 없어요",
        "전혀 도움이 안 되는 답변",
        "납득이 안 갑니다",
        "감사실에 말할 만큼 실망했습니다",
        "빵점이에요",
        "It is still broken",
        "Not satisfied with this",
        "This doesn't help, it isn't fixed",
    ],
)
def test_not_satisfied(text: str) -> None:
    assert verdict(text) == NOT_SATISFIED


@pytest.mark.parametrize(
    "text",
    [
        "",
        "네",
        "옆 골목도 봐 주세요",
        "확인 부탁드립니다. 감사합니다.",
        "언제 되나요? 감사합니다",
        "해결됐나요?",
        "감사원에 제보하겠습니다",
        "감사 청구합니다",
        "만족도 조사는 어디서 하나요",
        "★공지★ 꼭 읽어 주세요",
        "Could you look at it? Thank you",
        "https://busan.example/thanks",
        "만족도 100점",
        "만족도 조사 2월",
        "만족도 3년 연속 하락이라던데",
        "만족도 조사 3회 참여했습니다",
        "수고 많으십니다. 옆 골목에 쓰레기가 많아요",
    ],
)
def test_says_nothing_of_the_answer(text: str) -> None:
    assert verdict(text) is None


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("만족도 4점", 4),
        ("만족도: 5", 5),
        ("만족도는 3점이요. 감사합니다", 3),
        ("별점 2점 드립니다", 2),
        ("별 다섯 개!", 5),
        ("별 하나 개도 아까워요, 별 한 개", 1),
        ("별3개", 3),
        ("별점 5개 드려요", 5),
        ("5점 만점에 4점", 4),
        ("5점 드립니다", 5),
        ("★★★★☆", 4),
        ("⭐⭐⭐⭐⭐ 감사합니다", 5),
        ("★☆☆☆☆ 아직 그대로", 1),
        ("4 out of 5", 4),
        ("2/5점", 2),
        ("Five stars from me", 5),
        ("3 stars", 3),
    ],
)
def test_marks(text: str, mark: int) -> None:
    found = read(text)
    assert found is not None
    assert found.mark == mark
    assert found.verdict == (SATISFIED if mark > 3 else NEITHER if mark == 3 else NOT_SATISFIED)


def test_a_mark_says_more_than_thanks() -> None:
    found = read("감사합니다. 만족도 1점")
    assert found is not None
    assert (found.verdict, found.mark) == (NOT_SATISFIED, 1)


@pytest.mark.parametrize("text", ["★★★★★★★★", "특별 한 개", "15점 드립니다", "만족도 10점", "45점 만점에", "3점 만점"])
def test_no_marks(text: str) -> None:
    found = read(text)
    assert found is None or found.mark is None


def test_only_words_of_the_lists_are_kept() -> None:
    found = read("제 번호는 010-1234-5678, 정말 고맙습니다 " + "하" * 300)
    assert found is not None
    assert (found.words, len(found.words) <= WORDS_MAX) == ("고맙", True)
    marked = read("만족도 김바다 4점")
    assert marked is not None
    assert (marked.words, marked.mark) == ("만족도 4", 4)
