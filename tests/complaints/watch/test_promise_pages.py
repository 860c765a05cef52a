"""What was promised, on the complaint's page and in the list: seen by the right people, told and withdrawn there."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from complaints.models import AccessLog, Complaint, Promise, Reply
from departments.models import Department, Role
from tests.complaints.admin.desk import client_as, client_of, make_row, page_of
from tests.make import make_department, make_person, make_promise

pytestmark = pytest.mark.django_db
PROMISES = "/admin/promises/"
TEXT = "현장을 확인한 뒤 안내판을 바꾸겠습니다."


def owed(department: Department | None = None, **values: Any) -> Promise:
    """Under an answered complaint."""
    department = department or make_department()
    complaint = make_row(status="COMPLETED", department=department, closed_at=timezone.now())
    return make_promise(complaint, **{"due_at": timezone.now() + timedelta(days=3), **values})


def act(client: Client, row: Promise, name: str, **fields: Any) -> Any:
    data = {"version": row.complaint.version, **fields}
    return client.post(page_of(row.complaint, "promise", str(row.pk), name), data)


# --- the editor -----------------------------------------------------------------------------------------------------


@pytest.fixture
def assigned() -> Complaint:
    return make_row(status="ASSIGNED", department=make_department())


def write(client: Client, complaint: Complaint, **fields: Any) -> Any:
    complaint.refresh_from_db()
    data = {"version": complaint.version, "text": TEXT, "action": "draft", **fields}
    return client.post(page_of(complaint, "reply"), data, follow=True)


def test_the_editor_says_what_the_text_promises_and_keeps_what_the_writer_says(assigned: Complaint) -> None:
    officer = client_as(Role.OFFICER)
    page = write(officer, assigned).content.decode()
    assert "현장을 확인한 뒤 안내판을 바꾸겠습니다”" in page
    assert Promise.objects.get().state == "WRITTEN"
    day = (timezone.localdate() + timedelta(days=40)).isoformat()
    assert f'value="{day}"' in write(officer, assigned, promise="auto", promise_due=day).content.decode()
    page = write(officer, assigned, promise="no").content.decode()
    assert '<option value="no" selected>' in page
    assert Promise.objects.get().state == "NONE"
    page = write(officer, assigned, promise="yes", text="알겠습니다.").content.decode()
    assert '<option value="yes" selected>' in page
    page = write(officer, assigned, promise="no", action="preview").content.decode()
    assert '<option value="no" selected>' in page


def test_a_draft_whose_day_is_over_does_not_stand_in_its_own_way(assigned: Complaint) -> None:
    officer = client_as(Role.OFFICER)
    write(officer, assigned)
    Promise.objects.update(due_at=timezone.now() - timedelta(days=2))
    page = officer.get(page_of(assigned)).content.decode()
    assert (timezone.localdate() - timedelta(days=2)).isoformat() not in page
    assert write(officer, assigned, action="approve").status_code == 200
    assert Promise.objects.get().due_at > timezone.now()  # type: ignore[operator]


@pytest.mark.parametrize("typed", ["내일", "2026-13-40", "2020-01-01", "9999-01-01"])
def test_a_day_that_makes_no_sense_is_refused_and_the_text_stays(assigned: Complaint, typed: str) -> None:
    answer = write(client_as(Role.OFFICER), assigned, promise_due=typed)
    assert answer.status_code == 400
    assert TEXT in answer.content.decode()
    assert f'value="{typed}"' in answer.content.decode()
    assert not Reply.objects.exists()


def test_while_it_is_typed_the_desk_says_what_it_promises(assigned: Complaint) -> None:
    officer, address = client_as(Role.OFFICER), page_of(assigned, "measure")
    said = officer.post(address, {"text": TEXT}).json()
    assert said["promises"] is True
    assert "바꾸겠습니다" in said["promise"]
    assert officer.post(address, {"text": "감사합니다."}).json()["promises"] is False


# --- the complaint's page ---------------------------------------------------------------------------------------------


def test_an_officer_tells_the_outcome_once() -> None:
    row, officer = owed(), client_as(Role.OFFICER)
    page = officer.get(page_of(row.complaint)).content.decode()
    assert page.count("안내판을 바꾸겠습니다") >= 1
    assert "promises/" in page
    assert act(officer, row, "tell", outcome="바꾸었습니다.").status_code == 302
    assert act(officer, row, "tell", outcome="바꾸었습니다.").status_code == 400
    assert Reply.objects.filter(kind="OUTCOME").count() == 1
    page = officer.get(page_of(row.complaint)).content.decode()
    assert "결과를 게시하고 있습니다" in page
    assert f"promises/{row.pk}/" not in page


def test_what_was_typed_stays_after_a_refusal() -> None:
    row, officer = owed(), client_as(Role.OFFICER)
    Complaint.objects.filter(pk=row.complaint_id).update(version=9)
    answer = act(officer, row, "tell", outcome="바꾸었습니다!")
    assert (answer.status_code, "바꾸었습니다!" in answer.content.decode()) == (409, True)
    row.complaint.version = 9
    answer = act(officer, row, "withdraw", why="", post="yes")
    assert answer.status_code == 400
    assert act(officer, row, "tell", outcome="바꾸었습니다.", promise_due="x").status_code == 400


def test_a_promise_is_withdrawn_with_and_without_a_post() -> None:
    officer = client_as(Role.OFFICER)
    for post in ("yes", ""):
        row = owed()
        assert act(officer, row, "withdraw", why="사유지입니다", post=post).status_code == 302
        row.refresh_from_db()
        assert (row.state, bool(row.outcome)) == ("WITHDRAWN", post == "yes")
        assert "사유지입니다" in officer.get(page_of(row.complaint)).content.decode()


def test_staff_only_look_and_unknown_acts_and_promises_of_others_are_404() -> None:
    row = owed()
    staff, officer = client_as(Role.STAFF, row.complaint.department), client_as(Role.OFFICER)
    page = staff.get(page_of(row.complaint)).content.decode()
    assert ("안내판을 바꾸겠습니다" in page, f"promises/{row.pk}/" in page) == (True, False)
    assert act(staff, row, "tell", outcome="x").status_code == 409
    other = owed()
    other.complaint = row.complaint
    assert act(officer, other, "tell", outcome="x").status_code == 404
    assert act(officer, row, "keep", outcome="x").status_code == 404


def test_every_end_is_told_in_words() -> None:
    officer, now = make_person(Role.OFFICER), timezone.now()
    row = owed(state="WITHDRAWN", withdrawn_at=now, withdrawn_by=officer, reason="사유")
    kept = make_promise(row.complaint, state="OPEN", due_at=now, asked=2)
    failed = make_promise(row.complaint, due_at=now - timedelta(days=9), outcome=kept.reply)
    Reply.objects.filter(pk=kept.reply_id).update(state="FAILED", problem="거절되었습니다.")
    Promise.objects.filter(pk=kept.pk).update(state="KEPT", kept_at=now + timedelta(days=1), outcome=kept.reply)
    page = client_of(officer).get(page_of(row.complaint)).content.decode()
    for words in ("철회", "늦게 이행", "거절되었습니다.", "시민이 2번 재촉", f"promises/{failed.pk}/tell/"):
        assert words in page, words


# --- the list ---------------------------------------------------------------------------------------------------------


def test_the_list_shows_what_is_owed_the_worst_first_and_what_became_of_the_rest() -> None:
    officer, now = client_as(Role.OFFICER), timezone.now()
    for words, days in (("나중", 5), ("늦음", -4), ("곧", 1)):
        owed(words=words, due_at=now + timedelta(days=days))
    kept = owed(words="지킴")
    Promise.objects.filter(pk=kept.pk).update(state="KEPT", kept_at=now, outcome=kept.reply)
    page = officer.get(PROMISES).content.decode()
    assert page.index("늦음") < page.index("곧") < page.index("나중")
    assert "지킴" not in page.split("alert-lines")[1]
    over = officer.get(PROMISES, {"show": "over", "p": "x"}).content.decode()
    assert ("늦음" in over, "나중" in over) == (True, False)
    settled = officer.get(PROMISES, {"show": "settled"}).content.decode()
    assert ("기한 안에 이행" in settled, "늦음" in settled) == (True, False)


def test_a_department_sees_its_own() -> None:
    mine, other = make_department("도로계획과"), make_department("문화예술과")
    owed(mine, words="우리 것")
    owed(other, words="남의 것")
    page = client_as(Role.STAFF, mine).get(PROMISES).content.decode()
    assert ("우리 것" in page, "남의 것" in page) == (True, False)
    assert client_as(Role.ADMINISTRATOR).get(PROMISES).status_code == 403


def test_any_number_of_promises_costs_the_same_queries() -> None:
    officer = client_as(Role.OFFICER)

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            officer.get(PROMISES)
        return len(caught)

    owed()
    first = queries()
    for _number in range(60):
        owed()
    assert queries() == first
    pages = officer.get(PROMISES, {"p": "2"}).content.decode()
    assert ('rel="prev"' in pages, 'rel="next"' in pages) == (True, False)


# --- to take away ---------------------------------------------------------------------------------------------------


def taken(client: Client, show: str = "owed", ending: str = "csv") -> bytes:
    answer = client.get(f"{PROMISES}export/{ending}/?show={show}")
    assert answer.status_code == 200
    assert f"promises-{show}-" in answer["Content-Disposition"]
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def test_the_list_is_taken_away_without_formulas_and_recorded() -> None:
    first, second = owed(words="=1+1 바꾸겠습니다"), owed(due_at=timezone.now() - timedelta(days=1))
    gone = owed()
    values = {"state": "WITHDRAWN", "withdrawn_at": timezone.now(), "withdrawn_by": make_person(Role.OFFICER)}
    Promise.objects.filter(pk=gone.pk).update(**values, reason="@예산 없음")
    manager = client_as(Role.MANAGER)
    lines = taken(manager).decode().splitlines()
    assert lines[0].startswith("\ufeff")
    assert [line.split(",")[0] for line in lines[1:]] == [second.complaint.number, first.complaint.number]
    assert "'=1+1" in lines[2]
    assert len(taken(manager, "over").decode().splitlines()) == 2
    assert "'@예산 없음" in taken(manager, "settled").decode()
    sheet = load_workbook(io.BytesIO(taken(manager, "owed", "xlsx"))).active
    assert sheet is not None
    assert isinstance(sheet["F2"].value, datetime)
    assert AccessLog.objects.filter(action="promise export", subject="promises over").count() == 1


def test_a_department_takes_away_its_own_and_nothing_else() -> None:
    mine, other = make_department("꽃길과"), owed()
    row = owed(mine)
    text = taken(client_as(Role.STAFF, mine)).decode()
    assert row.complaint.number in text
    assert other.complaint.number not in text
    assert client_as(Role.ADMINISTRATOR).get(f"{PROMISES}export/csv/").status_code == 403
    assert client_as(Role.MANAGER).get(f"{PROMISES}export/json/").status_code == 404
