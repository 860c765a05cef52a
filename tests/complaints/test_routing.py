"""Cases that officers can read and add to (routing_cases.csv), against the real city file."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from complaints import routing
from departments.models import Department, Place, Topic
from tests.make import make_department, make_district

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 24)
CASES = list(csv.DictReader(Path(__file__).with_name("routing_cases.csv").read_text(encoding="utf-8").splitlines()))


@pytest.mark.usefixtures("busan")
def test_the_cases_of_the_officers() -> None:
    """The right department is among the three; where nothing is asked of anybody, nobody is named."""
    table, codes = routing.table(today=TODAY), dict(Department.objects.values_list("pk", "code"))
    named = {row["text"]: [codes[found.department_id] for found in table.propose(row["text"])] for row in CASES}
    asked = [row for row in CASES if row["department"]]
    first = [row for row in asked if named[row["text"]][:1] == [row["department"]]]
    print(f"\nrouting: top-1 {len(first)}, top-3 of {len(asked)}")
    assert len(asked) >= 40
    assert {
        row["text"]: (row["department"], named[row["text"]])
        for row in CASES
        if (row["department"] not in named[row["text"]] if row["department"] else named[row["text"]])
    } == {}
    assert len(first) >= 0.85 * len(asked)


def test_the_reason_is_the_words_strongest_first() -> None:
    department = make_department()
    department.duty_rows.create(text="관광안내", words=["관광안내", "안내", "표지"])
    (proposal,) = routing.table(today=TODAY).propose("관광안내 표지판이 틀렸어요")
    assert (proposal.department_id, proposal.words) == (department.pk, ("관광안내", "표지"))
    assert proposal.score == 3.0


def test_a_shared_word_weighs_less_and_a_place_only_half() -> None:
    first, second = make_department("하나"), make_department("둘")
    first.duty_rows.create(text="x", words=["가로등", "광안리"])
    second.duty_rows.create(text="x", words=["가로등"])
    Place.objects.create(district=make_district(), kind="landmark", name="광안리", lat=35.1, lon=129.1)
    table = routing.table(today=TODAY)
    assert table.weights["가로등"][first.pk] == pytest.approx(1.5 / 2**0.5)
    assert table.weights["광안리"][first.pk] == 0.75
    assert [found.department_id for found in table.propose("광안리 가로등")] == [first.pk, second.pk]
    assert table.propose("광안리 좋아요") == []


def test_a_topic_weighs_more_than_a_duty() -> None:
    duty, topic = make_department("하나"), make_department("둘")
    duty.duty_rows.create(text="x", words=["쓰레기", " "])
    Topic.objects.create(name="쓰레기", words=["쓰레기"], department=topic)
    assert [found.department_id for found in routing.table(today=TODAY).propose("쓰레기")] == [topic.pk, duty.pk]


def test_a_department_far_behind_is_no_help_and_three_are_enough() -> None:
    strong = make_department("하나")
    strong.duty_rows.create(text="x", words=["가나다라마바", "사아자차카타", "파하거너더러", "버서어저처커"])
    for name in ("둘", "셋", "넷"):
        make_department(name).duty_rows.create(text="x", words=["작은말"])
    table = routing.table(today=TODAY)
    assert len(table.propose("가나다라마바 사아자차카타 파하거너더러 버서어저처커 작은말")) == 1
    make_department("다섯").duty_rows.create(text="x", words=["긴낱말이다"])
    assert len(table.propose("작은말")) <= routing.SUGGESTED


def test_a_department_that_ended_is_not_proposed() -> None:
    gone = make_department("옛 부서", active_to=TODAY)
    gone.duty_rows.create(text="x", words=["가로등"])
    assert routing.table(today=TODAY).propose("가로등") == []


@pytest.mark.usefixtures("busan")
def test_the_table_is_made_in_a_few_queries() -> None:
    with CaptureQueriesContext(connection) as captured:
        table = routing.table(today=TODAY)
        table.propose("가로등이 꺼졌습니다")
    assert len(captured) == 4
