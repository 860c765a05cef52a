"""Perhaps an incident, on the list of incidents and at the triage desk: joined or said to be none, once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from complaints import surges
from complaints.models import Complaint, Incident, Surge
from departments.models import Role
from tests.complaints.admin.desk import client_as, make_row
from tests.make import make_department

pytestmark = pytest.mark.django_db
LIST = "/admin/complaints/incident/"


def make_surge(*, number: int = 3) -> tuple[Surge, list[Complaint]]:
    now = timezone.now()
    rows = [make_row(f"좌동 수도관이 터졌습니다 {n}") for n in range(number)]
    surge = Surge.objects.create(seed=rows[0], found_at=now - timedelta(minutes=1), usual=0)
    surge.complaints.set(rows)
    return surge, rows


def door(surge: Surge, name: str) -> str:
    return reverse(f"admin:complaints_incident_surge_{name}", args=[surge.pk])


def test_it_is_told_and_tied_together() -> None:
    surge, rows = make_surge()
    officer, department = client_as(Role.OFFICER), make_department("수질정책과")
    page = officer.get(LIST).content.decode()
    assert all(row.number in page for row in rows)
    assert reverse("admin:complaints_incident_changelist") in officer.get("/admin/desk/").content.decode()
    form = {"title": "좌동 누수", "department": str(department.pk)}
    answer = officer.post(door(surge, "join"), form)
    incident = Incident.objects.get()
    assert answer.headers["Location"] == f"{LIST}{incident.pk}/change/"
    assert (incident.title, incident.members.count()) == ("좌동 누수", 3)
    assert officer.post(door(surge, "join"), form).headers["Location"] == LIST, "a double click makes no second one"
    assert Incident.objects.count() == 1
    assert "surge-title" not in officer.get(LIST).content.decode()


def test_it_is_said_to_be_none() -> None:
    surge, _rows = make_surge()
    officer = client_as(Role.OFFICER)
    for _turn in range(2):
        assert officer.post(door(surge, "dismiss")).status_code == 302
    assert Surge.objects.get().state == "DISMISSED"
    assert not surges.shown(now=timezone.now()).exists()


def test_two_keys_at_the_triage_desk() -> None:
    surge, rows = make_surge()
    officer = client_as(Role.OFFICER)
    number = rows[1].number
    part = officer.get(reverse("admin:desk_incident", args=[number])).content.decode()
    assert f'name="surge" value="{surge.pk}" data-digit="1"' in part
    assert officer.post(reverse("admin:desk_tie", args=[number]), {"surge": str(surge.pk)}).status_code in (
        200,
        302,
        303,
    )
    assert Incident.objects.get().members.count() == 3
    officer.post(reverse("admin:desk_tie", args=[number]), {"surge": "424242"})
    officer.post(reverse("admin:desk_tie", args=[number]), {"surge": "좌"})
    assert Incident.objects.count() == 1


def test_who_does_not_lead_sees_none_of_it() -> None:
    surge, _rows = make_surge()
    assert "surge-title" not in client_as(Role.MANAGER).get(LIST).content.decode()
    assert client_as(Role.MANAGER).post(door(surge, "join")).status_code == 403
    assert client_as(Role.OFFICER).post(f"{LIST}surges/4242/join/").status_code == 404
    assert Surge.objects.get().state == "OPEN"


def test_what_leaves_nothing_to_tie_is_not_shown() -> None:
    surge, rows = make_surge(number=2)
    Complaint.objects.filter(pk=rows[0].pk).update(status="DISMISSED", close_reason="x", closed_at=timezone.now())
    assert "surge-title" not in client_as(Role.OFFICER).get(LIST).content.decode()
    client_as(Role.OFFICER).post(door(surge, "join"), {"title": ""})
    assert Incident.objects.get().members.count() == 1, "who asks for it gets it"
