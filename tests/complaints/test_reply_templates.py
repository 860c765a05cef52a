"""Reply templates: the right ones first, their fields filled, nothing unknown let in."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from complaints import replies, reply_templates
from complaints.models import Complaint, ReplyTemplate
from complaints.pages import reply_preview
from departments.models import City, Role
from tests.complaints.fates import assigned
from tests.make import NOON, make_account, make_agency, make_complaint, make_department, make_district, make_person

pytestmark = pytest.mark.django_db


def make_template(text: str = "안녕하세요", **values: Any) -> ReplyTemplate:
    return ReplyTemplate.objects.create(text=text, **{"title": text[:20], **values})


def held(**values: Any) -> Complaint:
    return make_complaint(status="ASSIGNED", **{"department": make_department("홍보담당관"), **values})


def texts(complaint: Complaint) -> list[str]:
    return [offer.text for offer in reply_templates.offered(complaint, now=NOON)]


# --- which ------------------------------------------------------------------------------------------------------------


def test_the_most_special_comes_first() -> None:
    complaint = held(legal_kind="PROPOSAL")
    make_template("아무 데나")
    make_template("이 언어", language="ko")
    make_template("이 채널", channel_kind="x")
    make_template("이 종류", legal_kind="PROPOSAL")
    make_template("이 부서", department=complaint.department)
    make_template("이 부서의 이 종류", department=complaint.department, legal_kind="PROPOSAL")
    wanted = ["이 부서의 이 종류", "이 부서", "이 종류", "이 채널", "이 언어", "아무 데나"]
    assert texts(complaint) == wanted


def test_what_is_for_others_is_not_offered() -> None:
    make_template("다른 부서", department=make_department("도로계획과"))
    make_template("다른 종류", legal_kind="PROPOSAL")
    make_template("다른 채널", channel_kind="facebook")
    make_template("쓰지 않음", in_use=False)
    assert texts(held()) == []


@pytest.mark.parametrize(
    ("language", "account", "first"),
    [("ko", "ko", "안녕"), ("en", "ko", "Hello"), ("ja", "en", "Hello"), ("ja", "ko", "안녕"), ("ko", "en", "안녕")],
)
def test_the_citizens_language_comes_first_then_the_accounts(language: str, account: str, first: str) -> None:
    make_template("안녕", language="ko")
    make_template("Hello", language="en")
    complaint = held(account=make_account(language=account), language=language)
    offers = reply_templates.offered(complaint, now=NOON)
    assert offers[0].text == first
    assert [offer.own_language for offer in offers] == [True, False]


def test_no_more_are_offered_than_a_tired_person_reads() -> None:
    for number in range(20):
        make_template(f"안녕 {number}")
    assert len(texts(held())) == reply_templates.OFFERED


def test_one_is_found_only_where_it_fits() -> None:
    complaint = held()
    mine, foreign = make_template("{담당 부서}입니다"), make_template("아님", department=make_department("도로계획과"))
    assert reply_templates.one(complaint, mine.pk, now=NOON) == "홍보담당관입니다"
    assert reply_templates.one(complaint, foreign.pk, now=NOON) is None
    assert reply_templates.one(complaint, 10**9, now=NOON) is None


def test_any_number_of_templates_costs_two_queries(django_assert_num_queries: Any) -> None:
    complaint = held()
    for number in range(20):
        make_template(f"{{담당 부서}} {{도시}} {number}")
    with django_assert_num_queries(2):
        reply_templates.offered(complaint, now=NOON)


# --- fields -----------------------------------------------------------------------------------------------------------


def filled(text: str, complaint: Complaint, language: str = "") -> str:
    found = reply_templates.one(complaint, make_template(text, language=language).pk, now=NOON)
    assert found is not None
    return found


def test_fields_are_filled_with_their_particles() -> None:
    City.objects.create(id=1, name="부산광역시", name_en="Busan", loaded_at=NOON)
    complaint = held(district=make_district("해운대구"), due_at=NOON + timedelta(days=1))
    complaint.department.phone = "051-888-3641"  # type: ignore[union-attr]
    said = filled("{도시}는 {담당부서}와 {구·군}을(를) 봅니다. {전화}로, {접수번호}, {기한}까지", complaint)
    wanted = "부산광역시는 홍보담당관과 해운대구를 봅니다. 051-888-3641로, {number}, 11월 25일(수) 12:00까지"
    assert said == wanted.replace("{number}", complaint.number)


def test_an_english_text_gets_english_names() -> None:
    agency = make_agency("부산경찰청", name_en="Busan Metropolitan Police")
    department = make_department("관광정책과", name_en="Tourism policy")
    complaint = held(department=department, agency=agency, due_at=NOON + timedelta(days=1), language="ja")
    said = filled("{Department} and {agency}: {due time}, {담당 부서}", complaint, language="en")
    assert said == "Tourism policy and Busan Metropolitan Police: 25 November, 12:00, Tourism policy"


def test_without_an_english_name_the_official_one_stands() -> None:
    assert filled("{department}", held(), language="en") == "홍보담당관"


def test_brackets_hold_what_may_be_missing() -> None:
    complaint = held()
    text = "조치했습니다.[ 문의: {담당 부서} {전화}] [참고]"
    assert filled(text, complaint) == "조치했습니다. [참고]"
    complaint.department.phone = "051-888-3641"  # type: ignore[union-attr]
    assert filled(text, complaint) == "조치했습니다. 문의: 홍보담당관 051-888-3641 [참고]"


def test_what_has_no_value_stays_to_be_filled_by_hand() -> None:
    complaint = held(due_at=NOON - timedelta(minutes=1))
    said = filled("{기한}까지 {외부 기관}에서 {구·군} {전화} {도시}", complaint)
    assert said == "{기한}까지 {외부 기관}에서 {구·군} {전화} {도시}"
    assert reply_templates.unfilled(said) == ["{기한}", "{외부 기관}", "{구·군}", "{전화}", "{도시}"]
    assert reply_templates.unfilled("{아무거나} { }") == []


def test_nobody_approves_a_field_that_was_not_filled() -> None:
    complaint, officer = assigned(), make_person(Role.OFFICER)
    replies.draft(complaint, text="{전화}로 문의해 주세요", by=officer, version=complaint.version, now=NOON)
    with pytest.raises(replies.NotPossible) as refused, translation.override("ko"):
        replies.approve(complaint, by=officer, version=complaint.version, now=NOON)
    assert "{전화}" in str(refused.value)


@pytest.mark.parametrize(
    "text",
    [
        "{부서장}입니다",
        "{}",
        "{담당 부서",
        "담당 부서}",
        "[{전화}",
        "{전화}]",
        "[가[{전화}]나]",
        "{{전화}}",
        "문의 010-1234-5678",
    ],
)
def test_a_text_with_a_mistake_is_refused(text: str) -> None:
    with pytest.raises(reply_templates.NotPossible):
        reply_templates.check(text)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_refusal_names_the_field_and_those_that_there_are(language: str) -> None:
    with translation.override(language), pytest.raises(reply_templates.NotPossible) as refused:
        reply_templates.check("{부서장}")
    assert "{부서장}" in str(refused.value)
    assert ("{department}" if language == "en" else "{담당 부서}") in str(refused.value)


@pytest.mark.parametrize("values", [{"title": ""}, {"text": ""}, {"language": "fr"}, {"legal_kind": "LAW"}])
def test_the_database_holds_the_rules(values: dict[str, str]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ReplyTemplate.objects.create(**{"title": "제목", "text": "글", **values})


# --- what comes with the desk -----------------------------------------------------------------------------------------


def test_what_comes_with_the_desk_comes_once_and_stays_as_it_was_changed() -> None:
    added = reply_templates.add()
    assert added == ReplyTemplate.objects.count() > 10
    ReplyTemplate.objects.filter(code="done-ko").update(text="우리 말로 바꿈", in_use=False)
    assert reply_templates.add() == 0
    assert ReplyTemplate.objects.get(code="done-ko").text == "우리 말로 바꿈"


def test_each_language_says_the_same_things() -> None:
    reply_templates.add()
    codes = set(ReplyTemplate.objects.filter(channel_kind="").values_list("code", flat=True))
    assert {code[:-3] for code in codes if code.endswith("-en")} >= {"checking", "done", "visit", "where", "agency"}


def test_those_of_the_desk_are_short_enough_even_for_x() -> None:
    reply_templates.add()
    City.objects.create(id=1, name="부산광역시", name_en="Busan Metropolitan City", loaded_at=NOON)
    complaint = held(due_at=NOON + timedelta(days=1))
    for offer in reply_templates.offered(complaint, now=NOON):
        assert reply_preview.measure(complaint, offer.text).parts in (1, 2), offer.title


def test_a_file_with_a_mistake_adds_nothing(tmp_path: Path) -> None:
    entries = [{"code": "a", "title": "가", "text": "나"}, {"code": "b", "title": "가", "text": "{없는 항목}"}]
    file = tmp_path / "t.json"
    file.write_text(json.dumps({"templates": entries}), encoding="utf-8")
    with pytest.raises(reply_templates.NotPossible):
        reply_templates.add(file)
    assert not ReplyTemplate.objects.exists()
