"""Opinions under a talk: collected, suggested by words, confirmed, summed up, answered under the talk."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from channels_sns.models import Broadcast, InboundPost
from complaints import opinions
from complaints.models import Complaint, Opinion
from departments.models import Role
from tests.broadcasting import make_draft
from tests.complaints.admin.desk import client_as
from tests.make import NOON, make_account, make_person, make_post

pytestmark = pytest.mark.django_db

Stance = Opinion.Stance


def make_talk(*texts: str, kind: str = "TALK") -> Broadcast:
    """A talk with these comments on the shelf, collected."""
    account = make_account("x")
    talk = make_draft([account], kind=kind, title="야시장 연장", text="야시장을 자정까지 열까요?")
    for n, text in enumerate(texts):
        make_post(account, text, author=str(n), state=InboundPost.State.COLLECTED, under=talk, root_id="t")
    opinions.collect(now=NOON)
    return talk


@pytest.mark.parametrize(
    ("text", "stance", "word"),
    [
        ("저는 찬성합니다", Stance.FOR, "찬성"),
        ("반대합니다. 시끄러워요", Stance.AGAINST, "반대"),
        ("자정 대신 11시까지 하면 좋겠습니다", Stance.PROPOSAL, "하면 좋겠"),
        ("@busan 언제부터인가요?", Stance.QUESTION, "언제"),
        ("I agree, great idea", Stance.FOR, "agree"),
        ("@반대맨 https://x.example/반대 음", Stance.OTHER, ""),
        ("", Stance.OTHER, ""),
    ],
)
def test_words_suggest_a_stance(text: str, stance: Opinion.Stance, word: str) -> None:
    found, words = opinions.suggest(text)
    assert found == stance
    assert words == [] if not word else word in words


def test_what_lies_under_a_talk_becomes_opinions_once_and_nothing_else_does() -> None:
    talk = make_talk("찬성합니다", "반대합니다")
    make_talk("보았어요", kind="EMERGENCY")
    assert opinions.collect(now=NOON) == 0
    assert [one.suggested for one in opinions.of(talk)] == [Stance.FOR, Stance.AGAINST]
    assert Opinion.objects.count() == 2
    assert not Complaint.objects.exists()


def test_an_officer_confirms_what_was_suggested_or_says_otherwise() -> None:
    talk, officer = make_talk("찬성합니다", "반대합니다", "글쎄요"), make_person(Role.OFFICER)
    first, *_rest = opinions.of(talk)
    assert opinions.confirm([first], Stance.QUESTION, by=officer, now=NOON) == 1
    assert opinions.confirm(opinions.of(talk), "", by=officer, now=NOON) == 2
    assert [one.stance for one in opinions.of(talk)] == [Stance.QUESTION, Stance.AGAINST, Stance.OTHER]
    assert {one.decided_by for one in opinions.of(talk)} == {officer}


def test_one_becomes_a_complaint_after_all_and_is_no_opinion_any_more() -> None:
    talk = make_talk("찬성합니다", "우리 골목 가로등이 꺼졌어요")
    light = opinions.of(talk)[1]
    complaint = opinions.to_complaint(light, now=NOON)
    assert complaint.text == "우리 골목 가로등이 꺼졌어요"
    assert opinions.to_complaint(light, now=NOON) == complaint
    assert opinions.summary(talk).total == 1


def test_what_its_citizen_deleted_is_not_said_any_more() -> None:
    talk = make_talk("찬성합니다", "반대합니다")
    InboundPost.objects.filter(text="반대합니다").update(gone_at=NOON)
    assert opinions.summary(talk).total == 1
    assert [one.post.text for one in opinions.of(talk)] == ["찬성합니다"]


def test_the_summary_counts_and_quotes_without_personal_data() -> None:
    talk = make_talk("@busan 찬성합니다 010-1234-5678로 연락 주세요", "찬성", "반대합니다")
    told = opinions.summary(talk)
    assert {value: n for value, _label, n in told.counts if n} == {"FOR": 2, "AGAINST": 1}
    assert (told.total, told.undecided) == (3, 3)
    quotes = " ".join(text for _value, _label, texts in told.quotes for text in texts)
    assert "010-****-5678" in quotes
    assert "@busan" not in quotes


def test_the_result_is_drafted_once_under_the_talk() -> None:
    talk, officer = make_talk("찬성합니다"), make_person(Role.OFFICER)
    result = opinions.draft_result(talk, by=officer, now=NOON)
    assert (result.follows, result.under, result.collects, result.state) == (talk, True, False, "DRAFT")
    assert opinions.draft_result(talk, by=officer, now=NOON) == result
    assert [variant.account for variant in result.variants.all()] == [
        variant.account for variant in talk.variants.all()
    ]


def test_two_officers_at_once_write_one_result(monkeypatch: pytest.MonkeyPatch) -> None:
    talk, officer, made = make_talk("찬성합니다"), make_person(Role.OFFICER), list[Broadcast]()

    def waits(**_values: object) -> QuerySet[Broadcast]:
        monkeypatch.undo()
        made.append(opinions.draft_result(talk, by=officer, now=NOON))
        return Broadcast.objects.all()

    monkeypatch.setattr(Broadcast.objects, "select_for_update", waits)
    assert [opinions.draft_result(talk, by=officer, now=NOON)] == made


def test_the_result_is_korean_for_an_officer_who_reads_english() -> None:
    talk, officer = make_talk("찬성합니다"), make_person(Role.OFFICER)
    with translation.override("en"):
        result = opinions.draft_result(talk, by=officer, now=NOON)
    assert "Result" not in result.text + result.title


@pytest.mark.parametrize(
    ("language", "texts", "said"),
    [
        ("ko", (), "[반영 결과] 이번 토크에는 접수된 의견이 없었습니다. 다음 토크에도 많은 참여 바랍니다."),
        ("ko", ("찬성",), "[반영 결과] 의견 1건을 받았습니다(찬성 1). 참여해 주셔서 고맙습니다."),
        ("en", (), "Result: no opinion has come in. Please join our next talk."),
        ("en", ("찬성",), "Result: 1 opinion (for it 1). Thank you for taking part."),
        ("en", ("찬성", "동의"), "Result: 2 opinions (for it 2). Thank you for taking part."),
    ],
)
def test_the_result_says_how_many_took_part_also_when_nobody_did(
    settings: Any, language: str, texts: tuple[str, ...], said: str
) -> None:
    settings.LANGUAGE_CODE = language
    assert opinions.draft_result(make_talk(*texts), by=make_person(Role.OFFICER), now=NOON).text == said


def test_the_pages() -> None:
    talk, officer = make_talk("찬성 <b>합니다</b>", "가로등이 꺼졌어요"), client_as(Role.OFFICER)
    address = f"/admin/broadcasts/{talk.pk}/opinions/"
    page = officer.get(address).content.decode()
    assert "찬성 &lt;b&gt;" in page
    first, second = opinions.of(talk)
    officer.post(f"{address}confirm/", {"pick": [first.pk, "x", "9" * 40], "stance": "FOR"})
    officer.post(f"{address}confirm/", {"pick": [first.pk, second.pk]})
    assert {one.pk: one.stance for one in opinions.of(talk)} == {first.pk: "FOR", second.pk: "OTHER"}
    assert officer.post(f"{address}confirm/", {"pick": [first.pk], "stance": "no"}).status_code == 404
    officer.post(f"{address}{second.pk}/complaint/")
    assert Complaint.objects.get().text == "가로등이 꺼졌어요"
    answer = officer.post(f"{address}result/")
    result = Broadcast.objects.get(follows=talk)
    assert answer.headers["Location"] == f"/admin/broadcasts/{result.pk}/"
    assert officer.get(f"/admin/broadcasts/{make_draft().pk}/opinions/").status_code == 404


def test_the_page_asks_as_often_for_one_as_for_many() -> None:
    officer, counts = client_as(Role.OFFICER), list[int]()
    for many in (1, 40):
        talk = make_talk(*(f"찬성 {n}" for n in range(many)))
        officer.get(f"/admin/broadcasts/{talk.pk}/opinions/")
        with CaptureQueriesContext(connection) as queries:
            officer.get(f"/admin/broadcasts/{talk.pk}/opinions/")
        counts.append(len(queries))
    assert counts[0] == counts[1]
