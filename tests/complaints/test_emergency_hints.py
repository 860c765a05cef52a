"""What a citizen's post says already."""

from __future__ import annotations

import pytest

from complaints import emergency_hints
from departments.models import District, Place
from tests.complaints.admin.desk import make_row
from tests.make import make_complaint

POST = (
    "제 아들을 잃어버렸어요!! 이름은 김하늘이고 7살이에요. 오후 5시 10분쯤 벡스코 앞에서 없어졌어요. "
    "빨간 모자에 노란색 점퍼, 청바지를 입었어요. 도와주세요"
)


@pytest.mark.django_db
def test_a_mothers_post_fills_the_form() -> None:
    district = District.objects.create(code="26350", name="해운대구", lat=35.16, lon=129.16)
    Place.objects.create(district=district, kind="landmark", name="벡스코", lat=35.17, lon=129.13)
    found = emergency_hints.facts_in(make_complaint(text=POST))
    assert found == {
        "kind": "LOST_CHILD",
        "name": "김하늘",
        "age": "7살",
        "appearance": "빨간 모자, 노란색 점퍼, 청바지",
        "appearance_en": "red cap, yellow jacket, jeans",
        "place": "벡스코",
        "seen": "오후 5시 10분쯤",
    }


@pytest.mark.django_db
def test_what_is_not_said_stays_empty() -> None:
    found = emergency_hints.facts_in(make_complaint(text="도와주세요"))
    assert found == dict.fromkeys(found, "") | {"kind": "OTHER", "seen": "11:59"}
    posted = emergency_hints.facts_in(make_row("미아를 찾습니다"))
    assert ":" in posted["seen"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("아이가 없어졌어요", "LOST_CHILD"),
        ("치매 할머니를 찾습니다", "LOST_PERSON"),
        ("사람이 실종됐어요", "LOST_PERSON"),
        ("아이폰을 잃어버렸어요", "OTHER"),
        ("아이들 놀이터가 위험해요", "OTHER"),
        ("물이 넘쳐요", "OTHER"),
    ],
)
def test_what_it_sounds_like(text: str, kind: str) -> None:
    assert emergency_hints.kind_of(text) == kind


def test_each_thing_is_named_once_and_the_longest_word_wins() -> None:
    assert emergency_hints.things_in("파란 책가방, 파란 책가방, 하늘색 반바지, 안경") == [
        ("파란 책가방", "blue school bag"),
        ("하늘색 반바지", "sky-blue shorts"),
        ("안경", "glasses"),
    ]
