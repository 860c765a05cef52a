"""Where it happened: an officer says so; search, measures and history follow; who is slower is told."""

from __future__ import annotations

import pytest

from complaints import locating, search, workflow
from complaints.models import Complaint
from departments.models import Role
from tests.make import NOON, make_complaint, make_district, make_person

pytestmark = pytest.mark.django_db


def test_a_district_is_set_found_measured_and_taken_away_again() -> None:
    complaint, officer, beach = make_complaint(), make_person(Role.OFFICER), make_district("해운대구")
    locating.locate(complaint, by=officer, version=1, now=NOON, district=beach)
    assert (complaint.district, complaint.version) == (beach, 2)
    event = complaint.events.latest("id")
    assert (event.move, event.note, event.by) == ("place", "해운대구", officer)
    assert set(complaint.durations.values_list("district", flat=True)) == {beach.pk}
    assert Complaint.objects.filter(search.condition("해운대", names_too=False)).exists()
    locating.locate(complaint, by=officer, version=2, now=NOON, district=None)
    assert complaint.district is None
    assert not Complaint.objects.filter(search.condition("해운대", names_too=False)).exists()


def test_who_is_slower_or_no_officer_changes_nothing() -> None:
    complaint, beach = make_complaint(), make_district()
    with pytest.raises(workflow.Conflict):
        locating.locate(complaint, by=make_person(Role.OFFICER), version=9, now=NOON, district=beach)
    for role in (Role.MANAGER, Role.STAFF):
        with pytest.raises(workflow.MoveNotAllowed):
            locating.locate(complaint, by=make_person(role), version=1, now=NOON, district=beach)
    done = make_complaint(status="COMPLETED")
    with pytest.raises(workflow.MoveNotAllowed):
        locating.locate(done, by=make_person(Role.OFFICER), version=1, now=NOON, district=beach)
