"""The page of an incident's reply over HTTP: preview, leaving out, release, undo, ledger; who may what."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from channels_sns.models import OutboundPost
from complaints import incident_replies, incidents, releasing
from complaints.models import AccessLog, Complaint, Incident, IncidentReply
from departments.models import Department, Role
from tests.complaints.admin.desk import client_as, make_row
from tests.make import make_department, make_person

pytestmark = pytest.mark.django_db

TEXT = "수도관을 고쳤습니다. https://www.busan.go.kr/water"


def make_incident(many: int = 2, *, department: Department | None = None) -> Incident:
    now, water = timezone.now(), department or make_department("상수도사업본부")
    incident = incidents.begin("우동 누수", by=None, now=now, department=water)
    incidents.gather(incident, [make_row(f"물이 <b>새요</b> {n}") for n in range(many)], by=None, now=now)
    return incident


def address(incident: Incident, *more: str) -> str:
    return "/".join([f"/admin/complaints/incident/{incident.pk}/answer", *more, ""])


def written(incident: Incident, client: Client, text: str = TEXT, **more: Any) -> IncidentReply:
    client.post(address(incident))
    reply = incident.replies.latest("number")
    saved = {"text": text, "kind": "ANSWER", "version": reply.version, **more}
    answer = client.post(address(incident, str(reply.number), "save"), saved)
    assert answer.status_code == 302, answer.content.decode()
    reply.refresh_from_db()
    return reply


def step(incident: Incident, client: Client, what: str, **fields: Any) -> str:
    """The page after one step of the newest reply."""
    reply = incident.replies.latest("number")
    fields.setdefault("version", reply.version)
    answer = client.post(address(incident, str(reply.number), what), fields, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def carry_out() -> None:
    releasing.carry_on(now=timezone.now() + timedelta(minutes=2))


def test_from_the_text_to_the_ledger() -> None:
    incident, officer = make_incident(3), client_as(Role.OFFICER)
    written(incident, officer)
    page = officer.get(address(incident, "1"))
    text = page.content.decode()
    first, second, third = Complaint.objects.order_by("received_at")
    assert f"수도관을 고쳤습니다. 부산시 누리집 (접수 {first.number}-1)" in text
    assert "<b>새요" not in text
    (group,) = page.context["page"].groups
    assert (group.count, group.linkless, group.problem) == (3, True, False)
    assert group.cost.startswith("$")
    text = step(incident, officer, "skip", pick=[f"{second.pk}:1"], action="skip")
    assert page.context["page"].total == 3
    assert officer.get(address(incident, "1")).context["page"].total == 2
    text = step(incident, officer, "release")
    assert officer.get(address(incident, "1")).context["page"].undo_until
    assert not OutboundPost.objects.exists()
    carry_out()
    page = officer.get(address(incident, "1"))
    assert {value: n for value, _label, n in page.context["page"].counts if n} == {"QUEUED": 2, "SKIPPED": 1}
    only = officer.get(address(incident, "1"), {"fate": "SKIPPED"}).context["page"]
    assert [line.row.number for line in only.lines] == [second.number]
    assert officer.get(address(incident, "1"), {"fate": "x' --"}).status_code == 200
    text = step(incident, officer, "skip", pick=[f"{second.pk}:1"], action="unskip")
    carry_out()
    assert OutboundPost.objects.count() == 3
    assert third.number in text
    assert address(incident, "1") in officer.get(f"/admin/complaints/incident/{incident.pk}/change/").content.decode()
    assert AccessLog.objects.filter(subject=f"incident {incident.pk} reply 1").exists()


def test_an_undo_on_the_page_and_what_was_tied_since() -> None:
    incident, officer = make_incident(1), client_as(Role.OFFICER)
    reply = written(incident, officer)
    step(incident, officer, "release")
    step(incident, officer, "stop")
    reply.refresh_from_db()
    assert reply.state == "DRAFT"
    step(incident, officer, "release")
    carry_out()
    incidents.gather(incident, [make_row("늦은 글")], by=None, now=timezone.now())
    assert officer.get(address(incident, "1")).context["page"].since == 1
    step(incident, officer, "extend")
    carry_out()
    assert OutboundPost.objects.count() == 2
    page = step(incident, officer, "stop")
    reply.refresh_from_db()
    assert reply.state == "STOPPED"
    assert "badge-fan-TAKEN_BACK" in page


def test_what_was_typed_stays_where_it_cannot_be_saved() -> None:
    incident, officer = make_incident(1), client_as(Role.OFFICER)
    written(incident, officer)
    save = address(incident, "1", "save")
    slow = officer.post(save, {"text": "늦은 <글>", "text_en": "late", "kind": "NOTICE", "version": 1})
    assert slow.status_code == 409
    assert "늦은 &lt;글&gt;" in slow.content.decode()
    empty = officer.post(save, {"text": " ", "text_en": "kept", "version": 2})
    assert empty.status_code == 400
    assert "kept" in empty.content.decode()
    private = officer.post(save, {"text": "김시민 010-1234-5678", "version": 2})
    assert private.status_code == 400
    assert "010-1234-5678" in private.content.decode()
    assert "badge-fan-DRAFT" in step(incident, officer, "release", version=1)
    assert "badge-fan-DRAFT" in step(incident, officer, "stop")


def test_a_link_out_of_a_log_in_shows_the_page() -> None:
    incident, officer = make_incident(1), client_as(Role.OFFICER)
    written(incident, officer)
    assert officer.get(address(incident, "1", "release")).headers["Location"] == address(incident, "1")
    assert officer.get(address(incident)).headers["Location"].endswith("/change/")
    assert officer.get(address(incident, "7")).status_code == 404


def test_the_department_writes_its_head_releases_and_who_looks_sees_no_names() -> None:
    water = make_department("상수도사업본부")
    incident = make_incident(2, department=water)
    mine = incident.members.first()
    assert mine is not None
    Complaint.objects.filter(pk=mine.complaint_id).update(status="ASSIGNED", department=water)
    staff, head = client_as(Role.STAFF, water), client_as(Role.HEAD, water)
    written(incident, staff, text="수리했습니다.")
    page = staff.get(address(incident, "1")).context["page"]
    assert (len(page.lines), page.may_write, page.may_release) == (1, True, False)
    assert staff.post(address(incident, "1", "release"), {"version": 2}).status_code == 403
    for looker in (client_as(Role.MANAGER), client_as(Role.AUDITOR)):
        shown = looker.get(address(incident, "1"))
        assert "haeundae" not in shown.content.decode()
        assert [line.parts for line in shown.context["page"].lines] == [(), ()]
        assert looker.post(address(incident, "1", "save"), {"text": "x"}).status_code == 403
    elsewhere = client_as(Role.HEAD, make_department("도로계획과"))
    assert elsewhere.get(address(incident, "1")).status_code == 404
    step(incident, head, "release")
    carry_out()
    counts = {value: n for value, _label, n in head.get(address(incident, "1")).context["page"].counts if n}
    assert counts == {"QUEUED": 1, "SKIPPED": 1}


def test_the_page_asks_as_often_for_one_as_for_many() -> None:
    officer, counts = client_as(Role.OFFICER), list[list[int]]()
    for many in (1, 30):
        incident = make_incident(many)
        written(incident, officer)
        asked = []
        for release in (False, True):
            if release:
                step(incident, officer, "release")
                carry_out()
            officer.get(address(incident, "1"))
            with CaptureQueriesContext(connection) as queries:
                officer.get(address(incident, "1"))
            asked.append(len(queries))
        counts.append(asked)
    assert counts[0] == counts[1]


def test_more_than_a_page_of_citizens() -> None:
    incident, officer = make_incident(51), client_as(Role.OFFICER)
    written(incident, officer, text="고쳤습니다.")
    first, second = (officer.get(address(incident, "1"), {"p": p}).context["page"] for p in ("1", "2"))
    assert (len(first.lines), first.after, len(second.lines), second.before) == (50, 2, 1, 1)
    reply = incident.replies.get()
    incident_replies.release(reply, by=make_person(Role.OFFICER), version=reply.version, now=timezone.now())
    second = officer.get(address(incident, "1"), {"p": "2"}).context["page"]
    assert len(second.lines) == 1
