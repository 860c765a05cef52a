"""조사: each word with the particle that a Korean reader expects."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints import josa

#: (word, 은/는, (으)로)
READ = [
    ("관광정책과", "는", "로"),
    ("홍보담당관", "은", "으로"),
    ("건설본부", "는", "로"),
    ("서울", "은", "로"),
    ("부산시설공단", "은", "으로"),
    ("관광정책과(구 관광진흥과)", "는", "로"),
    ("도로계획과 (051-888-3641)", "는", "로"),
    ("“홍보담당관”", "은", "으로"),
    ("관광정책과.", "는", "로"),
    ("0", "은", "으로"), ("1", "은", "로"), ("2", "는", "로"), ("3", "은", "으로"), ("6", "은", "으로"),
    ("7", "은", "로"),
    ("10", "은", "으로"), ("1,000", "은", "으로"), ("1000000000000", "는", "로"), ("007", "은", "로"),
    ("B26-004217", "은", "로"), ("051-888-3641", "은", "로"), ("120", "은", "으로"), ("119", "는", "로"),
    ("X", "는", "로"), ("CCTV", "는", "로"), ("SNS", "는", "로"), ("URL", "은", "로"), ("HTM", "은", "으로"),
    ("VR", "은", "로"),
    ("Facebook", "은", "으로"), ("YouTube", "는", "로"), ("Bluesky", "는", "로"), ("Mastodon", "은", "으로"),
    ("KakaoTalk", "은", "으로"), ("Instagram", "은", "으로"), ("Google", "은", "로"), ("iPhone", "은", "으로"),
    ("me2day", "는", "로"), ("app", "은", "으로"), ("Naver", "는", "로"), ("mobile", "은", "로"), ("event", "는", "로"),
    ("50%", "는", "로"), ("20㎡", "는", "로"),
    ("🚌", "은(는)", "(으)로"), ("東京", "은(는)", "(으)로"), ("", "은(는)", "(으)로"),
]  # fmt: skip


@pytest.mark.parametrize(("word", "topic", "towards"), READ)
def test_a_word_gets_its_particle(word: str, topic: str, towards: str) -> None:
    assert josa.particle(word, "은") == topic
    assert josa.particle(word, "로") == towards


@pytest.mark.parametrize("forms", [("은", "는"), ("이", "가"), ("을", "를"), ("과", "와"), ("으로", "로")])
def test_every_particle_has_two_forms(forms: tuple[str, str]) -> None:
    assert [josa.particle("담당관", form) for form in forms] == [forms[0]] * 2
    assert [josa.particle("담당자", form) for form in forms] == [forms[1]] * 2


def test_another_particle_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        josa.particle("담당관", "에게")


def test_text_in_two_code_points_reads_the_same() -> None:
    assert josa.particle(unicodedata.normalize("NFD", "담당관"), "는") == "은"


@pytest.mark.parametrize(
    ("behind", "officer", "team"),
    [
        ("은(는) 봅니다", "은 봅니다", "는 봅니다"),
        ("는(은) 봅니다", "은 봅니다", "는 봅니다"),
        ("을/를 봅니다", "을 봅니다", "를 봅니다"),
        ("(으)로 보냅니다", "으로 보냅니다", "로 보냅니다"),
        ("(이)나", "이나", "나"),
        ("를 봅니다", "을 봅니다", "를 봅니다"),
        ("와", "과", "와"),
        ("로, 또", "으로, 또", "로, 또"),
        ("은행 앞", "은행 앞", "은행 앞"),
        ("에 보냅니다", "에 보냅니다", "에 보냅니다"),
        (" 은", " 은", " 은"),
        ("", "", ""),
    ],
)
def test_only_the_particle_right_behind_a_word_is_fitted(behind: str, officer: str, team: str) -> None:
    assert josa.fitted("담당관", behind) == officer
    assert josa.fitted("담당자", behind) == team


def test_a_text_is_filled_and_fitted() -> None:
    said = josa.filled("%(number)s을(를) %(department)s(으)로 보냈습니다", {"number": "B26-1", "department": "서울"})
    assert said == "B26-1을 서울로 보냈습니다"


def test_fields_may_be_written_otherwise() -> None:
    assert josa.filled("{부서}는 {부서}", {"부서": "담당관"}, field=re.compile(r"\{(\w+)\}")) == "담당관은 담당관"


def test_a_field_without_a_value_stays() -> None:
    assert josa.filled("%(a)s을(를) %(b)s은", {"b": "담당자"}) == "%(a)s을(를) 담당자는"


@given(st.text(max_size=40), st.text(max_size=20))
def test_any_word_is_followed_by_something_readable(word: str, behind: str) -> None:
    assert josa.particle(word, "은") in ("은", "는", "은(는)")
    assert josa.fitted(word, behind)[-5:] == behind[-5:] or behind[:1] in "은는이가을를과와으로("
