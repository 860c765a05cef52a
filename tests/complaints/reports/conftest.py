"""Histories by the hundred, and what the slow reference makes of them."""

from __future__ import annotations

from collections import defaultdict

import pytest

from complaints import measures
from complaints.models import Complaint, ComplaintEvent
from departments.models import Role
from tests.complaints.reports import reference
from tests.make import make_account, make_agency, make_department, make_district, make_person

OFFICES = (("관광정책과", "관광마이스국"), ("도로계획과", "도시혁신균형실"), ("공원정책과", "도시혁신균형실"))


@pytest.fixture
def histories() -> dict[int, list[reference.Span]]:
    """400 random histories, measured by the desk; what the reference makes of each complaint."""
    make_agency()
    accounts = [make_account("x").pk, make_account("facebook").pk]
    offices = [make_department(name, bureau=bureau) for name, bureau in OFFICES]
    people = [make_person(Role.OFFICER).pk for _number in range(3)]
    districts = [make_district(name).pk for name in ("중구", "영도구")]
    agency = make_agency("한국도로공사")
    reference.make_histories(
        400, account_ids=accounts, departments=offices, people=people, agency=agency, seed=6, districts=districts
    )
    assert sum(measures.backfill()) == 400
    events: dict[int, list[ComplaintEvent]] = defaultdict(list)
    for event in ComplaintEvent.objects.order_by("id"):
        events[event.complaint_id].append(event)
    return {row.pk: reference.spans_of(row, events[row.pk]) for row in Complaint.objects.all()}
