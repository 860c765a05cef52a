"""Likely duplicates: reposts, the same matter at the same place, and nothing older or out of sight."""

from __future__ import annotations

from datetime import timedelta

import pytest

from complaints import similar
from complaints.models import Complaint
from complaints.similar import Index, Level
from tests.make import NOON, make_complaint, make_district
from tests.shared_material import shared

TEXT = "해운대구 우동 사거리 앞 인도 보도블록이 깨져서 아이들이 자꾸 넘어집니다"


def found(complaint: Complaint, **more: object) -> list[tuple[int, Level]]:
    asked = similar.candidates(complaint, now=NOON, **more)  # type: ignore[arg-type]
    return [(one.complaint.pk, one.level) for one in asked]


@pytest.mark.django_db
def test_a_repost_is_the_same_post_wherever_it_is() -> None:
    complaint = make_complaint(TEXT)
    repost = make_complaint(f"RT @someone: {TEXT[:36]} #부산 https://t.example/x")
    make_complaint("광안리 불꽃축제 교통통제 시간이 궁금합니다")
    assert found(complaint) == [(repost.pk, Level.SAME_POST)]
    (one,) = similar.candidates(complaint, now=NOON)
    assert one.score >= similar.SAME_POST
    assert "보도블록이" in one.words


@pytest.mark.django_db
def test_the_same_matter_counts_only_at_the_same_place() -> None:
    here, there = make_district("해운대구"), make_district("사하구")
    complaint = make_complaint("사거리 앞 보도블록이 깨졌습니다 고쳐주세요", district=here)
    same = make_complaint("사거리 보도블록이 파손됐습니다 고쳐요", district=here)
    make_complaint("사거리 보도블록이 파손됐습니다 고쳐요", district=there)
    make_complaint("사거리 보도블록이 파손됐습니다 고쳐요")
    assert found(complaint) == [(same.pk, Level.SAME_ISSUE)]
    unknown = make_complaint("사거리 앞 보도블록이 깨졌습니다 고쳐주세요!")
    assert (same.pk, Level.SAME_ISSUE) not in found(unknown)


@pytest.mark.django_db
def test_what_is_old_later_or_out_of_sight_is_not_named() -> None:
    complaint = make_complaint(TEXT)
    make_complaint(TEXT, received_at=NOON - similar.WINDOW)
    make_complaint(TEXT, received_at=NOON + timedelta(seconds=1))
    visible = make_complaint(TEXT, received_at=NOON - similar.WINDOW + timedelta(minutes=1))
    assert found(complaint) == [(visible.pk, Level.SAME_POST)]
    assert found(complaint, among=Complaint.objects.none()) == []


@pytest.mark.parametrize("at_least", [0.1, 0.3, 0.6])
def test_leaving_out_common_syllables_misses_nothing(at_least: float) -> None:
    texts = [f"{place} {what} {how}" for place in ("우동", "중동", "좌동") for what in ("가로등", "가로수", "가드레일")
             for how in ("꺼졌어요", "부러졌어요", "고장입니다")]  # fmt: skip
    index = Index(texts)
    for text in texts:
        asked = index._vector(similar.prints(text))
        every = {at for at in range(len(texts)) if index._cosine(asked, index._vectors[at]) >= at_least}
        assert {at for at, _score in index.near(text, at_least=at_least)} == every


@pytest.mark.django_db
def test_nothing_to_compare_with_and_nothing_said() -> None:
    assert found(make_complaint("@busan https://t.example/x")) == []
    assert Index([]).near("가로등", at_least=0.3) == []


@pytest.mark.slow
@pytest.mark.unmeasured
def test_paraphrases_are_found() -> None:
    """Average precision of the hardest part of 200 groups. All parts: python -m bench routing."""
    lines = shared("data", "parakqc_shared.txt").read_text(encoding="utf-8").splitlines()
    texts = [line.split("\t", 2)[2] for line in lines[2000:4000]]
    found = similar.average_precision(texts, group=10)
    print(f"\nduplicates: AP {found:.3f}")
    assert found >= 0.86
