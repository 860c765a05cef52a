"""manage.py due: the vectors on the command line, the reasons, and what is senseless."""

from __future__ import annotations

import json
from datetime import date, time
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from complaints.legal_kinds import KINDS
from departments.models import Holiday, OfficeHours
from tests.make import make_department

pytestmark = pytest.mark.django_db


def due(*words: str) -> str:
    out = StringIO()
    call_command("due", *words, stdout=out)
    return out.getvalue()


def as_json(*words: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(due(*words, "--json"))
    return found


@pytest.mark.parametrize(
    ("kind", "received", "until"),
    [
        ("기타", "2026-05-04T17:00", "2026-05-06T11:00:00+09:00"),
        ("SNS", "2026-07-16T16:30", "2026-07-20T10:30:00+09:00"),
        ("3h", "2026-03-02T23:10", "2026-03-03T12:00:00+09:00"),
        ("소통민원", "2027-02-05 17:00", "2027-02-10T11:00:00+09:00"),
        ("to-other-agency", "2026-10-02T05:00Z", "2026-10-06T14:00:00+09:00"),
        ("보완요구", "2026-04-30T17:30+09:00", "2026-05-04T17:30:00+09:00"),
        ("5일", "2026-09-22T10:00", "2026-10-01T10:00:00+09:00"),
        ("질의-제도", "2026-04-29T09:05", "2026-05-11T18:00:00+09:00"),
        ("고충", "2026-08-15", "2026-08-26T18:00:00+09:00"),
        ("inquiry_system", "2026-09-23T15:00", "2026-10-06T18:00:00+09:00"),
        ("7일", "2027-07-14T17:59", "2027-07-23T18:00:00+09:00"),
        ("질의민원(법령)", "2025-01-22", "2025-02-14T18:00:00+09:00"),
        ("PROPOSAL", "2026-02-10", "2026-03-05T18:00:00+09:00"),
    ],
)
def test_the_vectors(kind: str, received: str, until: str) -> None:
    assert as_json(kind, received)["due_at"] == until


def test_the_reasons_for_a_person() -> None:
    Holiday.objects.create(date=date(2026, 7, 20), name="임시공휴일", reason="국무회의 의결")
    lines = due("기타", "2026-07-16T16:30", "--lang", "en").splitlines()
    assert lines == [
        "Other complaint (기타민원): 3 office hours (법 제2조1호, 영 제16조·제19조)",
        "Received: 2026-07-16 (Thu) 16:30",
        "2026-07-16 (Thu) 16:30–18:00: 1 hour 30 minutes, together 1 hour 30 minutes",
        "2026-07-17 (Fri) does not count: public holiday (Constitution Day)",
        "2026-07-18 (Sat) does not count: Saturday",
        "2026-07-19 (Sun) does not count: Sunday",
        "2026-07-20 (Mon) does not count: day off by the city's decision (임시공휴일)",
        "2026-07-21 (Tue) 09:00–10:30: 1 hour 30 minutes, together 3 hours",
        "Due: 2026-07-21 (Tue) 10:30",
    ]


def test_the_reasons_for_a_program() -> None:
    found = as_json("고충", "2026-05-04T18:00", "--site-visit", "3")
    assert found["kind"] == "GRIEVANCE"
    assert found["period"] == {"days": 10}
    assert [line["number"] for line in found["lines"]][:4] == [1, None, 2, 3]
    assert found["lines"][1]["why"] == [{"code": "holiday", "name": "어린이날"}]


def test_by_the_hours_of_a_department() -> None:
    night = make_department("119종합상황실", code="NIGHT")
    OfficeHours.objects.create(department=night, weekday=1, opens=time(20), closes=time(0))
    for name in ("NIGHT", "119종합상황실"):
        assert as_json("1h", "2026-11-24T18:00", "--department", name)["due_at"] == "2026-11-24T21:00:00+09:00"
    assert "119종합상황실" in due("1h", "2026-11-24T18:00", "--department", "NIGHT")


def test_what_is_statutory_is_led_to_its_counter() -> None:
    with pytest.raises(CommandError, match="정부24") as caught:
        due("법정", "2026-11-24")
    assert caught.value.returncode == 1


@pytest.mark.parametrize(
    "words",
    [
        ("칭찬", "2026-11-24"),
        ("질의", "2026-11-24"),
        ("기타", "yesterday"),
        ("기타", "2026-02-30"),
        ("기타", "1989-12-31"),
        ("기타", "9999-12-31T23:59-05:00"),
        ("기타", "0001-01-01T00:00+14:00"),
        ("기타", "2026-11-24", "--department", "없는과"),
        ("기타", "2026-11-24", "--site-visit", "1"),
        ("3h", "2026-11-24", "--site-visit", "1"),
        ("고충", "2026-11-24", "--site-visit", "22"),
        ("고충", "2026-11-24", "--site-visit", "-1"),
    ],
)
def test_what_makes_no_sense_is_said(words: tuple[str, ...]) -> None:
    with pytest.raises(CommandError) as caught:
        due(*words)
    assert caught.value.returncode == 2


def test_the_help_names_every_kind(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        call_command("due", "--help")
    text = "".join(capsys.readouterr().out.split())
    assert [row.names[0] for row in KINDS.values() if row.names[0] not in text] == []
