"""Picking in the list, the preview, the report and the undo, as an officer walks through them; saved views above it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from complaints.models import BulkRun, Complaint, SavedView
from departments.models import Role
from tests.complaints.admin.desk import LIST, client_as, client_of, make_row
from tests.make import make_department, make_person

pytestmark = pytest.mark.django_db


def picked(*complaints: Complaint) -> list[str]:
    return [f"{one.pk}:{one.version}" for one in complaints]


def key_in(page: str) -> str:
    found = re.search(r'name="key" value="([^"]+)"', page)
    assert found
    return found[1]


def test_from_the_list_to_the_report_and_back() -> None:
    tour, officer = make_department("관광정책과"), client_as(Role.OFFICER)
    first, second = make_row("가로등 <b>하나</b>"), make_row("가로등 둘")
    page = officer.get(LIST, {"tab": "all"}).content.decode()
    assert all(f'value="{pick}" form="bulk"' in page for pick in picked(first, second))
    asked = {"action": "assign", "pick": picked(first, second), "back": "tab=all&q=가로등"}
    preview = officer.post(f"{LIST}bulk/", asked)
    text = preview.content.decode()
    assert preview.status_code == 200
    assert "<b>하나" not in text
    assert Complaint.objects.filter(status="RECEIVED").count() == 2
    empty = officer.post(f"{LIST}bulk/run/", {**asked, "key": key_in(text)})
    assert empty.status_code == 400
    order: dict[str, Any] = {**asked, "key": key_in(text), "department": tour.pk}
    report = officer.post(f"{LIST}bulk/run/", order, follow=True)
    assert report.status_code == 200
    assert first.number in report.content.decode()
    assert Complaint.objects.filter(status="ASSIGNED", department=tour).count() == 2
    assert officer.post(f"{LIST}bulk/run/", order).status_code == 302
    assert BulkRun.objects.count() == 1
    run = BulkRun.objects.get()
    undone = officer.post(f"{LIST}bulk/{run.pk}/undo/", {"back": "tab=all"}, follow=True)
    assert f"{LIST}?tab=all" in undone.content.decode()
    assert Complaint.objects.filter(status="TRIAGED", department=None).count() == 2


def test_the_preview_says_of_each_why_not() -> None:
    officer = client_as(Role.OFFICER)
    fresh, held = make_row("새 글"), make_row("배정된 글", status="ASSIGNED", department=make_department())
    old = picked(fresh)[0].replace(":", ":9")
    page = officer.post(f"{LIST}bulk/", {"action": "dismiss", "pick": [old, *picked(held)]})
    lines = page.context["lines"]
    assert [bool(line.problem) for line in lines] == [True, True]
    assert lines[0].problem != lines[1].problem
    assert 'name="pick"' not in page.content.decode()


@pytest.mark.parametrize("role", [Role.STAFF, Role.HEAD, Role.MANAGER, Role.AUDITOR])
def test_only_officers_pick(role: Role) -> None:
    mine = make_department()
    row, client = make_row(status="ASSIGNED", department=mine), client_as(role, mine)
    assert 'name="pick"' not in client.get(LIST, {"tab": "all"}).content.decode()
    for route in ("bulk/", "bulk/run/"):
        assert client.post(f"{LIST}{route}", {"action": "dismiss", "pick": picked(row)}).status_code == 403


@pytest.mark.parametrize(
    ("route", "posted", "status"),
    [
        ("bulk/", {"action": "delete", "pick": "1:1"}, 400),
        ("bulk/", {"action": "assign"}, 302),
        ("bulk/", {"action": "assign", "pick": ["x", "1:1; --", "١:١", "9" * 40]}, 302),
        ("bulk/run/", {"action": "dismiss", "reason": "x", "key": "no"}, 400),
        ("bulk/run/", {"action": "assign", "department": "9" * 30, "key": "x"}, 400),
    ],
)
def test_odd_forms_do_nothing(route: str, posted: dict[str, Any], status: int) -> None:
    make_row()
    assert client_as(Role.OFFICER).post(f"{LIST}{route}", posted).status_code == status
    assert Complaint.objects.filter(status="RECEIVED").count() == 1


def test_the_preview_asks_as_often_for_one_as_for_forty() -> None:
    officer, counts = client_as(Role.OFFICER), []
    officer.get(LIST)
    for many in (1, 40):
        rows = [make_row() for _row in range(many)]
        with CaptureQueriesContext(connection) as queries:
            officer.post(f"{LIST}bulk/", {"action": "dismiss", "pick": picked(*rows)})
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_view_is_saved_opened_renamed_shared_and_deleted() -> None:
    owner = make_person(Role.OFFICER)
    officer, colleague = client_of(owner), client_as(Role.OFFICER)
    make_row("누수")
    saved = {"name": "<i>누수</i>", "query": "q=누수&tab=all&x=1"}
    assert officer.post(f"{LIST}views/save/", saved).headers["Location"].startswith(f"{LIST}?tab=all&q=")
    view = SavedView.objects.get()
    page = officer.get(LIST, {"q": "누수", "tab": "all"}).content.decode()
    assert "&lt;i&gt;누수" in page
    assert "<i>누수" not in page
    assert view.name not in colleague.get(LIST).content.decode()
    assert colleague.post(f"{LIST}views/{view.pk}/change/", {"name": "내 것"}).status_code == 404
    officer.post(f"{LIST}views/{view.pk}/change/", {"name": "새는 곳", "shared": "yes"})
    assert "새는 곳" in colleague.get(LIST).content.decode()
    assert "새는 곳" not in client_as(Role.MANAGER).get(LIST).content.decode()
    assert "새는 곳" in colleague.get(f"{LIST}views/").content.decode()
    assert colleague.get(f"{LIST}views/{view.pk}/delete/").status_code == 302
    assert SavedView.objects.count() == 1
    colleague.post(f"{LIST}views/{view.pk}/delete/")
    assert not SavedView.objects.exists()


@pytest.mark.parametrize("typed", ["\x00", "누\x00수", "%00"])
def test_a_nul_in_the_search_is_no_error(typed: str) -> None:
    row = make_row("누수")
    answer = client_as(Role.OFFICER).get(LIST, {"tab": "all", "q": typed})
    assert answer.status_code == 200
    assert {one.number for one in answer.context["cl"].rows} <= {row.number}


def test_a_view_of_a_nul_is_none() -> None:
    client: Client = client_as(Role.OFFICER)
    client.post(f"{LIST}views/save/", {"name": "a\x00b", "query": "q=%00"})
    assert not SavedView.objects.exists()


def test_many_are_tagged_found_by_the_tag_and_shown_with_it() -> None:
    officer, first, second = client_as(Role.OFFICER), make_row("가로등 하나"), make_row("가로등 둘")
    asked: dict[str, Any] = {"action": "tag", "pick": picked(first), "back": "tab=all"}
    page = officer.post(f"{LIST}bulk/", asked).content.decode()
    for wrong in ("", "가" * 21):
        assert officer.post(f"{LIST}bulk/run/", {**asked, "key": key_in(page), "tag": wrong}).status_code == 400
    done = officer.post(f"{LIST}bulk/run/", {**asked, "key": key_in(page), "tag": "#불꽃축제"}, follow=True)
    assert "불꽃축제" in done.content.decode()
    pk = first.tagged.get().tag_id
    listed = officer.get(f"{LIST}?tab=all&tag={pk}").content.decode()
    assert first.number in listed
    assert second.number not in listed
    assert '<span class="tag">불꽃축제</span>' in listed
    assert f'<option value="{pk}" selected>불꽃축제</option>' in listed
    assert [line.row.number for line in officer.get(f"/admin/desk/?tag={pk}").context["list"].lines] == [first.number]


def test_an_answer_to_many_is_looked_at_item_by_item_before_it_is_posted() -> None:
    tour = make_department("관광정책과")
    first, english = (
        make_row(f"안내판 {n}", status="ASSIGNED", department=tour, language=language)
        for n, language in enumerate(("ko", "en"))
    )
    fresh, officer = make_row("새 글"), client_as(Role.OFFICER)
    asked: dict[str, Any] = {"action": "answer", "pick": picked(first, english, fresh), "back": "tab=all"}
    page = officer.post(f"{LIST}bulk/", asked).content.decode()
    assert "bulk-answer" not in page
    assert page.count('name="pick"') == 2
    for wrong in ("", "제 번호는 010-1234-5678입니다", "{담당 부서}에서 처리했습니다."):
        assert officer.post(f"{LIST}bulk/", {**asked, "text": wrong}).status_code == 400
    text = "오늘 <바로> 잡았습니다."
    looked = officer.post(f"{LIST}bulk/", {**asked, "key": key_in(page), "text": text})
    shown = looked.content.decode()
    assert shown.count('class="bulk-answer"') == 2
    for complaint in (first, english):
        assert f"{complaint.number}-1)" in shown
    assert shown.count("오늘 &lt;바로&gt; 잡았습니다.") == 3
    assert "280" in shown
    assert [bool(line.answer and line.answer.foreign) for line in looked.context["lines"]] == [False, True, False]
    posted = {**asked, "pick": picked(first), "key": key_in(shown), "text": text, "seen": looked.context["seen"]}
    assert officer.post(f"{LIST}bulk/run/", {**posted, "text": "다른 글"}).status_code == 400
    report = officer.post(f"{LIST}bulk/run/", posted, follow=True)
    assert first.number in report.content.decode()
    first.refresh_from_db()
    english.refresh_from_db()
    assert (first.status, english.status) == ("ANSWERED", "ASSIGNED")
    officer.post(f"{LIST}bulk/{BulkRun.objects.get().pk}/undo/", {"back": ""})
    first.refresh_from_db()
    assert (first.status, first.replies.get().state) == ("IN_PROGRESS", "RECALLED")


def test_the_preview_of_an_answer_asks_few_queries_for_many() -> None:
    tour, officer = make_department("관광정책과"), client_as(Role.OFFICER)
    rows = [make_row(f"안내판 {n}", status="ASSIGNED", department=tour) for n in range(12)]

    def asked(count: int) -> int:
        fields = {"action": "answer", "pick": picked(*rows[:count]), "text": "고쳤습니다."}
        with CaptureQueriesContext(connection) as found:
            assert officer.post(f"{LIST}bulk/", fields).status_code == 200
        return len(found)

    asked(2)
    assert asked(12) - asked(2) <= 2 * 10
