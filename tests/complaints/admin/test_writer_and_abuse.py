"""Abuse is folded on the page and left out of lists, never refused; the writer's other complaints stand beside it."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from complaints.models import Complaint
from complaints.pages.writer import SHOWN, writer_of
from departments.models import Role
from tests.complaints.admin.desk import LIST, client_as, make_row, page_of
from tests.make import make_department, make_person

pytestmark = pytest.mark.django_db
RUDE = "야 이 개새끼야 가로등 고쳐라"


def again(complaint: Complaint, **values: Any) -> Complaint:
    """Another complaint of the same citizen."""
    row = make_row(**values)
    Complaint.objects.filter(pk=row.pk).update(author=complaint.author)
    return row


def test_abuse_is_folded_on_the_page_and_left_out_of_the_list() -> None:
    complaint, officer = make_row(RUDE), client_as(Role.OFFICER)
    for address in (page_of(complaint), f"/admin/desk/{complaint.number}/?tab=all"):
        page = officer.get(address).content.decode()
        assert '<details class="abusive">' in page
        assert "개새끼" in page.partition('<details class="abusive">')[2].partition("</details>")[0]
    lines = officer.get(f"{LIST}?tab=all").content.decode()
    assert complaint.number in lines
    assert "개새끼" not in lines
    assert complaint.status == "RECEIVED"


def test_other_posts_stand_open() -> None:
    page = client_as(Role.OFFICER).get(page_of(make_row("새끼 고양이가 다쳤어요"))).content.decode()
    assert '<details class="abusive">' not in page


def test_the_writers_other_complaints_are_counted_and_linked() -> None:
    complaint = make_row()
    earlier = [again(complaint) for _number in range(7)]
    page = client_as(Role.OFFICER).get(page_of(complaint)).content.decode()
    assert "이 시민의 다른 민원 7건" in page
    assert page.count('href="/admin/complaints/complaint/') >= SHOWN
    assert earlier[0].number in page
    triage = client_as(Role.OFFICER).get(f"/admin/desk/{complaint.number}/").content.decode()
    assert f"/admin/desk/{earlier[0].number}/?tab=all" in triage


def test_only_what_one_may_see_is_counted() -> None:
    mine, other = make_department(), make_department("도로계획과")
    complaint = make_row(status="ASSIGNED", department=mine)
    seen, foreign = (again(complaint, status="ASSIGNED", department=of) for of in (mine, other))
    found = writer_of(complaint, make_person(Role.STAFF, mine), now=timezone.now())
    assert (found.number, [before.number for before in found.newest]) == (1, [seen.number])
    page = client_as(Role.STAFF, mine).get(page_of(complaint)).content.decode()
    assert foreign.number not in page


def test_a_first_complaint_says_so_and_nobody_is_made_up_for_an_unknown_author() -> None:
    complaint = make_row()
    assert "이 시민의 첫 민원" in client_as(Role.OFFICER).get(page_of(complaint)).content.decode()
    Complaint.objects.update(author=None)
    page = client_as(Role.OFFICER).get(page_of(complaint)).content.decode()
    assert 'id="writer"' not in page


@pytest.mark.parametrize("others", [0, 40])
def test_any_number_of_others_costs_two_queries(others: int, django_assert_max_num_queries: Any) -> None:
    complaint, officer = make_row(), make_person(Role.OFFICER)
    for _number in range(others):
        again(complaint)
    officer.has_perm("")
    writer_of(complaint, officer, now=timezone.now())
    with django_assert_max_num_queries(2):
        writer_of(complaint, officer, now=timezone.now())
