"""Reports by mail: once at each time, each reader his own figures, late once and with a word."""

from __future__ import annotations

import csv
import io
import re
import smtplib
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.core.mail import EmailMessage
from django.http import Http404

from complaints import errands, tasks
from complaints.models import ReportMail, SavedReport
from complaints.reports import schedules, schedules_out
from complaints.reports import schedules_rhythm as rhythms
from departments.models import Department, Membership, Role
from tests.complaints.api.answers import program_of
from tests.complaints.reports.office import KST, make_hand_counted
from tests.make import make_person

pytestmark = pytest.mark.django_db

CREATED = datetime(2026, 11, 20, 12, tzinfo=KST)
FIRST = datetime(2026, 12, 1, 8, tzinfo=KST)


@pytest.fixture(autouse=True)
def mail_server(settings: Any) -> None:
    settings.MAIL_ENABLED = True


def person(role: Role | None, department: Department | None = None, **values: Any) -> User:
    """Somebody who has held the role for years, whatever day it is."""
    user = make_person(role, department, **{"email": f"{role}@busan.example", **values})
    Membership.objects.filter(user=user).update(active_from=datetime(2020, 1, 1, tzinfo=KST))
    return User.objects.get(pk=user.pk)


def manager(**values: Any) -> User:
    return person(Role.MANAGER, **{"email": "manager@busan.example", **values})


def make_report(owner: Any, *people: Any, values: dict[str, str] | None = None, **changes: Any) -> SavedReport:
    plan = {"rhythm": "MONTHLY", "weekday": 1, "day": 1, "at": time(8), **changes}
    chosen = frozenset(user.pk for user in people or (owner,))
    return schedules.save(
        owner=owner,
        name="월간 점검",
        values=values or {"period": "month"},
        plan=schedules.Plan(people=chosen, **plan),
        now=CREATED,
    )


def work(now: datetime) -> list[Any]:
    """What the clock does; the mails that left."""
    schedules.queue_due(now=now)
    schedules_out.send_due(now=now)
    return mail.outbox


# --- when -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rhythm", "weekday", "day", "moment", "next_one"),
    [
        ("DAILY", 1, 1, "2026-11-20 07:59", "2026-11-20 08:00"),
        ("DAILY", 1, 1, "2026-11-20 08:00", "2026-11-21 08:00"),
        ("WEEKLY", 1, 1, "2026-11-20 12:00", "2026-11-23 08:00"),
        ("WEEKLY", 7, 1, "2026-12-31 12:00", "2027-01-03 08:00"),
        ("MONTHLY", 1, 31, "2027-01-31 08:00", "2027-02-28 08:00"),
        ("MONTHLY", 1, 31, "2028-02-01 00:00", "2028-02-29 08:00"),
        ("MONTHLY", 1, 30, "2027-02-28 09:00", "2027-03-30 08:00"),
        ("MONTHLY", 1, 5, "2026-12-05 08:00", "2027-01-05 08:00"),
    ],
)
def test_the_next_time(rhythm: str, weekday: int, day: int, moment: str, next_one: str) -> None:
    at = datetime.fromisoformat(moment).replace(tzinfo=KST)
    found = rhythms.next_after(at, rhythm=rhythm, weekday=weekday, day=day, at=time(8))
    assert f"{found.astimezone(KST):%Y-%m-%d %H:%M}" == next_one


def test_a_month_is_mailed_once_with_the_figures_of_the_month_before() -> None:
    make_hand_counted()
    report = make_report(manager())
    assert report.next_at == FIRST
    assert work(FIRST - timedelta(seconds=1)) == []
    [message] = work(FIRST)
    assert message.to == ["manager@busan.example"]
    assert "월간 점검" in message.subject
    assert "2026-11-01" in message.body or "11" in message.subject
    assert f"/admin/reports/slice/?{schedules.slice_of(report, now=FIRST).query()}" in message.body
    assert work(FIRST + timedelta(minutes=1)) == [message]
    report.refresh_from_db()
    assert report.next_at == datetime(2027, 1, 1, 8, tzinfo=KST)
    row = ReportMail.objects.get()
    assert (row.state, row.missed, row.sent_at) == ("SENT", 0, FIRST)


def test_the_table_beside_says_the_numbers_counted_by_hand_and_no_formula() -> None:
    office = make_hand_counted()
    type(office.tour).objects.filter(pk=office.tour.pk).update(name="=HYPERLINK(1)")
    make_report(manager())
    [message] = work(FIRST)
    name, text, kind = message.attachments[0]
    assert (name, kind) == ("first_response-department-2026-11-01-2026-11-30.csv", "text/csv")
    decoded = text.decode() if isinstance(text, bytes) else text
    assert decoded.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(decoded[1:])))
    assert rows[1][:6] == ["'=HYPERLINK(1)", "2", "5420", "5420", "14400", "243000"]


def test_what_was_missed_comes_once_and_late_with_a_word() -> None:
    make_hand_counted()
    report = make_report(manager(), rhythm="DAILY", values={"period": "day"})
    back = datetime(2026, 11, 25, 15, tzinfo=KST)
    [message] = work(back)
    row = ReportMail.objects.get()
    assert (row.due_at, row.missed) == (datetime(2026, 11, 25, 8, tzinfo=KST), 4)
    assert "2026-11-25 08:00" in message.body
    assert "2026-11-24" in message.body
    assert re.search(r"(?m)^\D*4\D+$", message.body)
    report.refresh_from_db()
    assert report.next_at == datetime(2026, 11, 26, 8, tzinfo=KST)


def test_a_range_stays_where_it_is() -> None:
    values = {"period": "range", "from": "2026-11-01", "to": "2026-11-10"}
    report = make_report(manager(), values=values)
    assert str(schedules.slice_of(report, now=FIRST).period) == "2026-11-01 – 2026-11-10"


def test_thirty_days_move_on_and_end_with_a_whole_day() -> None:
    report = make_report(manager(), values={"period": "recent", "on": "2026-11-15"})
    assert str(schedules.slice_of(report, now=FIRST).period) == "2026-11-01 – 2026-11-30"


# --- to whom ----------------------------------------------------------------------------------------------------------


def test_each_reader_gets_the_figures_of_his_role() -> None:
    office = make_hand_counted()
    head = person(Role.HEAD, office.road, email="head@busan.example")
    owner = manager()
    make_report(owner, owner, head)
    bodies = {message.to[0]: message.body for message in work(FIRST)}
    assert office.tour.name in bodies["manager@busan.example"]
    assert office.tour.name not in bodies["head@busan.example"]
    assert office.road.name in bodies["head@busan.example"]


def test_a_head_gets_no_foreign_department_and_sends_to_nobody_else() -> None:
    office = make_hand_counted()
    head = person(Role.HEAD, office.tour, email="head@busan.example")
    with pytest.raises(Http404):
        make_report(head, values={"department": str(office.road.pk)})
    with pytest.raises(schedules.NotPossible):
        make_report(head, head, manager())
    owner = manager()
    make_report(owner, owner, head, values={"department": str(office.road.pk)})
    assert [message.to for message in work(FIRST)] == [["manager@busan.example"]]
    assert ReportMail.objects.get(user=head).state == "DROPPED"


def test_who_lost_his_role_or_log_in_gets_nothing() -> None:
    owner, gone, shut = manager(), manager(), manager()
    make_report(owner, owner, gone, shut)
    Membership.objects.filter(user=gone).update(active_to=datetime(2021, 1, 1, tzinfo=KST))
    shut.is_active = False
    shut.save()
    assert len(work(FIRST)) == 1
    assert {row.user_id: row.state for row in ReportMail.objects.all()} == {
        owner.pk: "SENT", gone.pk: "DROPPED", shut.pk: "DROPPED",
    }  # fmt: skip


def test_a_report_ends_with_its_owners_role() -> None:
    owner = manager()
    report = make_report(owner, manager())
    owner.is_active = False
    owner.save()
    assert work(FIRST) == []
    report.refresh_from_db()
    assert report.next_at is None


@pytest.mark.parametrize("role", [Role.OFFICER, Role.STAFF, Role.ADMINISTRATOR, None])
def test_only_readers_of_reports_are_chosen(role: Role | None) -> None:
    with pytest.raises(schedules.NotPossible):
        make_report(manager(), person(role))


def test_what_cannot_be_saved_says_why() -> None:
    owner = manager()
    with pytest.raises(schedules.NotPossible):
        make_report(manager(email=""))
    with pytest.raises(schedules.NotPossible):
        make_report(owner, values={"figure": "X"})
    make_report(owner)
    with pytest.raises(schedules.NotPossible):
        make_report(owner)
    nobody = schedules.Plan("DAILY", 1, 1, time(8), frozenset())
    with pytest.raises(schedules.NotPossible):
        schedules.save(owner=owner, name="b", values={"by": "hour"}, plan=nobody, now=CREATED)
    with pytest.raises(schedules.NotPossible):
        schedules.save(owner=owner, name="", values={"by": "hour"}, plan=nobody, now=CREATED)
    long = {"bureau": "가" * 100}
    with pytest.raises(schedules.NotPossible):
        schedules.save(
            owner=owner,
            name="c",
            values=long,
            plan=schedules.Plan("DAILY", 1, 1, time(8), frozenset({owner.pk})),
            now=CREATED,
        )
    assert SavedReport.objects.count() == 1


def test_stopped_left_and_deleted() -> None:
    owner, other = manager(), manager()
    report = make_report(owner, owner, other)
    schedules.queue_due(now=FIRST)
    schedules.leave(report, other)
    assert list(schedules.mailed_to(other)) == []
    schedules_out.send_due(now=FIRST)
    assert [message.to for message in mail.outbox] == [["manager@busan.example"]]
    schedules.stop(report)
    assert len(work(FIRST + timedelta(days=90))) == 1
    plan = schedules.Plan("WEEKLY", 3, 1, time(9), frozenset({other.pk}))
    schedules.change(SavedReport.objects.get(), by=owner, plan=plan, now=FIRST)
    assert SavedReport.objects.get().next_at == datetime(2026, 12, 2, 9, tzinfo=KST)
    schedules.delete(report)
    assert not ReportMail.objects.exists()


# --- how --------------------------------------------------------------------------------------------------------------


def test_a_mail_server_that_refuses_is_asked_again_and_then_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: Any, **_more: Any) -> int:
        raise smtplib.SMTPServerDisconnected("away")

    make_report(manager())
    monkeypatch.setattr(EmailMessage, "send", refuse)
    now = FIRST
    for _try in range(errands.TRIES_MAX):
        work(now)
        now += timedelta(minutes=20)
    row = ReportMail.objects.get()
    assert (row.state, row.attempts) == ("FAILED", errands.TRIES_MAX)
    assert "away" in row.error


def test_two_workers_send_one_mail() -> None:
    make_report(manager())
    stale = SavedReport.objects.get()
    schedules.queue_due(now=FIRST)
    assert schedules._queue(stale, FIRST) == 0
    row = ReportMail.objects.select_related("report__owner", "user").get()
    assert schedules_out._send(row, FIRST)
    assert not schedules_out._send(row, FIRST)
    assert len(mail.outbox) == 1


def test_a_worker_that_died_is_followed_by_another_and_not_for_ever() -> None:
    make_report(manager())
    schedules.queue_due(now=FIRST)
    ReportMail.objects.update(state="SENDING", attempts=1, lease_until=FIRST + schedules_out.LEASE)
    assert schedules_out.send_due(now=FIRST) == 0
    assert schedules_out.send_due(now=FIRST + schedules_out.LEASE) == 1
    message_id = mail.outbox[0].extra_headers["Message-ID"]
    assert message_id == f"<report-{ReportMail.objects.get().pk}@127.0.0.1>"
    ReportMail.objects.update(state="SENDING", attempts=errands.TRIES_MAX, lease_until=FIRST, sent_at=None)
    assert schedules_out.send_due(now=FIRST) == 0
    assert ReportMail.objects.get().state == "FAILED"


@pytest.mark.parametrize("switch", ["MAIL_ENABLED", "SENDING_ENABLED"])
def test_without_a_mail_server_it_waits_and_comes_once(settings: Any, switch: str) -> None:
    make_report(manager())
    setattr(settings, switch, False)
    assert work(FIRST + timedelta(days=40)) == []
    setattr(settings, switch, True)
    assert len(work(FIRST + timedelta(days=70))) == 1
    assert ReportMail.objects.get().missed == 2


def test_what_was_queued_before_the_sending_was_stopped_waits_too(settings: Any) -> None:
    make_report(manager())
    assert schedules.queue_due(now=FIRST) == 1
    settings.SENDING_ENABLED = False
    assert schedules_out.send_due(now=FIRST) == 0
    settings.SENDING_ENABLED = True
    assert schedules_out.send_due(now=FIRST) == 1


def test_a_report_that_is_understood_no_more_is_dropped_with_the_reason() -> None:
    make_report(manager())
    SavedReport.objects.update(query="figure=GONE")
    assert work(FIRST) == []
    row = ReportMail.objects.get()
    assert row.state == "DROPPED"
    assert "GONE" in row.error


def test_the_clock_does_it() -> None:
    report = make_report(manager(), rhythm="DAILY")
    SavedReport.objects.filter(pk=report.pk).update(next_at=CREATED)
    tasks.mail_reports()
    assert len(mail.outbox) == 1
    tasks.mail_reports()
    assert len(mail.outbox) == 1


def test_a_long_table_is_cut_in_the_text_and_whole_beside() -> None:
    office = make_hand_counted()
    make_report(manager(), values={"by": "hour"})
    for hour in range(24):
        office.receive(f"11-17 {hour:02}:00", author=f"h{hour}")
    [message] = work(FIRST)
    text = message.attachments[0][1]
    decoded = text.decode() if isinstance(text, bytes) else text
    assert len(decoded.strip().split("\n")) == 25
    assert message.body.count("\n- ") == 7 + 2 + 15


@pytest.mark.django_db(transaction=True)
def test_what_a_mail_and_a_list_read_is_read_in_transactions_that_cannot_write() -> None:
    make_hand_counted()
    owner = manager()
    make_report(owner)
    assert len(work(FIRST)) == 1
    program = program_of(owner)
    for address in ("overview", "figures", "slice", "list"):
        assert program.read(f"reports/{address}?period=month&on=2026-11-15")
