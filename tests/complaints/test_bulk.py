"""One step for many: each item by its own rights and version, undone once, one transaction."""

from __future__ import annotations

import threading
from uuid import UUID, uuid4

import pytest
from django.contrib.auth.models import User
from django.db import connection

from complaints import bulk, workflow
from complaints.models import BulkRun, Complaint, ComplaintEvent
from departments.models import Role
from tests.make import NOON, make_complaint, make_department, make_person

pytestmark = pytest.mark.django_db


def picks(*complaints: Complaint) -> list[bulk.Pick]:
    return [bulk.Pick(one.pk, one.version) for one in complaints]


def problems(report: BulkRun) -> list[str]:
    return [item["problem"] for item in report.items]


def statuses(*complaints: Complaint) -> list[str]:
    return [Complaint.objects.get(pk=one.pk).status for one in complaints]


def test_many_are_assigned_and_the_whole_is_undone_once() -> None:
    officer, tour = make_person(Role.OFFICER), make_department("관광정책과")
    rows = [make_complaint(f"민원 {n}") for n in range(3)]
    report = bulk.run(uuid4(), picks(*rows), bulk.Order(department=tour), by=officer, now=NOON)
    assert (problems(report), report.what) == (["", "", ""], "관광정책과")
    assert statuses(*rows) == ["ASSIGNED"] * 3
    assert {Complaint.objects.get(pk=row.pk).department for row in rows} == {tour}
    undone = bulk.undo(report, by=officer, now=NOON)
    assert statuses(*rows) == ["TRIAGED"] * 3
    assert [item["kept"] for item in undone.items] == [False] * 3
    events = ComplaintEvent.objects.count()
    bulk.undo(undone, by=officer, now=NOON)
    assert ComplaintEvent.objects.count() == events


def test_dismissed_ones_keep_the_reason_and_their_clock_when_undone() -> None:
    officer, row = make_person(Role.OFFICER), make_complaint("광고")
    due = row.due_at
    report = bulk.run(uuid4(), picks(row), bulk.Order(reason="광고 글"), by=officer, now=NOON)
    row.refresh_from_db()
    assert (row.status, row.close_reason) == ("DISMISSED", "광고 글")
    bulk.undo(report, by=officer, now=NOON)
    row.refresh_from_db()
    assert (row.status, row.close_reason, row.closed_at, row.due_at) == ("TRIAGED", "", None, due)


def test_what_fails_costs_only_itself() -> None:
    officer, colleague, tour = make_person(Role.OFFICER), make_person(Role.OFFICER), make_department("관광정책과")
    good, changed, held, gone = (make_complaint(f"민원 {n}") for n in range(4))
    workflow.assign(held, by=colleague, version=held.version, now=NOON, department=tour)
    seen = [*picks(good, changed, held), bulk.Pick(gone.pk + 1000, 1)]
    workflow.triage(changed, by=colleague, version=changed.version, now=NOON)
    report = bulk.run(uuid4(), seen, bulk.Order(department=tour), by=officer, now=NOON)
    assert problems(report) == ["", "changed", "status", "gone"]
    assert statuses(good, changed, held) == ["ASSIGNED", "TRIAGED", "ASSIGNED"]
    assert [item["number"] for item in bulk.done(report)] == [good.number]


def test_only_who_may_by_the_table() -> None:
    tour = make_department("관광정책과")
    for person in (make_person(Role.MANAGER), make_person(Role.STAFF, tour), make_person(Role.AUDITOR)):
        row = make_complaint("민원")
        report = bulk.run(uuid4(), picks(row), bulk.Order(department=tour), by=person, now=NOON)
        assert problems(report) in (["denied"], ["gone"])
        assert statuses(row) == ["RECEIVED"]


def test_what_somebody_worked_on_since_stays_as_it_is() -> None:
    officer, tour = make_person(Role.OFFICER), make_department("관광정책과")
    staff = make_person(Role.STAFF, tour)
    touched, left = make_complaint("민원 1"), make_complaint("민원 2")
    report = bulk.run(uuid4(), picks(touched, left), bulk.Order(department=tour), by=officer, now=NOON)
    touched.refresh_from_db()
    workflow.start(touched, by=staff, version=touched.version, now=NOON)
    undone = bulk.undo(report, by=officer, now=NOON)
    assert statuses(touched, left) == ["IN_PROGRESS", "TRIAGED"]
    assert [item["kept"] for item in undone.items] == [True, False]


def test_the_same_key_twice_is_one_run() -> None:
    officer, row, key = make_person(Role.OFFICER), make_complaint("민원"), uuid4()
    order = bulk.Order(department=make_department())
    first = bulk.run(key, picks(row), order, by=officer, now=NOON)
    row.refresh_from_db()
    again = bulk.run(key, picks(row), order, by=officer, now=NOON)
    assert (again.pk, problems(again)) == (first.pk, [""])
    assert BulkRun.objects.count() == 1
    with pytest.raises(BulkRun.DoesNotExist):
        bulk.run(key, picks(row), order, by=make_person(Role.OFFICER), now=NOON)


def test_nobody_undoes_the_run_of_another() -> None:
    row = make_complaint("민원")
    report = bulk.run(uuid4(), picks(row), bulk.Order(reason="광고"), by=make_person(Role.OFFICER), now=NOON)
    with pytest.raises(BulkRun.DoesNotExist):
        bulk.undo(report, by=make_person(Role.OFFICER), now=NOON)
    assert statuses(row) == ["DISMISSED"]


@pytest.mark.needs_pg
@pytest.mark.django_db(transaction=True)
def test_of_two_officers_at_once_each_item_has_one() -> None:
    """Both want all of them, in opposite orders: no deadlock, and each complaint is assigned exactly once."""
    officers = [make_person(Role.OFFICER), make_person(Role.OFFICER)]
    houses = [make_department("관광정책과"), make_department("도로계획과")]
    rows = [make_complaint(f"민원 {n}") for n in range(20)]
    wanted, gate, reports = picks(*rows), threading.Barrier(2), dict[int, list[str]]()

    def work(at: int, by: User) -> None:
        try:
            gate.wait(timeout=30)
            order = bulk.Order(department=houses[at])
            report = bulk.run(UUID(int=at + 1), wanted[:: 1 - 2 * at], order, by=by, now=NOON)
            reports[at] = problems(report)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=pair) for pair in enumerate(officers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(map(sorted, reports.values())) == [[""] * 20, ["changed"] * 20]
    assert ComplaintEvent.objects.filter(move="assign").count() == 20
