"""독촉장 and owed interim notices: what is late, who may remind, each once, nothing of foreign departments."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from complaints import escalation, reminders
from complaints.models import Alert, Complaint, Escalation
from departments.models import Role
from tests.complaints.admin.desk import client_as, client_of, make_row
from tests.make import make_department, make_person

pytestmark = pytest.mark.django_db
OVERDUE, INTERIM = "/admin/overdue/", "/admin/interim/"


class Case:
    def __init__(self) -> None:
        self.tour, self.road = make_department("관광정책과"), make_department("도로계획과")
        self.staff, self.head = make_person(Role.STAFF, self.tour), make_person(Role.HEAD, self.tour)
        self.now = timezone.now()
        self.late = self.complaint()

    def complaint(self, **values: Any) -> Complaint:
        known: dict[str, Any] = {
            "status": "IN_PROGRESS",
            "department": self.tour,
            "due_at": self.now - timedelta(hours=30),
        }
        return make_row(**(known | values))

    def numbers(self, user: Any) -> set[str]:
        return {row.number for one in reminders.by_department(user, now=self.now) for row in one.rows}


def test_only_what_a_department_holds_and_is_late_by_the_law() -> None:
    case = Case()
    other = case.complaint(department=case.road)
    case.complaint(due_at=case.now + timedelta(hours=1))
    case.complaint(status="ON_HOLD", held_from="IN_PROGRESS", stopped_at=case.now)
    case.complaint(status="ANSWERED")
    case.complaint(status="RECEIVED", department=None)
    case.complaint(due_at=case.now + timedelta(hours=1), emergency_due_at=case.now - timedelta(hours=1))
    assert case.numbers(make_person(Role.OFFICER)) == {case.late.number, other.number}
    assert case.numbers(case.head) == {case.late.number}
    assert case.numbers(case.staff) == set()


def test_each_is_reminded_of_once_for_its_due_time() -> None:
    case, officer = Case(), make_person(Role.OFFICER)
    assert reminders.send(officer, case.tour.pk, now=case.now) == 1
    assert reminders.send(officer, case.tour.pk, now=case.now) == 0
    assert not escalation.remind(case.late, by=officer, now=case.now)
    rows = Alert.objects.filter(stage="REMINDER")
    assert {row.user for row in rows} == {case.staff, case.head}
    event = case.late.events.get(move="remind")
    assert (event.by, event.department) == (officer, case.tour)
    Complaint.objects.filter(pk=case.late.pk).update(due_at=case.now - timedelta(hours=1))
    assert reminders.send(make_person(Role.MANAGER), case.tour.pk, now=case.now) == 1
    assert Escalation.objects.filter(stage="REMINDER").count() == 2
    assert reminders.send(officer, case.road.pk, now=case.now) == 0
    with pytest.raises(escalation.NotAllowed):
        reminders.send(case.head, case.tour.pk, now=case.now)


def test_the_list_the_letter_and_the_button() -> None:
    case = Case()
    officer = client_as(Role.OFFICER)
    page = officer.get(OVERDUE).content.decode()
    assert case.late.number in page
    assert "1건 독촉" in page
    letter = officer.get(f"{OVERDUE}{case.tour.pk}/")
    assert "법 제25조" in letter.content.decode()
    assert officer.get(f"{OVERDUE}{case.road.pk}/").status_code == 404
    assert officer.get(f"{OVERDUE}{case.tour.pk}/send/").status_code == 302
    assert not Escalation.objects.filter(stage="REMINDER").exists()
    head = client_of(case.head)
    assert "1건 독촉" not in head.get(OVERDUE).content.decode()
    assert head.post(f"{OVERDUE}{case.tour.pk}/send/").status_code == 403
    assert officer.post(f"{OVERDUE}{case.tour.pk}/send/").status_code == 302
    page = officer.get(OVERDUE, follow=True).content.decode()
    assert "1건을 독촉했습니다" in page
    assert "1건 독촉<" not in page
    officer.post(f"{OVERDUE}{case.tour.pk}/send/")
    assert "더 독촉할 민원이 없습니다" in officer.get(OVERDUE).content.decode()


def test_strangers_have_no_list_and_foreign_letters_are_not_there() -> None:
    case = Case()
    for role in (Role.STAFF, Role.ARBITER, Role.ADMINISTRATOR):
        for address in (OVERDUE, INTERIM, f"{OVERDUE}{case.tour.pk}/"):
            assert client_as(role).get(address).status_code == 403
    assert client_as(Role.HEAD).get(f"{OVERDUE}{case.tour.pk}/").status_code == 404


def test_the_oldest_come_first_and_the_end_of_the_list_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    case = Case()
    older = case.complaint(due_at=case.now - timedelta(days=9))
    monkeypatch.setattr(reminders, "MOST", 1)
    assert case.numbers(make_person(Role.OFFICER)) == {older.number}
    assert "가장 오래된 1건" in client_as(Role.OFFICER).get(OVERDUE).content.decode()


def test_interim_notices_owed_and_told() -> None:
    case = Case()
    owed = case.complaint(received_at=case.now - timedelta(days=40))
    old = case.complaint(received_at=case.now - timedelta(days=31))
    old.events.create(move="interim", at=case.now)
    page = client_as(Role.OFFICER).get(INTERIM).content.decode()
    assert owed.number in page
    assert old.number not in page
    assert case.late.number not in page
    assert "중간통지할 민원이 없습니다" in client_as(Role.HEAD).get(INTERIM).content.decode()


def test_the_lists_cost_the_same_for_any_number() -> None:
    case, officer = Case(), client_as(Role.OFFICER)

    def cost() -> list[int]:
        found = []
        for address in (OVERDUE, INTERIM, f"{OVERDUE}{case.tour.pk}/"):
            officer.get(address)
            with CaptureQueriesContext(connection) as queries:
                assert officer.get(address).status_code == 200
            found.append(len(queries))
        return found

    case.complaint(received_at=case.now - timedelta(days=40))
    one = cost()
    for _more in range(5):
        case.complaint(received_at=case.now - timedelta(days=40), department=make_department())
    assert cost() == one
