"""What the citizen said of an answer, on the complaint's page: seen by who sees it, corrected by officers only."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from complaints import consultations
from complaints.models import Complaint, ComplaintPost, Consultation, Reply, Verdict
from departments.models import Department, Role
from tests.complaints.admin.desk import LIST, client_as, make_row, page_of
from tests.make import NOON, make_department, make_person, make_post, make_promise, make_verdict

pytestmark = pytest.mark.django_db


@pytest.fixture
def department() -> Department:
    return make_department()


@pytest.fixture
def row(department: Department) -> Verdict:
    complaint = make_row(status="COMPLETED", department=department, closed_at=NOON)
    assert complaint.author is not None
    at = NOON + timedelta(hours=1)
    post = make_post(
        complaint.account, "만족도 4점, <b>고맙습니다</b>", author=complaint.author.external_id, posted_at=at
    )
    ComplaintPost.objects.create(complaint=complaint, post=post, joined_at=at)
    said: dict[str, Any] = {"said": "SATISFIED", "mark": 4, "words": "만족도 4", "post": post, "said_at": at}
    return make_verdict(make_promise(complaint).reply, **said)


def act(client: Client, row: Verdict, **fields: Any) -> Any:
    return client.post(page_of(row.complaint, "verdict", str(row.pk)), {"version": row.version, **fields})


def text(client: Client, complaint: Complaint) -> str:
    return client.get(page_of(complaint)).content.decode()


def test_an_officer_sees_why_and_corrects_it(row: Verdict) -> None:
    officer = client_as(Role.OFFICER)
    assert "만족도 4" in text(officer, row.complaint)
    answer = act(officer, row, verdict="NOT")
    assert answer.status_code == 302
    row.refresh_from_db()
    assert row.counts == "NOT"
    page = text(officer, row.complaint)
    assert '<option value="NOT" selected>' in page
    assert act(officer, Verdict.objects.get(), verdict="").status_code == 302
    assert Verdict.objects.get().decided == ""


def test_what_is_undecided_is_found_read_and_decided(row: Verdict) -> None:
    make_row()
    Verdict.objects.update(said="MIXED", mark=None, words="고맙 … 아직")
    officer = client_as(Role.OFFICER)
    listed = officer.get(LIST, {"tab": "all", "said": "undecided"}).content.decode()
    assert row.complaint.number in listed
    page = text(officer, row.complaint)
    assert "고맙 … 아직" in page
    assert "<details open>" in page[page.index('id="satisfaction"') :]
    act(officer, row, verdict="NOT")
    assert row.complaint.number not in officer.get(LIST, {"tab": "all", "said": "undecided"}).content.decode()
    assert row.complaint.number in officer.get(LIST, {"tab": "all", "said": "else"}).content.decode()
    staff = client_as(Role.STAFF, row.complaint.department)
    listed = staff.get(LIST, {"tab": "all", "said": "undecided"}).content.decode()
    assert row.complaint.number in listed, "who decides nothing has no such filter"
    assert 'name="said"' not in listed


def test_a_double_click_and_a_slower_officer_change_nothing(row: Verdict) -> None:
    officer = client_as(Role.OFFICER)
    assert act(officer, row, verdict="NOT").status_code == 302
    assert act(officer, row, verdict="NOT").status_code == 409
    assert act(officer, row, verdict="STRUCK").status_code == 409
    assert Verdict.objects.get().decided == "NOT"


@pytest.mark.parametrize("typed", [{}, {"verdict": "BEST"}])
def test_nonsense_is_refused_in_words(row: Verdict, typed: dict[str, str]) -> None:
    assert act(client_as(Role.OFFICER), row, **typed).status_code == 400


def test_a_department_reads_and_does_not_correct(row: Verdict, department: Department) -> None:
    staff = client_as(Role.STAFF, department)
    page = text(staff, row.complaint)
    assert "만족도 4" in page
    assert 'name="verdict"' not in page
    assert act(staff, row, verdict="SATISFIED").status_code == 403


def test_what_is_not_there(row: Verdict) -> None:
    elsewhere = client_as(Role.STAFF, make_department("바람과"))
    assert act(elsewhere, row, verdict="NOT").status_code == 404
    officer = client_as(Role.OFFICER)
    assert officer.post(page_of(row.complaint, "verdict", str(row.pk + 1))).status_code == 404


def test_what_the_lists_missed_stands_there_to_be_corrected(row: Verdict) -> None:
    Verdict.objects.update(said="", words="", mark=None, post=None, said_at=None)
    assert 'name="verdict"' in text(client_as(Role.OFFICER), row.complaint)
    Verdict.objects.update(answered_at=NOON + timedelta(days=1))
    assert 'id="satisfaction"' not in text(client_as(Role.OFFICER), row.complaint)


def test_who_was_only_asked_sees_nothing_of_a_private_answer(row: Verdict) -> None:
    road = make_department("바람과")
    Complaint.objects.filter(pk=row.complaint_id).update(status="IN_PROGRESS", closed_at=None)
    row.complaint.refresh_from_db()
    by, now = make_person(Role.OFFICER), timezone.now()
    consultations.ask(
        row.complaint, by=by, now=now, department=road, wish=Consultation.Wish.OPINION, question="누가 합니까?", hours=0
    )
    asked = client_as(Role.STAFF, road)
    assert 'id="satisfaction"' in text(asked, row.complaint)
    Reply.objects.update(private=True)
    assert 'id="satisfaction"' not in text(asked, row.complaint)
    assert 'id="satisfaction"' in text(client_as(Role.OFFICER), row.complaint)


def test_words_without_a_mark(row: Verdict) -> None:
    Verdict.objects.update(mark=None, words="고맙")
    page = text(client_as(Role.OFFICER), row.complaint)
    assert "“고맙”" in page
    assert "5점 만점에" not in page
