"""The page of saved reports: saved from what was looked at, changed, stopped, left; errors are seen."""

from __future__ import annotations

from typing import Any

import pytest

from complaints.models import ReportMail, SavedReport
from complaints.reports import schedules
from departments.models import Role
from tests.complaints.admin.desk import client_of
from tests.complaints.reports.test_schedules import FIRST, make_report, manager, person
from tests.make import make_department, make_person

pytestmark = pytest.mark.django_db
PAGE = "/admin/reports/saved/"


def typed(*people: Any, **changes: str) -> dict[str, Any]:
    return {
        "query": "figure=RESOLUTION&by=network&period=week&on=2026-11-16", "name": "주간 보고", "rhythm": "WEEKLY",
        "weekday": "1", "day": "1", "at": "08:30", "people": [str(user.pk) for user in people], **changes,
    }  # fmt: skip


def test_what_was_looked_at_is_saved_and_its_day_moves_on() -> None:
    user = manager()
    client = client_of(user)
    page = client.get("/admin/reports/slice/?figure=RESOLUTION&by=network&period=week").content.decode()
    assert f"{PAGE}?figure=RESOLUTION&amp;by=network&amp;period=week" in page
    assert 'name="query"' in client.get(f"{PAGE}?figure=RESOLUTION&by=network&period=week").content.decode()
    assert client.post(f"{PAGE}new/", typed(user)).status_code == 302
    row = SavedReport.objects.get()
    assert (row.query, f"{row.at:%H:%M}") == ("figure=RESOLUTION&by=network&period=week", "08:30")
    assert "주간 보고" in client.get(PAGE).content.decode()


@pytest.mark.parametrize(
    "change",
    [{"name": ""}, {"rhythm": "HOURLY"}, {"weekday": "8"}, {"day": "0"}, {"at": "25:00"}, {"at": ""}, {"people": "999"},
     {"people": "x"}, {"query": "figure=X"}, {"query": ""}, {"day": "9" * 30}],
)  # fmt: skip
def test_a_mistake_is_told_and_what_was_typed_stays(change: dict[str, str]) -> None:
    user = manager()
    answer = client_of(user).post(f"{PAGE}new/", typed(user, **change))
    assert answer.status_code == 400
    assert not SavedReport.objects.exists()
    page = answer.content.decode()
    assert "errornote" in page
    assert ("주간 보고" in page) == (not change.keys() & {"name", "query"})


def test_a_double_click_saves_one() -> None:
    user = manager()
    client = client_of(user)
    assert [client.post(f"{PAGE}new/", typed(user)).status_code for _click in range(2)] == [302, 400]
    assert SavedReport.objects.count() == 1


def test_a_report_is_its_owners_alone() -> None:
    owner, other = manager(), manager()
    row = make_report(owner, owner, other)
    client = client_of(other)
    for what in ("change", "stop", "delete"):
        assert client.post(f"{PAGE}{row.pk}/{what}/", typed(other)).status_code == 404
    assert "월간 점검" in client.get(PAGE).content.decode()
    assert client.post(f"{PAGE}{row.pk}/leave/").status_code == 302
    assert client.post(f"{PAGE}{row.pk}/leave/").status_code == 404
    assert list(row.recipients.all()) == [owner]


def test_changed_stopped_mailed_again_and_deleted() -> None:
    owner = manager()
    row, client = make_report(owner), client_of(owner)
    assert client.post(f"{PAGE}{row.pk}/change/", typed(owner, at="x")).status_code == 400
    assert client.post(f"{PAGE}{row.pk}/change/", typed(owner)).status_code == 302
    row.refresh_from_db()
    assert row.rhythm == "WEEKLY"
    client.post(f"{PAGE}{row.pk}/stop/")
    row.refresh_from_db()
    assert row.next_at is None
    client.post(f"{PAGE}{row.pk}/change/", typed(owner))
    assert SavedReport.objects.get().next_at is not None
    client.post(f"{PAGE}{row.pk}/delete/")
    assert not SavedReport.objects.exists()


def test_what_became_of_the_mails_is_seen() -> None:
    owner = manager()
    row = make_report(owner)
    ReportMail.objects.create(
        report=row, user=owner, due_at=FIRST, state="FAILED", error="SMTPServerDisconnected: away"
    )
    assert "SMTPServerDisconnected: away" in client_of(owner).get(PAGE).content.decode()
    SavedReport.objects.update(query="figure=GONE")
    assert client_of(owner).get(PAGE).status_code == 200


def test_without_a_mail_server_the_page_says_so() -> None:
    from django.utils import translation

    with translation.override("ko"):
        said = translation.gettext(
            "No mail server is set for this desk: reports are saved here, and mailed as soon as there is one."
        )
    assert said in client_of(manager()).get(PAGE).content.decode()


@pytest.mark.parametrize("role", [Role.OFFICER, Role.STAFF, Role.ADMINISTRATOR])
def test_the_page_is_for_readers_of_reports(role: Role) -> None:
    client = client_of(make_person(role))
    assert client.get(PAGE).status_code == 403
    assert client.post(f"{PAGE}new/", typed()).status_code == 403


def test_a_foreign_department_is_not_saved() -> None:
    head = person(Role.HEAD)
    answer = client_of(head).post(f"{PAGE}new/", typed(head, query=f"department={make_department('바람과').pk}"))
    assert answer.status_code == 404
    assert not SavedReport.objects.exists()


def test_after_a_log_in_that_came_between_the_page_is_shown() -> None:
    assert client_of(manager()).get(f"{PAGE}new/").headers["Location"] == PAGE


def test_who_is_offered_as_a_reader() -> None:
    head = person(Role.HEAD)
    assert schedules.choices_for(head, now=FIRST) == [head]
    user = manager()
    assert {head, user} <= set(schedules.choices_for(user, now=FIRST))
