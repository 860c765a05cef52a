"""협조 in the ledger: a head's two sides, one list for who reads it all, how long it lay there, who may open it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from complaints import consultations, workflow
from complaints.models import Complaint, Consultation
from complaints.tray import consult_ledger, ledger_list
from departments.models import Department, Membership, Role
from tests.complaints.admin.desk import client_as, make_row, page_of
from tests.make import make_department, make_person

pytestmark = pytest.mark.django_db
LEDGER, HOUR = "/admin/hand-over/", timedelta(hours=1)
MONDAY = datetime(2026, 11, 23, 10, tzinfo=ZoneInfo("Asia/Seoul"))


@pytest.fixture(autouse=True)
def _then(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: MONDAY + 30 * HOUR)


class Case:
    """The tour department asks the road and the park department, and is asked by the road department."""

    def __init__(self) -> None:
        self.tour, self.road, self.park = (make_department(f"{name}과") for name in ("관광", "도로", "공원"))
        self.answered = self.ask(self.tour, self.road)
        staff = make_person(Role.STAFF, self.road)
        Membership.objects.update(active_from=MONDAY - timedelta(days=9))
        consultations.answer(self.answered, by=staff, now=MONDAY + 26 * HOUR, text="2019년에 포장했습니다")
        self.declined = self.ask(self.tour, self.road)
        consultations.decline(self.declined, by=staff, now=MONDAY + 2 * HOUR, reason="소관이 아닙니다")
        self.waiting = self.ask(self.tour, self.park)
        self.theirs = self.ask(self.road, self.tour)

    def ask(self, holder: Department, asked: Department) -> Consultation:
        values: dict[str, Any] = {"received_at": MONDAY, "due_at": MONDAY + timedelta(days=20), "accepted_at": MONDAY}
        complaint = make_row(status="IN_PROGRESS", department=holder, **values)
        by = make_person(Role.STAFF, holder)
        wish = Consultation.Wish.OPINION
        return consultations.ask(
            complaint, by=by, now=MONDAY, department=asked, wish=wish, question="어디 소관입니까?", hours=0
        )


@pytest.fixture
def case() -> Case:
    return Case()


def sides(role: Role, department: Department | None = None, chosen: str = "") -> dict[str, consult_ledger.Side]:
    choice = ledger_list.Choice(department=chosen)
    shown = ledger_list.shown(choice, make_person(role, department), now=MONDAY + 30 * HOUR)
    return {side.name: side for side in shown.consults}


def sums(side: consult_ledger.Side) -> dict[str, tuple[object, ...]]:
    return {
        one.name: (one.asked, one.waiting, one.answered, one.declined, one.needless, one.working, one.wall)
        for one in side.sums
    }


def read(client: Client) -> str:
    answer = client.get(LEDGER)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_head_finds_what_he_asked_and_what_he_was_asked_and_how_long_it_lay_there(case: Case) -> None:
    found = sides(Role.HEAD, case.tour)
    assert [line.department for line in found["ours"].lines] == ["공원과", "도로과", "도로과"]
    # 26 hours by the wall are 10 in the office (7 of Monday from ten on, 3 of Tuesday, without lunch); 2 are 2.
    assert sums(found["ours"]) == {
        "도로과": (2, 0, 1, 1, 0, "6시간", "14시간"),
        "공원과": (1, 1, 0, 0, 0, "", ""),
    }
    assert list(sums(found["ours"])) == ["도로과", "공원과"]
    assert sums(found["theirs"]) == {"도로과": (1, 1, 0, 0, 0, "", "")}


def test_of_a_foreign_department_he_finds_only_what_it_has_to_do_with_his_own(case: Case) -> None:
    found = sides(Role.HEAD, case.park)
    assert list(found) == ["theirs"]
    assert [line.holder for line in found["theirs"].lines] == ["관광과"]
    assert sides(Role.HEAD, case.park, chosen=str(case.road.pk)) == {}
    assert list(sides(Role.HEAD, case.tour, chosen=str(case.tour.pk))) == ["ours", "theirs"]


def test_who_reads_all_of_it_finds_one_list_or_the_two_sides_of_one_department(case: Case) -> None:
    assert sums(sides(Role.MANAGER)["all"]).keys() == {"도로과", "공원과", "관광과"}
    chosen = sides(Role.MANAGER, chosen=str(case.road.pk))
    assert sums(chosen["ours"]).keys() == {"관광과"}
    assert sums(chosen["theirs"]).keys() == {"관광과"}


def test_where_not_all_are_shown_the_page_says_so(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    Membership.objects.update(active_from=MONDAY - timedelta(days=9))
    monkeypatch.setattr(consult_ledger, "MOST", 2)
    found = sides(Role.HEAD, case.tour)
    assert [(len(side.lines), side.is_cut) for side in found.values()] == [(2, True), (1, False)]
    assert sums(found["ours"])["도로과"][0] == 2
    assert read(client_as(Role.MANAGER)).count("최근 2건만") == 1


def test_what_is_taken_back_or_lapses_is_neither_answered_nor_declined(case: Case) -> None:
    by = make_person(Role.OFFICER)
    consultations.withdraw(case.waiting, by=by, now=MONDAY + HOUR)
    assert sums(sides(Role.HEAD, case.tour)["ours"])["공원과"] == (1, 0, 0, 0, 1, "", "")


def test_what_left_his_sight_stands_there_without_a_way_to_it(case: Case) -> None:
    complaint: Complaint = case.waiting.complaint
    complaint.refresh_from_db()
    officer, now = make_person(Role.OFFICER), MONDAY + HOUR
    head = client_as(Role.HEAD, case.tour)
    assert page_of(complaint) in read(head)
    staff = make_person(Role.STAFF, case.tour)
    Membership.objects.update(active_from=MONDAY - timedelta(days=9))
    workflow.send_back(complaint, by=staff, version=complaint.version, now=now, reason="저희 일이 아닙니다")
    workflow.assign(complaint, by=officer, version=complaint.version, now=now, department=case.park)
    page = read(head)
    assert complaint.number in page
    assert page_of(complaint) not in page
    assert page_of(case.answered.complaint) in page


def test_it_costs_the_same_for_any_number(case: Case) -> None:
    client = client_as(Role.HEAD, case.tour)
    Membership.objects.update(active_from=MONDAY - timedelta(days=9))

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            read(client)
        return len(queries)

    read(client)
    one = cost()
    for number in range(4):
        case.ask(case.tour, make_department(f"부서 {number}"))
        case.ask(case.road, case.tour)
    assert cost() == one
