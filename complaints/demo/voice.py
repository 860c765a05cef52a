"""One voice: what citizens answered goes to a department, an emergency has contacts, a surge may be an incident.

Every contact is invented. The addresses of example.org reach nobody (RFC 2606), and no number of Busan begins with 000.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from complaints import agency_alerts, opinion_briefs, opinions, surges
from complaints.demo.people import People
from complaints.demo.stage import Stage
from complaints.models import AlertContact
from departments.models import Department

Way = AlertContact.Way
#: Who answers what citizens said, and when it was told.
ASKED, TOLD_BEFORE = "TOUR", timedelta(hours=2)
#: Name, way, network of a mention, address.
CONTACTS = (
    ("데모 부산경찰청", Way.MENTION, "x", "demo_busan_police"),
    ("데모 부산경찰청 상황실", Way.EMAIL, "", "police@example.org"),
    ("데모 소방재난본부", Way.PHONE, "", "051-000-0119"),
    ("데모 대학교 학생처", Way.EMAIL, "", "university@example.org"),
)


def go_on(stage: Stage, people: People, *, now: datetime) -> None:
    """As the day left it."""
    for name, way, network, address in CONTACTS:
        agency_alerts.save_contact(AlertContact(), name=name, way=way, network=network, address=address)
    _tell_department(stage, people, now=now)
    surges.find(now=now)


def _tell_department(stage: Stage, people: People, *, now: datetime) -> None:
    """All opinions but the last are confirmed; the summary waits in the department's tray."""
    if stage.asked is None:
        return
    officer, at = people.officers[0], now - TOLD_BEFORE
    opinions.collect(now=at)
    opinions.confirm(list(opinions.of(stage.asked).order_by("id"))[:-1], "", by=officer, now=at)
    note = "찬성이 많지만 쓰레기를 걱정하는 분도 계십니다. 가능한 범위를 알려 주세요."
    opinion_briefs.send(stage.asked, Department.objects.get(code=ASKED), by=officer, now=at, note=note)
