"""The ledger tells what the events tell, and its times are the measures' own."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from complaints import ledger, measures, workflow
from complaints.models import Complaint, Duration, Figure
from departments import working_time
from departments.models import Department, Role
from tests.complaints.reports import reference
from tests.ledger_page import PAGE, page
from tests.make import NOON, make_account, make_agency, make_complaint, make_department, make_person

MINUTE = timedelta(minutes=1)


def stays() -> list[Duration]:
    return list(Duration.objects.filter(figure=Figure.IN_DEPARTMENT).select_related("complaint").order_by("id"))


def test_the_page_is_made_from_the_tables_and_the_story() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert text == page(text), "python -m tests.ledger_page"
    with pytest.raises(ValueError, match="has no place"):
        page("# Hand-over")


@pytest.mark.django_db
def test_a_story_of_two_departments() -> None:
    tour, road, officer = make_department(), make_department("도로계획과"), make_person(Role.OFFICER)
    staff, complaint, at = make_person(Role.STAFF, tour), make_complaint(), NOON + 60 * MINUTE
    assert ledger.of(complaint) == []
    workflow.assign(complaint, by=officer, version=1, now=at, department=tour, note="부탁드립니다")
    waiting = ledger.of(complaint)[0]
    assert (waiting.waits, waiting.department, waiting.reason, waiting.how_it_ended) == (True, tour, "", "")
    assert waiting.wall(at + 5 * MINUTE) == 5 * MINUTE
    workflow.accept(complaint, by=staff, version=complaint.version, now=at + 5 * MINUTE)
    workflow.send_back(complaint, by=staff, version=complaint.version, now=at + 9 * MINUTE, reason="도로 안내판입니다")
    workflow.assign(
        complaint, by=officer, version=complaint.version, now=at + 10 * MINUTE, department=road, note="다음 부서에만"
    )
    first, second = ledger.of(complaint)
    assert (first.accepted and first.accepted.by, first.bounced, first.reason) == (staff, True, "도로 안내판입니다")
    calendar = working_time.calendar_for()
    assert (first.wall(at), first.working(at, calendar)) == (9 * MINUTE, 9 * MINUTE)
    assert (second.department, second.waits, second.bounced) == (road, True, False)
    workflow.assign(complaint, by=officer, version=complaint.version, now=at + 20 * MINUTE, department=tour)
    assert [(hop.department, hop.reason) for hop in ledger.of(complaint)] == [
        (tour, "도로 안내판입니다"),
        (road, ""),
        (tour, ""),
    ]


@pytest.mark.django_db
def test_given_anew_to_the_same_department_it_is_one_stay_that_must_be_accepted_anew() -> None:
    tour, officer, complaint = make_department(), make_person(Role.OFFICER), make_complaint()
    workflow.assign(complaint, by=officer, version=1, now=NOON, department=tour)
    workflow.start(complaint, by=officer, version=complaint.version, now=NOON + MINUTE)
    assert not ledger.of(complaint)[0].waits
    workflow.assign(complaint, by=officer, version=complaint.version, now=NOON + 2 * MINUTE, department=tour)
    hops = ledger.of(complaint)
    assert [(hop.waits, hop.begun.at) for hop in hops] == [(True, NOON)]


@pytest.mark.django_db
def test_without_measures_the_times_come_from_the_events() -> None:
    tour, officer, complaint = make_department(), make_person(Role.OFFICER), make_complaint()
    workflow.assign(complaint, by=officer, version=1, now=NOON, department=tour)
    workflow.transfer(
        complaint,
        by=officer,
        version=complaint.version,
        now=NOON + 90 * MINUTE,
        agency=make_agency(),
        reason="구청 일입니다",
    )
    Duration.objects.all().delete()
    hop = ledger.of(complaint)[0]
    calendar = working_time.calendar_for()
    assert (hop.stay, hop.wall(NOON), hop.working(NOON, calendar)) == (None, 90 * MINUTE, 30 * MINUTE)
    assert hop.reason == "구청 일입니다"


@pytest.mark.django_db
def test_whatever_happens_the_hops_are_the_measures_stays() -> None:
    """Three hundred random walks over the table of moves: each stay has its hop, and no hop is without a stay."""
    reference.make_histories(
        300,
        account_ids=[make_account().pk],
        departments=[make_department(), make_department("도로계획과")],
        people=[make_person().pk],
        agency=make_agency(),
        seed=5,
    )
    list(measures.backfill())
    found = stays()
    hops = ledger.of_stays(found)
    assert len(hops) == len(found) > 100
    for hop, stay in zip(hops, found, strict=True):
        assert hop.stay is stay
        assert (hop.ended.at if hop.ended else None) == stay.ended_at
    whole = [hop for complaint in Complaint.objects.all() for hop in ledger.of(complaint)]
    assert len(whole) == len(found)
    assert all(hop.stay is not None for hop in whole)


@pytest.mark.django_db
def test_many_stays_cost_two_queries() -> None:
    department, officer = make_department(), make_person(Role.OFFICER)
    for _time in range(5):
        complaint = make_complaint()
        workflow.assign(complaint, by=officer, version=1, now=NOON, department=department)
    found = stays()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert len(ledger.of_stays(found)) == 5
    assert len(queries) == 1
    assert Department.objects.count() == 1
