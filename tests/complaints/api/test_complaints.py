"""Complaints for programs: whose, what of them, which clocks; departments and accounts beside them."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from datetime import timedelta

import pytest
from django.utils import timezone

from complaints.models import AccessLog, Complaint, ComplaintEvent, Consultation
from departments.models import Role
from tests.complaints.admin.desk import make_row
from tests.complaints.api.answers import Program, program_of
from tests.make import make_department, make_person

pytestmark = pytest.mark.django_db


def numbers(program: Program, query: str = "") -> list[str]:
    return [each["number"] for each in program.read(f"complaints?{query}")["complaints"]]


def test_a_department_sees_its_own_and_a_foreign_one_is_not_there() -> None:
    mine, other = make_department("꽃길과"), make_department("바람과")
    own = make_row(status="ASSIGNED", department=mine)
    foreign = make_row(status="ASSIGNED", department=other)
    program = program_of(make_person(Role.STAFF, mine))
    assert numbers(program) == [own.number]
    assert program.get(f"complaints/{foreign.number}").status_code == 404
    assert numbers(program, f"department={other.pk}") == []
    row = AccessLog.objects.get(action="view refused")
    assert (row.subject, row.reason) == (foreign.number, "API: dashboard")
    assert program.get("complaints/B26-999999").status_code == 404
    assert AccessLog.objects.count() == 1


def test_looking_at_one_is_recorded_as_on_its_page() -> None:
    row = make_row()
    user = make_person(Role.OFFICER)
    program = program_of(user)
    found = program.read(f"complaints/{row.number}")
    record = AccessLog.objects.get()
    assert (record.user, record.action, record.subject, record.reason) == (user, "view", row.number, "API: dashboard")
    assert found["author"] == "@haeundae"
    assert found["url"].endswith(f"/admin/complaints/complaint/{row.pk}/change/")


def test_names_and_numbers_are_masked_for_who_needs_none() -> None:
    row = make_row("제 번호는 010-1234-5678 입니다")
    found = program_of(make_person(Role.MANAGER)).read(f"complaints/{row.number}")
    assert found["author"] == "@h***"
    assert "1234" not in found["text"]
    assert "1234" in program_of(make_person(Role.OFFICER)).read(f"complaints/{row.number}")["text"]


def test_a_department_that_was_only_asked_reads_it_masked_as_on_the_page() -> None:
    holder, asked = make_department("꽃길과"), make_department("바람과")
    row = make_row("제 번호는 010-1234-5678 입니다", status="IN_PROGRESS", department=holder)
    Consultation.objects.create(
        complaint=row, number=1, holder=holder, department=asked, wish="OPINION", question="어디 소관입니까?",
        asked_at=timezone.now(), asked_by=make_person(Role.STAFF, holder), due_at=row.due_at,
    )  # fmt: skip
    found = program_of(make_person(Role.STAFF, asked)).read(f"complaints/{row.number}")
    assert (found["author"], "1234" in found["text"]) == ("@h***", False)
    assert "1234" in program_of(make_person(Role.STAFF, holder)).read(f"complaints/{row.number}")["text"]


def test_the_list_says_nothing_that_a_citizen_wrote() -> None:
    row = make_row("비밀스러운 이야기")
    answer = program_of(make_person(Role.OFFICER)).get("complaints").content.decode()
    assert row.number in answer
    assert "비밀" not in answer
    assert "haeundae" not in answer


def test_both_clocks() -> None:
    now = timezone.now()
    urgent = make_row(due_at=now + timedelta(days=3), emergency_due_at=now - timedelta(minutes=5), priority="URGENT")
    stopped = make_row(status="ON_HOLD", held_from="TRIAGED", stopped_at=now, due_at=now + timedelta(days=1))
    done = make_row(status="COMPLETED", answered_at=now)
    program = program_of(make_person(Role.OFFICER))
    legal, emergency = program.read(f"complaints/{urgent.number}")["clocks"]
    assert (legal["clock"], legal["state"]) == ("legal", "runs")
    assert legal["wall_seconds_left"] > legal["working_seconds_left"] > 0
    assert (emergency["clock"], emergency["state"]) == ("emergency", "late")
    assert emergency["wall_seconds_left"] <= -300
    assert program.read(f"complaints/{stopped.number}")["clocks"][0]["state"] == "stopped"
    over = program.read(f"complaints/{done.number}")["clocks"][0]
    assert (over["state"], over["wall_seconds_left"], over["working_seconds_left"]) == ("over", None, None)


def test_narrowing() -> None:
    now, office = timezone.now(), make_department()
    late = make_row(due_at=now - timedelta(hours=1), status="ASSIGNED", department=office)
    closed = make_row(status="DISMISSED", received_at=now - timedelta(days=9))
    urgent = make_row(priority="URGENT", legal_kind="GRIEVANCE")
    program = program_of(make_person(Role.MANAGER))
    day = timezone.localtime(now - timedelta(days=9)).date()
    assert numbers(program, "late=true") == [late.number]
    assert set(numbers(program, "late=false")) == {closed.number, urgent.number}
    assert set(numbers(program, "status=open")) == {late.number, urgent.number}
    assert numbers(program, "status=DISMISSED") == [closed.number]
    assert numbers(program, f"department={office.pk}&status=open") == [late.number]
    assert numbers(program, "priority=URGENT&legal_kind=GRIEVANCE") == [urgent.number]
    assert numbers(program, f"received_from={day}&received_to={day}") == [closed.number]
    assert len(numbers(program, f"account={late.account_id}")) == 3
    assert numbers(program, "district=9223372036854775807") == []


def test_page_by_page_nothing_is_left_out_or_told_twice() -> None:
    at = timezone.now()
    rows = [make_row(received_at=at if number % 2 else at - timedelta(hours=1)) for number in range(7)]
    program, seen, address = program_of(make_person(Role.OFFICER)), [], "complaints?size=2"
    while address:
        found = program.read(address)
        seen += [each["number"] for each in found["complaints"]]
        address = (found["next"] or "").partition("/api/v1/")[2]
    assert len(seen) == len(set(seen)) == len(rows)


@pytest.mark.parametrize(
    "query",
    ["status=X", "department=1x", "department=0", "department=99999999999999999999", "account=%00", "size=1000",
     "received_from=gestern", "priority=HIGH", "q=a", "department=1%20OR%201=1", "late=perhaps", "status=open&status=X",
     "received_to=9999-12-31"],
)  # fmt: skip
def test_nonsense_is_refused(query: str) -> None:
    assert program_of(make_person(Role.OFFICER)).get(f"complaints?{query}").status_code == 400


@pytest.mark.parametrize(
    "typed",
    [b"", b"x", b"2026-13-01 1", b"2026-11-01T00:00:00 1", b"2026-11-01T00:00:00+09:00", b"2026-11-01T00:00:00+09:00 x",
     b"2026-11-01T00:00:00+09:00 0", b"2026-11-01T00:00:00+09:00 99999999999999999999", b"\xff\xff", b"1 " + b"9" * 99],
)  # fmt: skip
def test_a_cursor_that_no_page_gave_is_refused(typed: bytes) -> None:
    cursor = urlsafe_b64encode(typed).decode() if typed else "%00"
    answer = program_of(make_person(Role.OFFICER)).get(f"complaints?cursor={cursor}")
    assert (answer.status_code, answer.json()["parameters"]) == (400, ["cursor"])


def test_history_and_replies_without_notes_and_drafts() -> None:
    office, officer = make_department(), make_person(Role.OFFICER)
    row = make_row(status="IN_PROGRESS", department=office)
    ComplaintEvent.objects.create(complaint=row, move="assign", at=row.received_at, by=officer, note="비밀 메모")
    now = timezone.now()
    for number, state in enumerate(("SENT", "DRAFT", "RECALLED"), 1):
        row.replies.create(
            number=number, text=f"답 {state}", state=state, drafted_by=officer, drafted_at=now, approved_by=officer,
            approved_at=now, kind="NOTICE",
        )  # fmt: skip
    answer = program_of(officer).get(f"complaints/{row.number}")
    assert [each["text"] for each in answer.json()["replies"]] == ["답 SENT"]
    assert [(each["move"], each["by_person"]) for each in answer.json()["history"]] == [("assign", True)]
    assert "메모" not in answer.content.decode()


def test_of_a_private_answer_programs_learn_only_that_it_is_there() -> None:
    row, officer, now = (
        make_row(status="IN_PROGRESS", department=make_department()),
        make_person(Role.OFFICER),
        timezone.now(),
    )
    row.replies.create(
        number=1,
        text="둘만의 이야기",
        private=True,
        state="SENT",
        drafted_by=officer,
        drafted_at=now,
        approved_by=officer,
        approved_at=now,
    )
    (told,) = program_of(officer).read(f"complaints/{row.number}")["replies"]
    assert (told["private"], told["text"], told["state"]) == (True, "", "SENT")


def test_the_list_costs_as_many_queries_for_many() -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    program = program_of(make_person(Role.OFFICER))
    make_row()
    program.read("complaints")
    counts = []
    for _time in range(2):
        with CaptureQueriesContext(connection) as captured:
            program.read("complaints")
        counts.append(len(captured))
        for _row in range(5):
            make_row()
    assert counts[0] == counts[1] <= 7


def test_accounts_are_for_administrators_and_say_no_secret() -> None:
    account = make_row().account
    type(account).objects.update(secrets="geheim", failures=5)
    answer = program_of(make_person(Role.ADMINISTRATOR)).get("accounts")
    [found] = answer.json()["accounts"]
    assert (found["network"], found["tone"], found["failures"]) == ("x", "bad", 5)
    assert "geheim" not in answer.content.decode()
    assert program_of(make_person(Role.OFFICER)).get("accounts").status_code == 403


def test_departments_with_those_that_have_ended() -> None:
    old = make_department("옛과", active_to="2020-01-01", successor=make_department("새과"))
    found = program_of(make_person(Role.STAFF)).read("departments")["departments"]
    ended = next(each for each in found if each["id"] == old.pk)
    assert (ended["active_to"], ended["successor"]) == ("2020-01-01", old.successor_id)
    assert Complaint.objects.count() == 0
