"""The pages of incidents over HTTP, and tying at the triage desk: what is shown, to whom, and what a step does."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from complaints import incidents
from complaints.models import AccessLog, Complaint, Incident, Suggestion
from departments.models import Role
from tests.complaints.admin.desk import client_as, client_of, make_row, page_of
from tests.make import make_department, make_person

pytestmark = pytest.mark.django_db

LIST, DESK = "/admin/complaints/incident/", "/admin/desk/"
HTMX = {"HX-Request": "true", "HX-Target": "incident"}


def make_incident(title: str = "우동 상수도 누수", *, many: int = 0, **more: Any) -> Incident:
    now = timezone.now()
    incident = incidents.begin(title, by=None, now=now, **more)
    incidents.gather(incident, [make_row(f"누수 {n}") for n in range(many)], by=None, now=now)
    return incident


def post(client: Client, incident: Incident, door: str, **fields: Any) -> str:
    """The page after a step."""
    answer = client.post(f"{LIST}{incident.pk}/{door}/", fields, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def tied(complaint: Complaint) -> Incident | None:
    return incidents.of(complaint)


def test_from_the_beginning_to_the_end() -> None:
    water, client = make_department("상수도사업본부"), client_as(Role.OFFICER)
    answer = client.post(f"{LIST}begin/", {"title": "우동 <b>누수</b>", "department": water.pk}, follow=True)
    incident = Incident.objects.get()
    assert answer.redirect_chain == [(f"{LIST}{incident.pk}/change/", 302)]
    assert "<b>누수" not in answer.content.decode()
    first, second = make_row("물이 새요"), make_row("물이 넘쳐요")
    page = post(client, incident, "gather", numbers=f"{first.number.lower()}, {second.number}\nB26-000000-0")
    assert "B26-000000-0" in page
    assert [tied(first), tied(second)] == [incident, incident]
    assert Complaint.objects.filter(status="ASSIGNED", department=water).count() == 2
    page = post(client, incident, "split", pick=[f"{second.pk}:1", "x", "9" * 40])
    assert tied(second) is None
    incident.refresh_from_db()
    page = post(client, incident, "settings", title="우동 누수 2차", department="", version=incident.version)
    assert "우동 누수 2차" in page
    incident.refresh_from_db()
    page = post(client, incident, "close", version=incident.version, note="복구 <완료>")
    assert "복구 &lt;완료&gt;" in page
    assert incident.title not in client.get(LIST).content.decode()
    assert incident.title in client.get(LIST, {"state": "closed", "p": "x"}).content.decode()
    incident.refresh_from_db()
    post(client, incident, "reopen", version=incident.version)
    assert incident.title in client.get(LIST).content.decode()
    assert AccessLog.objects.filter(subject=f"incident {incident.pk}", action="view").exists()


def test_what_was_typed_is_not_lost_where_somebody_was_faster() -> None:
    incident, client = make_incident(), client_as(Role.OFFICER)
    page = post(client, incident, "settings", title="새 제목", version=99)
    assert "새 제목" in page
    incident.refresh_from_db()
    assert incident.title == "우동 상수도 누수"
    assert "사유입니다" in post(client, incident, "close", note="사유입니다", version=99)
    post(client, incident, "reopen", version=incident.version)
    post(client, incident, "gather", numbers=" ")
    other = make_row()
    post(client, incident, "split", pick=[f"{other.pk}:1"])
    assert client.post(f"{LIST}begin/", {"title": "  "}).headers["Location"] == LIST
    closed = make_incident("끝난 일")
    incidents.close(closed, by=make_person(Role.OFFICER), version=closed.version, now=timezone.now())
    post(client, closed, "gather", numbers=other.number)
    assert tied(other) is None
    assert Incident.objects.count() == 2


def test_a_link_out_of_a_log_in_shows_the_page() -> None:
    incident, client = make_incident(), client_as(Role.OFFICER)
    assert client.get(f"{LIST}{incident.pk}/close/").headers["Location"] == f"{LIST}{incident.pk}/change/"
    assert client.get(f"{LIST}begin/").headers["Location"] == LIST


def test_a_department_sees_its_own_incident_and_in_it_its_own_complaints() -> None:
    water = make_department("상수도사업본부")
    incident, foreign = make_incident(department=water), make_incident("다른 일")
    mine, other = make_row("내 민원", status="ASSIGNED", department=water), make_row("남의 민원")
    incidents.gather(incident, [mine, other], by=None, now=timezone.now())
    staff = client_as(Role.STAFF, water)
    page = staff.get(f"{LIST}{incident.pk}/change/").content.decode()
    assert mine.number in page
    assert "남의 민원" not in page
    assert "split/" not in page
    assert foreign.title not in staff.get(LIST).content.decode()
    assert staff.get(f"{LIST}{foreign.pk}/change/").status_code == 404
    assert incident.title in staff.get(page_of(mine)).content.decode()
    elsewhere = make_row("또 다른", status="ASSIGNED", department=water)
    incidents.gather(foreign, [elsewhere], by=None, now=timezone.now())
    assert f"{LIST}{foreign.pk}/" not in staff.get(page_of(elsewhere)).content.decode()
    assert client_as(Role.ADMINISTRATOR).get(LIST).status_code == 403


def test_who_only_looks_sees_masks() -> None:
    incident = make_incident("누수 010-1234-5678", many=1)
    for client in (client_as(Role.MANAGER), client_as(Role.AUDITOR)):
        for address in (LIST, f"{LIST}{incident.pk}/change/", page_of(incident.members.get().complaint)):
            page = client.get(address).content.decode()
            assert "1234" not in page
            assert "010-****-5678" in page


def test_many_joins_at_once_are_one_line_of_the_history() -> None:
    incident = make_incident(many=3)
    page = client_as(Role.OFFICER).get(f"{LIST}{incident.pk}/change/")
    assert [step.number for step in page.context["page"].steps][1:] != []
    assert len(page.context["page"].steps) == 2


def test_lists_ask_as_often_for_one_as_for_many() -> None:
    officer, counts = client_as(Role.OFFICER), list[tuple[int, int]]()
    officer.get(LIST)
    for many in (1, 30):
        incident = make_incident(f"{many}", many=many)
        for n in range(many):
            make_incident(f"{many}-{n}", many=1)
        with CaptureQueriesContext(connection) as listed:
            officer.get(LIST)
        with CaptureQueriesContext(connection) as shown:
            officer.get(f"{LIST}{incident.pk}/change/")
        counts.append((len(listed), len(shown)))
    assert counts[0] == counts[1]


def test_pages_lead_on() -> None:
    incident, client = make_incident(many=52), client_as(Role.OFFICER)
    first = client.get(f"{LIST}{incident.pk}/change/")
    assert "?p=2" in first.content.decode()
    assert len(first.context["page"].rows) == 50
    second = client.get(f"{LIST}{incident.pk}/change/", {"p": "2"})
    assert len(second.context["page"].rows) == 2
    assert second.context["page"].count == 52


# --- the triage desk ------------------------------------------------------------------------------------------------


def offer(client: Client, complaint: Complaint, **more: Any) -> str:
    answer = client.get(f"{DESK}{complaint.number}/incident/", **more)
    assert answer.status_code == 200
    return answer.content.decode()


def test_two_keys_tie_it_and_the_next_one_opens() -> None:
    water, officer = make_department("상수도사업본부"), client_as(Role.OFFICER)
    incident, hour = make_incident(department=water), timezone.now() - timedelta(hours=1)
    first, second = make_row("물이 새요", received_at=hour), make_row("나무", received_at=hour + timedelta(minutes=1))
    part = offer(officer, first, headers=HTMX)
    assert "<html" not in part
    assert f'value="{incident.pk}" data-digit="1"' in part
    assert "<html" in offer(officer, first)
    answer = officer.post(f"{DESK}{first.number}/tie/", {"version": first.version, "incident": incident.pk})
    assert (answer.status_code, answer["Location"]) == (303, f"{DESK}{second.number}/")
    first.refresh_from_db()
    assert (tied(first), first.department) == (incident, water)
    assert incident.title in officer.get(f"{DESK}{first.number}/").content.decode()
    assert officer.get(DESK).context["last"].complaint == first
    officer.post(f"{DESK}{first.number}/move/undo/", {"version": first.version})
    assert tied(first) is None


def test_a_new_one_is_named_after_what_the_citizen_wrote() -> None:
    water, officer = make_department("상수도사업본부"), client_as(Role.OFFICER)
    complaint = make_row("@busan 우동 상수도관이 터졌어요 https://x.example/1")
    Suggestion.objects.create(complaint=complaint, department=water, rank=1, score=1)
    part = offer(officer, complaint)
    assert 'value="우동 상수도관이 터졌어요"' in part
    assert f'value="{water.pk}" selected' in part
    answer = officer.post(
        f"{DESK}{complaint.number}/tie/", {"version": complaint.version, "title": "누수", "department": water.pk}
    )
    assert answer["Location"] == DESK
    found = tied(complaint)
    assert found is not None
    assert (found.title, found.department) == ("누수", water)
    answer = officer.post(f"{DESK}{complaint.number}/untie/")
    assert (answer["Location"], tied(complaint)) == (f"{DESK}{complaint.number}/", None)
    assert officer.post(f"{DESK}{complaint.number}/untie/").status_code == 303


@pytest.mark.parametrize("fields", [{"incident": "999999"}, {"incident": "x"}, {"title": ""}, {}])
def test_odd_forms_tie_nothing(fields: dict[str, str]) -> None:
    complaint = make_row()
    answer = client_as(Role.OFFICER).post(f"{DESK}{complaint.number}/tie/", {"version": complaint.version, **fields})
    assert answer["Location"] == f"{DESK}{complaint.number}/"
    assert tied(complaint) is None
    assert not Incident.objects.exists()


def test_the_slower_officer_is_told_and_makes_no_empty_incident() -> None:
    fast, slow = make_person(Role.OFFICER, first_name="민지", last_name=""), client_as(Role.OFFICER)
    complaint, incident = make_row(), make_incident()
    old = complaint.version
    incidents.join(incident, complaint, by=fast, version=old, now=timezone.now())
    answer = slow.post(f"{DESK}{complaint.number}/tie/", {"version": old, "title": "누수"}, follow=True)
    assert "민지" in answer.content.decode()
    assert Incident.objects.get() == incident
    assert "split" not in str(client_of(fast).get(f"{DESK}{complaint.number}/incident/").content)
