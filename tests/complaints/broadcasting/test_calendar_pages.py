"""The calendar, the repetitions and the page of the followers."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from channels_sns.followers import Point
from channels_sns.models import Broadcast, MetricSample, Repeat
from channels_sns.models.broadcast import Kind
from complaints import tasks
from complaints.broadcasting import calendar
from complaints.broadcasting.lines import chart
from departments.models import Holiday, Role
from tests.broadcasting import make_draft
from tests.complaints.admin.desk import client_as
from tests.make import NOON, make_account

pytestmark = pytest.mark.django_db
CALENDAR, REPEATS, FOLLOWERS = (f"/admin/broadcasts/{name}/" for name in ("calendar", "repeats", "followers"))
SEOUL = timezone.get_default_timezone()


@pytest.fixture
def officer() -> Client:
    return client_as(Role.OFFICER)


def seoul(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SEOUL)


def days(asked: str, *, week: bool = False, kind: str = "") -> dict[date, calendar.Day]:
    span = calendar.span_of(asked, week=week, now=NOON)
    return {day.date: day for day in calendar.days_of(span, kind=kind, now=NOON)}


def test_a_month_is_whole_weeks_and_each_broadcast_stands_on_its_day_in_seoul() -> None:
    late = make_draft(now=seoul("2026-11-01T00:00"), publish_at=seoul("2026-11-02T00:10"))
    waits = make_draft(publish_at=seoul("2026-11-25T13:00"), kind=Kind.TALK)
    make_draft(publish_at=seoul("2026-12-24T13:00"))
    found = days("2026-11-24")
    assert (min(found), max(found)) == (date(2026, 10, 26), date(2026, 12, 6))
    entries = {day: [entry.broadcast.pk for entry in one.entries] for day, one in found.items() if one.entries}
    assert entries == {date(2026, 11, 2): [late.pk], date(2026, 11, 25): [waits.pk]}
    assert [found[date(2026, 11, day)].entries[0].late for day in (2, 25)] == [True, False]
    assert [found[date(2026, 11, day)].entries[0].at for day in (2, 25)] == ["00:10", "13:00"]
    assert not any(one.entries for one in days("2026-11-24", kind="EVENT").values() if one.date.day == 25)


def test_days_off_are_named() -> None:
    Holiday.objects.create(date=date(2026, 12, 24), name="부산 시민의 날", reason="조례")
    found = days("2026-12-24", week=True)
    assert [day.off for day in found.values()] == [False, False, False, True, True, True, True]
    assert found[date(2026, 12, 24)].closed == "부산 시민의 날"
    assert found[date(2026, 12, 25)].closed


def test_the_steps_stay_in_their_bounds() -> None:
    month = calendar.span_of("2026-01-31", week=False, now=NOON)
    assert (month.beside(-1), month.beside(1)) == (date(2025, 12, 31), date(2026, 2, 1))
    week = calendar.span_of("2026-11-24", week=True, now=NOON)
    assert (week.beside(-1), week.beside(1)) == (date(2026, 11, 16), date(2026, 11, 30))
    assert calendar.span_of("9999-12-31", week=False, now=NOON).beside(1) <= date(2091, 1, 31)
    assert calendar.span_of("0001-01-01", week=True, now=NOON).on == date(2010, 1, 1)
    assert calendar.span_of("gestern", week=False, now=NOON).on == date(2026, 11, 24)


def test_the_page_shows_what_crowds(officer: Client) -> None:
    account, now = make_account(), timezone.now()
    at = now + timedelta(hours=1)
    for minutes in (0, 4):
        make_draft([account], now=now, publish_at=at + timedelta(minutes=minutes), title=f"글 {minutes}")
    make_draft([account], now=now, title="시간 없음")
    page = officer.get(f"{CALENDAR}?view=week&on={timezone.localtime(at, SEOUL):%Y-%m-%d}").content.decode()
    assert "글 0" in page
    assert "시간 없음" in page
    assert "calendar-warning" in page
    assert officer.get(f"{CALENDAR}?kind=LOVE").status_code == 404
    assert officer.get(f"{CALENDAR}?kind=TALK&on=2026-02-30").status_code == 200


def test_a_calendar_asks_as_often_for_many_as_for_few(officer: Client, django_assert_max_num_queries: Any) -> None:
    account, now = make_account(), timezone.now()
    for minutes in range(12):
        make_draft([account], now=now, publish_at=now + timedelta(minutes=1 + minutes))
    with django_assert_max_num_queries(14):
        officer.get(CALENDAR)


def test_the_editor_warns_when_two_stand_close(officer: Client) -> None:
    account, now = make_account(), timezone.now()
    at = (now + timedelta(days=1)).replace(second=0, microsecond=0)
    make_draft([account], now=now, publish_at=at, title="먼저 있던 글")
    local = timezone.localtime(at + timedelta(minutes=5), SEOUL)
    form = {
        "kind": "EVENT", "title": "새 글", "text": "본문", "grace_minutes": "15", f"to_{account.pk}": "on",
        "publish_at_0": f"{local:%Y-%m-%d}", "publish_at_1": f"{local:%H:%M}",
    }  # fmt: skip
    page = officer.post("/admin/broadcasts/new/", form, follow=True).content.decode()
    assert page.count("먼저 있던 글") >= 2, "said once by a message and once on the page"


def test_a_new_one_begins_on_the_day_and_hour_that_were_picked(officer: Client) -> None:
    page = officer.get("/admin/broadcasts/new/?kind=TALK&day=2027-01-05").content.decode()
    assert 'value="2027-01-05"' in page
    assert 'value="13:00"' in page
    for day in ("2027-13-45", "0001-01-01", "9999-12-31"):
        assert officer.get(f"/admin/broadcasts/new/?day={day}").status_code == 200, day
        assert officer.get(f"{CALENDAR}?on={day}&view=week").status_code == 200, day


def test_a_repetition_is_begun_changed_and_stopped(officer: Client) -> None:
    account = make_account()
    form = {
        "kind": "MORNING", "title": "아침인사", "days": "DAILY", "at": "08:30", "ahead_days": "3", "text": "안녕하세요",
        "accounts": [str(account.pk)],
    }  # fmt: skip
    assert officer.post(REPEATS, form).status_code == 303
    repeat = Repeat.objects.get()
    assert Broadcast.objects.filter(state="DRAFT").count() >= 3
    draft = Broadcast.objects.filter(state="DRAFT").order_by("publish_at")[0]
    assert "아침인사" in officer.get(f"/admin/broadcasts/{draft.pk}/").content.decode()
    assert "아침인사" in officer.get(CALENDAR).content.decode()
    page = f"{REPEATS}{repeat.pk}/"
    assert officer.get(page).status_code == 200
    assert officer.post(page, {**form, "title": "굿모닝", "version": "1"}).status_code == 303
    assert officer.post(page, {**form, "title": "밤인사", "version": "1"}).status_code == 400, "another was faster"
    assert officer.post(page, {**form, "accounts": [], "version": "2"}).status_code == 400
    assert officer.post(page, {**form, "accounts": ["99999"], "version": "2"}).status_code == 400
    assert officer.post(page, {**form, "title": "\x00", "version": "2"}).status_code == 400
    assert officer.post(f"{page}stop/", {"version": "1"}, follow=True).status_code == 200
    assert Repeat.objects.get().stopped_at is None
    officer.post(f"{page}stop/", {"version": "2"})
    officer.post(f"{page}stop/", {"version": "2"})
    stopped = Repeat.objects.get()
    assert (stopped.title, stopped.stopped_at is not None) == ("굿모닝", True)
    assert officer.post(page, {**form, "version": "3"}).status_code == 400
    assert officer.get(f"{REPEATS}424242/").status_code == 404


def test_a_repetition_without_sense_is_told_and_nothing_is_lost(officer: Client) -> None:
    account = make_account()
    answer = officer.post(REPEATS, {"title": "  ", "text": "안녕하세요 부산", "accounts": [str(account.pk)]})
    assert answer.status_code == 400
    assert "안녕하세요 부산" in answer.content.decode()


def test_the_clock_makes_the_drafts() -> None:
    from channels_sns import repeats
    from tests.make import make_person

    values = {"kind": Kind.MORNING, "title": "아침인사", "days": "DAILY", "at": time(8, 30)}
    repeats.begin(accounts=[make_account()], by=make_person(Role.OFFICER), now=NOON, **values)
    tasks.plan()
    assert Broadcast.objects.filter(occurrence__isnull=False).count() >= 7


def test_followers_of_all_and_of_one(officer: Client) -> None:
    assert officer.get(FOLLOWERS).status_code == 200
    account, now = make_account("facebook", name="부산시"), timezone.now()
    for back in range(400, -1, -40):
        at, value = now - timedelta(days=back), 12_000 - 10 * back
        MetricSample.objects.create(account=account, name="followers", value=value, sampled_at=at)
    page = officer.get(f"{FOLLOWERS}?days=all").content.decode()
    assert "12,000" in page
    assert "10,000" in page, "a milestone"
    assert "<polyline" in page
    one = officer.get(f"{FOLLOWERS}?of={account.pk}&days=30").content.decode()
    assert "부산시" in one
    assert "<polyline" not in one, "one number is no line"
    for wrong in ("of=99999", "days=7", "of="):
        assert officer.get(f"{FOLLOWERS}?{wrong}").status_code == 404, wrong
    manager = client_as(Role.MANAGER).get(FOLLOWERS).content.decode()
    assert "/admin/broadcasts/new/" not in manager


def test_a_line_stays_in_its_frame() -> None:
    points = [Point(date(2026, 11, day), 20_000) for day in (1, 2)]
    drawn = chart(points)
    assert drawn is not None
    assert len({place.split(",")[1] for place in drawn.line.split()}) == 1
    assert all(0 <= float(place.split(",")[1]) <= 200 for place in drawn.line.split())
    assert chart(points[:1]) is None
