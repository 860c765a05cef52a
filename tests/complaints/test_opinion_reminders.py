"""A department that does not answer is reminded by mail: a working day before the day is over, and then; each once."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from complaints import opinion_briefs, opinion_mail, opinion_reminders, opinions, tasks
from complaints.models import OpinionBrief, OpinionMail
from departments import working_time
from departments.models import Department, Membership, Role
from tests.broadcasting import approve
from tests.complaints.admin.desk import client_as
from tests.complaints.test_opinion_briefs import PLAN
from tests.complaints.test_opinions import make_talk
from tests.make import NOON, make_department, make_person

pytestmark = pytest.mark.django_db
#: A Friday; the working day before it begins on Thursday at 18:00, which is Friday at 09:00.
DAY = date(2026, 11, 27)


def seoul(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Seoul"))


@pytest.fixture
def tour(settings: Any) -> Department:
    settings.MAIL_ENABLED, found = True, make_department()
    make_person(Role.STAFF, found, email="staff@example.org")
    make_person(Role.HEAD, found, email="head@example.org")
    make_person(Role.STAFF, found, email="")
    Membership.objects.update(active_from=NOON - timedelta(days=365))
    return found


def asked(department: Department, day: date | None = DAY) -> OpinionBrief:
    brief = opinion_briefs.send(make_talk("찬성합니다"), department, by=make_person(Role.OFFICER), now=NOON, until=day)
    OpinionMail.objects.all().delete()
    return brief


def reminded(at: str) -> list[tuple[str, str]]:
    """Who is mailed now, of what."""
    now = seoul(at)
    opinion_reminders.queue_due(now=now)
    before = len(mail.outbox)
    opinion_mail.send_due(now=now)
    return sorted((one.to[0], str(one.subject)) for one in mail.outbox[before:])


def test_once_before_and_once_when_it_is_over(tour: Department) -> None:
    brief = asked(tour)
    assert brief.answer_by == seoul("2026-11-27T18:00")
    assert reminded("2026-11-26T17:59") == []
    (soon,) = reminded("2026-11-27T09:00")
    assert soon[0] == "staff@example.org"
    assert "기한" in soon[1]
    assert reminded("2026-11-27T09:01") == []
    assert [address for address, _subject in reminded("2026-11-30T09:00")] == ["head@example.org", "staff@example.org"]
    assert reminded("2026-11-30T09:01") == []
    assert "2026-11-27 (금) 18:00" in str(mail.outbox[-1].body)


def test_not_outside_office_hours(tour: Department) -> None:
    asked(tour)
    assert reminded("2026-11-27T18:00") == []
    assert OpinionMail.objects.filter(kind="DUE").count() == 2
    assert len(reminded("2026-11-28T12:00")) == 0
    assert len(reminded("2026-11-30T09:00")) == 2


def test_after_an_outage_only_that_it_is_over_and_of_what_is_long_past_nothing(tour: Department) -> None:
    asked(tour)
    assert {kind for (kind,) in OpinionMail.objects.values_list("kind")} == set()
    opinion_reminders.queue_due(now=seoul("2026-11-30T09:00"))
    assert set(OpinionMail.objects.values_list("kind", flat=True)) == {"DUE"}
    OpinionBrief.objects.update(due_told_at=None)
    assert opinion_reminders.queue_due(now=seoul("2026-12-04T18:01")) == 0


@pytest.mark.parametrize("why", ["no day", "answered", "withdrawn", "posted", "no mail"])
def test_who_owes_nothing_is_not_reminded(tour: Department, settings: Any, why: str) -> None:
    brief, officer = asked(tour, None if why == "no day" else DAY), make_person(Role.OFFICER)
    if why == "answered":
        opinion_briefs.answer(brief, by=officer, now=NOON, text=PLAN)
    elif why == "withdrawn":
        opinion_briefs.withdraw(brief, by=officer, now=NOON, reason="소관이 아님")
    elif why == "posted":
        approve(opinions.draft_result(brief.broadcast, by=officer, now=NOON))
    elif why == "no mail":
        settings.MAIL_ENABLED = False
    assert reminded("2026-11-30T09:00") == []
    assert not OpinionMail.objects.exists()


def test_an_answer_that_came_before_the_mail_left_drops_it(tour: Department) -> None:
    brief = asked(tour)
    opinion_reminders.queue_due(now=seoul("2026-11-27T18:00"))
    opinion_briefs.answer(brief, by=make_person(Role.STAFF), now=NOON, text=PLAN)
    assert reminded("2026-11-30T09:00") == []
    assert set(OpinionMail.objects.values_list("state", flat=True)) == {"DROPPED"}


def test_a_word_that_it_is_due_soon_is_not_sent_when_it_is_over(tour: Department) -> None:
    asked(tour)
    opinion_reminders.queue_due(now=seoul("2026-11-27T10:00"))
    opinion_mail.send_due(now=seoul("2026-11-27T18:00"))
    assert OpinionMail.objects.get().state == "DROPPED"


def test_where_nobody_works_the_head_is_reminded_and_two_workers_remind_once(settings: Any) -> None:
    settings.MAIL_ENABLED, park = True, make_department("공원정책과")
    make_person(Role.HEAD, park, email="head@example.org")
    Membership.objects.update(active_from=NOON - timedelta(days=365))
    brief = asked(park)
    now, calendar = seoul("2026-11-27T10:00"), working_time.calendar_for()
    assert [opinion_reminders._remind(brief, now, calendar) for _worker in range(2)] == [1, 0]
    assert OpinionMail.objects.get().kind == "SOON"


def test_the_clock_asks_for_it(tour: Department) -> None:
    brief = asked(tour)
    OpinionBrief.objects.filter(pk=brief.pk).update(answer_by=timezone.now())
    tasks.mail_reports()
    assert OpinionMail.objects.filter(kind="DUE").count() == 2


def test_the_page_asks_for_a_day_and_the_tray_says_what_is_left() -> None:
    talk, tour, officer = make_talk("찬성합니다"), make_department(), client_as(Role.OFFICER)
    address, staff = f"/admin/broadcasts/{talk.pk}/opinions/", client_as(Role.STAFF, tour)
    today = timezone.localdate()
    assert f'value="{opinion_briefs.suggested_day(timezone.now())}"' in officer.get(address).content.decode()
    for day in ("2026-13-40", (today - timedelta(days=1)).isoformat(), (today + timedelta(days=366)).isoformat()):
        form = {"department": tour.pk, "note": "보관", "answer_by": day}
        refused = officer.post(f"{address}brief/", form)
        page = refused.content.decode()
        assert (refused.status_code, f'value="{day}"' in page, f'value="{tour.pk}" selected' in page) == (
            400,
            True,
            True,
        )
    officer.post(f"{address}brief/", {"department": tour.pk, "answer_by": (today + timedelta(days=20)).isoformat()})
    brief = OpinionBrief.objects.get()
    for page in ("/admin/tray/", f"/admin/tray/talks/{brief.pk}/"):
        assert "due-fine" in staff.get(page).content.decode()
    OpinionBrief.objects.update(answer_by=timezone.now() - timedelta(days=10))
    assert "tray-late" in staff.get("/admin/tray/").content.decode()
    assert "badge-urgent" in officer.get(address).content.decode()


def test_the_officer_sees_on_the_start_page_who_is_late(tour: Department) -> None:
    officer, said = client_as(Role.OFFICER), "a department has not answered in time"

    def shown() -> bool:
        return said in officer.get("/admin/", headers={"accept-language": "en"}).content.decode()

    brief = asked(tour)
    assert opinion_briefs.silent(now=seoul("2026-11-27T17:59")) == []
    assert opinion_briefs.silent(now=seoul("2026-11-27T18:00")) == [brief]
    OpinionBrief.objects.update(answer_by=timezone.now() + timedelta(days=1))
    assert not shown()
    OpinionBrief.objects.update(answer_by=timezone.now())
    assert shown()
    approve(opinions.draft_result(brief.broadcast, by=make_person(Role.OFFICER), now=NOON))
    assert not shown()


def test_cards_with_a_day_come_first_and_cost_no_more(tour: Department) -> None:
    staff, asking = client_as(Role.STAFF, tour), list[int]()
    first = asked(tour, None)
    for many in (1, 4):
        for n in range(many):
            asked(tour, DAY + timedelta(days=n))
        with CaptureQueriesContext(connection) as queries:
            page = staff.get("/admin/tray/").content.decode()
        asking.append(len(queries))
        assert page.rindex("/admin/tray/talks/") == page.index(f"/admin/tray/talks/{first.pk}/")
    assert asking[0] == asking[1]
