"""Copies on the pages: M sets one aside as the same, each page shows the other, the answer is offered."""

from __future__ import annotations

import re

import pytest

from complaints import merging
from complaints.models import Complaint
from departments.models import Role
from tests.complaints.admin.desk import client_as, client_of, make_row, page_of
from tests.complaints.test_past_answers import make_answered
from tests.make import make_department, make_person

pytestmark = pytest.mark.django_db

DESK = "/admin/desk/"
TEXT = "광안리 해수욕장 산책로 가로등 다섯 개가 꺼졌습니다"


def test_similar_complaints_are_offered_and_one_is_set_aside_as_the_same_and_undone() -> None:
    older, newer, following = make_row(TEXT), make_row(f"{TEXT} 확인 부탁드립니다"), make_row("버스가 오지 않아요")
    officer = client_as(Role.OFFICER)
    page = officer.get(f"{DESK}{newer.number}/similar/").content.decode()
    leading = re.findall(r'name="leading" value="([^"]+)"', page)
    assert leading == [older.number]
    answer = officer.post(f"{DESK}{newer.number}/move/merge/", {"version": 1, "leading": leading[0]})
    assert answer.status_code == 303
    newer.refresh_from_db()
    assert newer.duplicate_of == older
    assert officer.get(DESK).context["last"].complaint == newer
    assert newer.number in officer.get(f"{DESK}{older.number}/").content.decode().split("copies-title", 1)[1]
    assert older.number in officer.get(page_of(newer)).content.decode().split("copies-title", 1)[1]
    listed = officer.get("/admin/complaints/complaint/?tab=all").content.decode()
    assert "다른 민원과 같음" in listed or "the same as another" in listed
    undo = officer.post(f"{DESK}{newer.number}/move/undo/", {"version": newer.version})
    assert undo["Location"] == f"{DESK}{newer.number}/"
    again = Complaint.objects.get(pk=newer.pk)
    assert (again.status, again.duplicate_of) == ("TRIAGED", None)
    assert following.number


def test_a_wrong_number_is_said_and_given_back() -> None:
    complaint, officer = make_row(TEXT), client_as(Role.OFFICER)
    for typed in ("B99-999999", "", complaint.number):
        for address in (f"{DESK}{complaint.number}/move/merge/", page_of(complaint, "move", "merge")):
            answer = officer.post(address, {"version": 1, "leading": typed})
            assert answer.status_code == 400
            assert f'value="{typed}"' in answer.content.decode()
    complaint.refresh_from_db()
    assert complaint.status == "RECEIVED"


def make_copy() -> Complaint:
    """A copy, of another citizen, of a complaint whose answer stands."""
    leading = make_answered(TEXT, "가로등을 고쳤습니다.", make_department("도로안전과")).complaint
    copy = make_row(TEXT)
    merging.merge(copy, by=make_person(Role.OFFICER), version=1, now=leading.received_at, leading=leading.number)
    return copy


def test_the_answer_of_the_leading_one_is_drafted_for_the_copy_too() -> None:
    copy, person = make_copy(), make_person(Role.OFFICER)
    officer = client_of(person)
    for page in (page_of(copy), f"{DESK}{copy.number}/"):
        assert "가로등을 고쳤습니다." in officer.get(page).content.decode()
    assert officer.post(page_of(copy, "same"), {"version": 1}).status_code == 409
    assert officer.post(page_of(copy, "same"), {"version": copy.version}).status_code == 302
    copy.refresh_from_db()
    assert (copy.status, copy.replies.get().text) == ("IN_PROGRESS", "가로등을 고쳤습니다.")
    again = officer.post(page_of(copy, "same"), {"version": copy.version})
    assert again.status_code == 400
    manager = client_as(Role.MANAGER)
    assert "copies-title" not in manager.get(page_of(copy)).content.decode()


def test_who_only_looks_cannot_give_it() -> None:
    copy = make_copy()
    manager = client_as(Role.MANAGER)
    assert "complaint/same" not in manager.get(page_of(copy)).content.decode()
    assert page_of(copy, "same") not in manager.get(page_of(copy)).content.decode()
    assert manager.post(page_of(copy, "same"), {"version": copy.version}).status_code == 409
