"""An emergency for tests: prepared, checked, under way."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User

from channels_sns import broadcasts
from channels_sns.models import Account, OutboundPost
from complaints import agency_alerts, emergencies, emergency_plans
from complaints.models import AlertContact, Emergency, EmergencyCheck
from departments.models import Role
from tests.broadcasting import photo, posts
from tests.complaints.fates import send
from tests.make import NOON, make_account, make_person

FACTS = {
    "kind": "LOST_CHILD",
    "name": "김하늘",
    "age": "7세",
    "appearance": "빨간 모자, 노란 점퍼",
    "appearance_en": "red cap, yellow jacket",
    "place": "해운대해수욕장",
    "place_en": "Haeundae Beach",
    "seen": "오늘 17:00쯤",
}
Item = EmergencyCheck.Item


def make_contact(way: str = "PHONE", **values: Any) -> AlertContact:
    known = {"PHONE": "112", "EMAIL": "duty@fire.example", "MENTION": "busanpolice", "WEBHOOK": "https://a.example/h"}
    network = "x" if way == "MENTION" else ""
    facts = {"name": f"{way} 기관", "way": way, "network": network, "address": known[way], **values}
    return agency_alerts.save_contact(AlertContact(), **facts)


def prepare(
    accounts: Iterable[Account] = (),
    contacts: Iterable[AlertContact] = (),
    *,
    by: User | None = None,
    now: datetime = NOON,
    with_photo: bool = True,
    **facts: Any,
) -> Emergency:
    """A lost child, not yet checked."""
    plan = emergency_plans.Plan(tuple(accounts) or (make_account("facebook"),), tuple(contacts))
    told = emergency_plans.Facts(**{**FACTS, **facts})
    emergency = emergency_plans.prepare(told, plan, complaint=None, by=by or make_person(Role.OFFICER), now=now)
    if with_photo:
        alarm = emergency.alarm
        broadcasts.add_picture(alarm, photo(), alt="빨간 모자를 쓴 아이", version=alarm.version)
    return emergency


def check_all(emergency: Emergency, *, now: datetime = NOON) -> None:
    points = {item.value: "모 김○○, 전화로" for item in Item}
    emergency_plans.check(emergency, points, by=make_person(Role.OFFICER), now=now)


def start(emergency: Emergency, *, by: User | None = None, now: datetime = NOON) -> Emergency:
    """Checked, and approved by the duty officer."""
    check_all(emergency, now=now)
    emergencies.start(emergency, by=by or make_person(Role.OFFICER), version=emergency.version, now=now)
    return emergency


def alarm_posts(emergency: Emergency) -> list[OutboundPost]:
    return posts(emergency.alarm)


def send_all(emergency: Emergency, *, now: datetime = NOON) -> None:
    """Every post of the alarm stands."""
    for row in alarm_posts(emergency):
        send(row, now=now)


def find(emergency: Emergency, *, now: datetime = NOON, text: str = "", text_en: str = "") -> Emergency:
    """All clear."""
    officer = make_person(Role.OFFICER)
    emergencies.announce_found(emergency, text=text, text_en=text_en, by=officer, version=emergency.version, now=now)
    return emergency
