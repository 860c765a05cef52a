"""Which suggestion an assignment took: counted from the events, of the last thirty days, by people."""

from __future__ import annotations

from datetime import timedelta

import pytest

from complaints import adoption, workflow
from complaints.models import Suggestion
from departments.models import Department, Role
from tests.make import NOON, make_complaint, make_department, make_person

pytestmark = pytest.mark.django_db


def assign(to: Department, *suggested: Department, days_ago: int = 0) -> None:
    complaint = make_complaint()
    for rank, department in enumerate(suggested, start=1):
        Suggestion.objects.create(complaint=complaint, department=department, rank=rank, score=1)
    now = NOON - timedelta(days=days_ago)
    workflow.assign(complaint, by=make_person(Role.OFFICER), version=1, now=now, department=to)


def test_the_first_one_of_three_another_and_none() -> None:
    tour, road, park = (make_department(name) for name in ("관광정책과", "도로안전과", "공원여가정책과"))
    assign(tour, tour, road)
    assign(road, tour, road)
    assign(park, tour, road)
    assign(park)
    assign(tour, tour, days_ago=31)
    found = adoption.lately(now=NOON)
    assert (found.n, found.first, found.three, found.unsuggested) == (4, 1, 2, 1)
    assert found.share(found.three) == 0.5


def test_nothing_was_assigned() -> None:
    found = adoption.lately(now=NOON)
    assert (found.n, found.share(0)) == (0, 0.0)
