"""Lengths as X counts them, texts cut in parts, HTML made plain."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from channels_sns.adapters.text import TooLong, graphemes, nfc, plain_text, split_numbered, weighted_length
from tests.shared_material import SHARED, shared

CONFORMANCE = SHARED / "fixtures" / "twitter-text" / "conformance" / "validate.yml"
GROUPS = (
    "tweets",
    "WeightedTweetsCounterTest",
    "WeightedTweetsWithDiscountedEmojiCounterTest",
    "UnicodeDirectionalMarkerCounterTest",
)
#: Written for configurations before v3: 140 characters, and emoji that count by code points.
OLDER = {
    "Invalid Tweet: 141 characters",
    "Invalid Tweet: 141 characters (due to newline)",
    "Count a mix of single byte single word, and double word unicode characters",
    "Count unicode emoji chars outside the basic multilingual plane with skin tone modifiers",
}
KOREAN = st.text(alphabet="가나다라 부산시\n.?!👨‍👩‍👧🚨é\u0301a1", max_size=400)


def conformance() -> list[Any]:
    """The cases of twitter-text's third configuration; the two of OLDER's emoji stand anew in the discounted group."""
    if not CONFORMANCE.exists():
        return []
    tests = yaml.safe_load(CONFORMANCE.read_text(encoding="utf-8"))["tests"]
    rows = [(group, case) for group in GROUPS for case in tests[group]]
    return [
        pytest.param(case["text"], case["expected"], id=f"{group}-{case['description']}")
        for group, case in rows
        if case["description"] not in OLDER or group == GROUPS[2]
    ]


def test_the_conformance_cases_are_there() -> None:
    shared("fixtures", "twitter-text")
    assert len(conformance()) == 48


@pytest.mark.parametrize(("text", "expected"), conformance())
def test_length_as_x_counts(text: str, expected: Any) -> None:
    if isinstance(expected, bool):
        assert (0 < weighted_length(text) <= 280) == expected
    else:
        assert weighted_length(text) == expected["weightedLength"]


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", 0),
        ("가" * 140, 280),
        ("안녕 https://busan.go.kr/minwon/view?id=1", 28),
        ("busan.go.kr 확인", 28),
        ("부산시청.한국", 13),
        ("\u1112\u1161\u11ab", 2),
    ],
)
def test_length_of_korean(text: str, length: int) -> None:
    assert weighted_length(text) == length


@given(KOREAN)
def test_graphemes_lose_nothing(text: str) -> None:
    assert "".join(graphemes(text)) == text


def test_a_family_is_one_grapheme() -> None:
    assert graphemes("가족 👨‍👩‍👧 입니다") == ["가", "족", " ", "👨‍👩‍👧", " ", "입", "니", "다"]
    assert graphemes("e\u0301") == ["e\u0301"]
    assert nfc("e\u0301") == "é"


def framed(body: str, number: int, of: int) -> str:
    return f"@gildong {body}" + (f" ({number}/{of})" if of > 1 else "")


@given(KOREAN, st.integers(min_value=24, max_value=120))
def test_parts_fit_and_hold_every_word(text: str, limit: int) -> None:
    parts = split_numbered(text, limit=limit, measure=len, frame=framed)
    assert all(len(part) <= limit for part in parts)
    bodies = [re.sub(r"^@gildong | \(\d+/\d+\)$", "", part) for part in parts]
    assert re.sub(r"\s", "", "".join(bodies)) == re.sub(r"\s", "", text)
    if len(parts) > 1:
        assert [part[-len(f"({n}/{len(parts)})") :] for n, part in enumerate(parts, 1)] == [
            f"({n}/{len(parts)})" for n in range(1, len(parts) + 1)
        ]


@given(KOREAN)
def test_no_character_is_cut_in_two(text: str) -> None:
    parts = split_numbered(text, limit=60, measure=weighted_length, frame=framed)
    whole = {piece for piece in graphemes(text) if piece.strip()}
    for part in parts:
        body = re.sub(r"^@gildong | \(\d+/\d+\)$", "", part)
        assert {piece for piece in graphemes(body) if piece.strip()} <= whole


def test_a_text_that_fits_stays_whole() -> None:
    assert split_numbered("고쳤습니다.", limit=280, measure=weighted_length, frame=framed) == ["@gildong 고쳤습니다."]


def test_parts_end_with_sentences() -> None:
    text = "가로등을 고쳤습니다. 내일 다시 살펴보겠습니다. 불편을 드려 죄송합니다."
    parts = split_numbered(text, limit=40, measure=len, frame=framed)
    assert parts == [
        "@gildong 가로등을 고쳤습니다. (1/3)",
        "@gildong 내일 다시 살펴보겠습니다. (2/3)",
        "@gildong 불편을 드려 죄송합니다. (3/3)",
    ]


def test_a_frame_that_leaves_no_room_is_refused() -> None:
    with pytest.raises(TooLong):
        split_numbered("고쳤습니다", limit=9, measure=len, frame=framed)
    with pytest.raises(TooLong):
        split_numbered("가" * 200, limit=1, measure=len, frame=lambda body, _n, of: body if of < 100 else "xx")


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>첫 줄<br />둘째 줄</p><p>새 문단</p>", "첫 줄\n둘째 줄\n\n새 문단"),
        ("a &lt;b&gt; &amp;amp; &#48120;&#xac00;", "a <b> &amp; 미가"),
        ("<a href='http://me2day.net/codian'>꽃띠앙</a> 안녕", "꽃띠앙 안녕"),
        ('<a href="x"><span class="invisible">https://</span><span>busan.go.kr/</span></a>', "https://busan.go.kr/"),
        ("<ul><li>하나</li><li>둘</li></ul>끝", "하나\n둘\n\n끝"),
        ("3 < 5 그리고 열린 <b", "3 < 5 그리고 열린 <b"),
        ("", ""),
    ],
)
def test_html_becomes_plain(html: str, text: str) -> None:
    assert plain_text(html) == text


@given(st.text(max_size=200))
def test_any_html_is_read(html: str) -> None:
    assert "\n\n\n" not in plain_text(html)


@given(st.text(alphabet="가나 <>&;\"'ab/=", max_size=100))
def test_what_was_escaped_comes_back(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert plain_text(escaped) == re.sub(r"\n{3,}", "\n\n", text).strip()
