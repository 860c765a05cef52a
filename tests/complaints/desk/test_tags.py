"""Tags on the pages: put on, taken off, shown to all who see the complaint, filtered by."""

from __future__ import annotations

import pytest

from complaints import tags
from departments.models import Role
from tests.complaints.admin.desk import client_as, make_row, page_of
from tests.make import NOON, make_department, make_person

pytestmark = pytest.mark.django_db

DESK = "/admin/desk/"


def test_at_the_desk_and_on_the_page() -> None:
    complaint, officer = make_row(status="ASSIGNED", department=make_department()), client_as(Role.OFFICER)
    answer = officer.post(f"{DESK}{complaint.number}/tag/?tab=all", {"tag": "축제<b>"})
    assert (answer.status_code, answer["Location"]) == (303, f"{DESK}{complaint.number}/?tab=all")
    assert officer.post(f"{DESK}{complaint.number}/tag/", {"tag": "축제<b>"}).status_code == 303
    assert officer.post(f"{DESK}{complaint.number}/tag/", {"tag": ""}).status_code == 400
    for page in (
        f"{DESK}{complaint.number}/",
        page_of(complaint),
        f"{DESK}?tab=all",
        "/admin/complaints/complaint/?tab=all",
    ):
        assert "축제&lt;b&gt;" in officer.get(page).content.decode()
    assert officer.post(page_of(complaint, "tag"), {"tag": "x" * 21}, follow=True).status_code == 200
    assert officer.post(page_of(complaint, "tag"), {"tag": "둘"}).status_code == 302
    (first, second) = tags.names_of([complaint.pk])[complaint.pk]
    officer.post(f"{DESK}{complaint.number}/tag/", {"remove": first.pk})
    officer.post(page_of(complaint, "tag"), {"remove": second.pk})
    assert not complaint.tagged.exists()
    assert complaint.events.filter(move__in=("tag", "untag")).count() == 4


def test_who_only_looks_sees_tags_and_puts_none_on() -> None:
    complaint = make_row()
    tags.put(complaint, "축제", by=make_person(Role.OFFICER), now=NOON)
    manager = client_as(Role.MANAGER)
    page = manager.get(page_of(complaint)).content.decode()
    assert '<span class="tag">축제</span>' in page
    assert 'id="tag-name"' not in page
    assert manager.post(page_of(complaint, "tag"), {"tag": "x"}).status_code == 403
