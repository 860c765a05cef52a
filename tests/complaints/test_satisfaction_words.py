"""What the lists read out of a citizen's words, and what they leave alone."""

from __future__ import annotations

import pytest

from complaints.satisfaction_words import MIXED, NEITHER, NOT_SATISFIED, SATISFIED, WORDS_MAX, read


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
        "신고한 지 하루 만에 고쳐 주셨네요, 감사합니다",
        "고장 난 지 오래였는데 바로 고쳐 주셔서 감사합니다",
        "잘 도와주셔서 감사합니다",
        "참 고맙습니다",
        "고맙게도 바로 고쳐주셨어요",
        "덕분에 편하게 다닙니다",
        "못 고칠 줄 알았는데 감사합니다",
        "I can't thank you enough",
        "The lamp was repaired the same day, well done",
        "It is fixed, thank you. Could you also look at the next one?",
    ],
)
def test_satisfied(text: str) -> None:
    assert verdict(text) == SATISFIED


@pytest.mark.parametrize(
    "text",
    [
        "아직도 꺼져 있어요",
        "그대로예요",
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
        "답변이 고맙지 않습니다",
        "전혀 친절하지 않네요",
        "칭찬할 수 없네요",
        "아직 꺼져 있습니다. 감사합니다.",
        "답변 감사합니다만 아직 해결이 안 됐습니다. 조치 부탁드립니다.",
        "The lamp has not been fixed",
        "Nobody has fixed it",
        "It was never repaired",
        "not happy with this answer",
        "no thanks to you",
    ],
)
def test_not_satisfied(text: str) -> None:
    assert verdict(text) == NOT_SATISFIED


@pytest.mark.parametrize(
    "text",
    [
        "고맙네요 참 빨리도 하셨네요",
        "감사합니다만 아직…",
        "감사합니다만 아직 그대로네요",
        "참 잘하셨네요",
        "great, still broken",
        "잘도 처리하셨네요",
        "퍽이나 감사합니다",
        "이게 처리한 겁니까 대단하시네요",
        "석 달 만에 해결됐네요 감사합니다",
        "이제야 고쳐 주셨네요. 고맙습니다",
        "덕분에 넘어져서 다쳤네요. 감사합니다",
        "빠른 답변 감사합니다. 하지만 해결이 안 됐어요",
        "친절한 답변이지만 달라진 게 없습니다",
        "고맙지만 옆 등은 아직 꺼져 있네요",
        "'빠른' 처리 감사합니다",
        "고맙습니다 🙄",
        "해결됐다더니 고맙네요",
        "별 다섯 개 드리죠, 여전히 꺼져 있어요",
        "★★★★★ 참 빨리도 하셨네요",
        "Thanks for nothing",
        "Oh great, another canned reply",
        "Finally fixed, thank you",
        "Thank you, but the light is out again",
        "It was said to be fixed, thanks",
        "Nice answer, nothing has changed",
        "Yeah right, very helpful",
    ],
)
def test_what_could_be_meant_either_way_is_left_undecided(text: str) -> None:
    assert verdict(text) == MIXED


def test_both_words_that_made_it_undecided_are_kept_and_nothing_between_them() -> None:
    found = read("김바다입니다, 고맙지만 010-1234-5678 옆은 아직입니다")
    assert found is not None
    assert found.words == "고맙 … 아직"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "이제야 퇴근했습니다",
        "다만 옆 골목도 봐 주세요",
        "When will it be fixed?",
        "Is it fixed?",
        "Please get it fixed",
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
