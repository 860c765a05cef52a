"""manage.py suggest: everything the desk would say about a text, as one JSON object, and nothing stored."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from complaints.models import Complaint
from departments.models import Department
from tests.complaints.test_past_answers import make_answered
from tests.make import make_complaint


def suggested(text: str) -> dict[str, Any]:
    out = io.StringIO()
    call_command("suggest", "--text", text, "--json", "--lang=en", stdout=out)
    found: dict[str, Any] = json.loads(out.getvalue())
    return found


@pytest.mark.usefixtures("busan")
def test_all_that_the_words_say() -> None:
    text = "해운대 영화의전당 앞 안내판 화살표가 반대로 되어 있어요"
    known = make_complaint(text, received_at=timezone.now())
    found = suggested(text)
    first = found["departments"][0]
    assert first["name"] == "관광정책과"
    assert first["score"] > 0
    assert "안내판" in first["reasons"]
    assert found["districts"] == ["해운대구"]
    assert any(place["name"] == "영화의전당" for place in found["places"])
    kind = found["legal_kind"]
    assert (kind["code"], kind["reasons"]) == ("OTHER", ["반대로"])
    assert "영 제16조" in kind["articles"]
    assert (found["urgency"], found["urgent_words"], found["language"]) == ("NORMAL", [], "ko")
    assert [(one["number"], one["level"]) for one in found["duplicates"]] == [(known.number, "same post")]
    assert found["past_answers"] == []
    assert Complaint.objects.count() == 1


@pytest.mark.usefixtures("busan")
def test_a_name_that_repeats_has_each_district_and_a_danger_is_urgent() -> None:
    found = suggested("송정동 골목에 싱크홀이 생겼어요 \x00")
    (place,) = (place for place in found["places"] if place["text"] == "송정동")
    assert sorted(place["districts"]) == ["강서구", "해운대구"]
    assert (found["urgency"], found["urgent_words"]) == ("URGENT", ["싱크홀"])


@pytest.mark.usefixtures("busan")
def test_what_the_suggested_departments_answered_before() -> None:
    tour, text = Department.objects.get(name="관광정책과"), "영화의전당 앞 관광안내 표지판이 반대로 되어 있어요"
    make_answered(text, "표지판을 바로잡았습니다.", tour)
    make_answered(text, "우리 부서 일이 아닙니다.", Department.objects.get(name="도로계획과"))
    assert [one["text"] for one in suggested(text)["past_answers"]] == ["표지판을 바로잡았습니다."]


@pytest.mark.django_db
def test_nothing_is_said_where_nothing_speaks() -> None:
    found = suggested("Bonjour")
    assert (found["departments"], found["places"], found["legal_kind"], found["duplicates"]) == ([], [], None, [])
