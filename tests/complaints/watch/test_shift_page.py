"""One page at the change of shift: what burns, what is due, what is unsure, and a note that is taken over once."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from channels_sns.models import OutboundPost
from complaints import shifts
from complaints.models import Complaint, Reply, ShiftNote, TypedText
from complaints.watch import shift
from departments.models import OnCall, Role
from departments.working_time import LEGAL_WEEK, Calendar
from tests.complaints.admin.desk import client_of, make_row
from tests.make import make_department, make_person, make_promise

pytestmark = pytest.mark.django_db
SHIFT = "/admin/shift/"
SEOUL = ZoneInfo("Asia/Seoul")
HOUR = timedelta(hours=1)


def page(client: Client) -> str:
    answer = client.get(SHIFT)
    assert answer.status_code == 200
    return answer.content.decode()


def part(shown: str, name: str) -> str:
    """One section of the page."""
    return shown.split(f'id="{name}"', 1)[1].split("</section>", 1)[0]


def key_of(shown: str) -> str:
    found = re.search(r'name="key" value="([0-9a-f-]{36})"', shown)
    assert found
    return found[1]


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-11-24T22:00", "2026-11-25T09:00"),
        ("2026-11-24T08:50", "2026-11-25T09:00"),
        ("2026-11-27T18:00", "2026-11-30T09:00"),
    ],
)
def test_the_shift_ends_when_the_desk_opens_again(now: str, until: str) -> None:
    at = datetime.fromisoformat(now).replace(tzinfo=SEOUL)
    assert shift.opens_again(at, Calendar(LEGAL_WEEK)) == datetime.fromisoformat(until).replace(tzinfo=SEOUL)


def make_evening() -> dict[str, Complaint]:
    """One of everything."""
    now, tour = timezone.now(), make_department()
    made = {
        "urgent": make_row("불이 났어요", priority="URGENT", emergency_due_at=now, due_at=now + 900 * HOUR),
        "unassigned": make_row("누가 볼까요", due_at=now + 900 * HOUR),
        "due": make_row("곧 기한", status="IN_PROGRESS", department=tour, due_at=now + HOUR),
        "interim": make_row("오래된 민원", status="ASSIGNED", department=tour, received_at=now - 24 * 40 * HOUR),
        "drafts": make_row("쓰다 만 답변", status="IN_PROGRESS", department=tour, due_at=now + 900 * HOUR),
        "later": make_row("한참 뒤", status="ASSIGNED", department=tour, due_at=now + 900 * HOUR),
        "promises": make_row(status="COMPLETED", department=tour, closed_at=now),
    }
    make_promise(made["promises"], "바꾸겠습니다", due_at=now - HOUR)
    make_promise(made["promises"], "나중에 하겠습니다", due_at=now + 900 * HOUR)
    writer = make_person(Role.STAFF, tour, last_name="", first_name="쓰던이")
    Reply.objects.create(complaint=made["drafts"], number=1, text="아직 덜 쓴", drafted_by=writer, drafted_at=now)
    TypedText.objects.create(complaint=made["later"], user=writer, field="reply", text="남몰래 쓰던 글", saved_at=now)
    return made


def make_unsure(complaint: Complaint, **values: Any) -> OutboundPost:
    known: dict[str, Any] = {"id": uuid4(), "key": str(uuid4()), "text": "고쳤습니다", "state": "UNSURE"}
    known |= {"account": complaint.account, "text_sha256": "0", "created_at": timezone.now()}
    return OutboundPost.objects.create(**(known | values))


def test_every_section_shows_what_belongs_there_and_nothing_else() -> None:
    made = make_evening()
    make_unsure(made["urgent"])
    officer = make_person(Role.OFFICER, last_name="", first_name="당직자")
    now = timezone.now()
    OnCall.objects.create(user=officer, begins_at=now - HOUR, ends_at=now + HOUR, phone="내선 1234")
    OnCall.objects.create(user=make_person(Role.OFFICER), begins_at=now - 9 * HOUR, ends_at=now - HOUR)
    shown = page(client_of(officer))
    for name in ("urgent", "unassigned", "due", "interim", "drafts"):
        assert made[name].number in part(shown, name), name
    assert made["later"].number in part(shown, "drafts")
    assert "남몰래" not in shown
    for name in ("urgent", "unassigned", "due", "interim"):
        assert made["later"].number not in part(shown, name), name
    assert ("바꾸겠습니다" in part(shown, "promises"), "나중에" in shown) == (True, False)
    assert "고쳤습니다" in part(shown, "unsure")
    assert shown.count("내선 1234") == 1
    assert "쓰던이" in part(shown, "drafts")


def test_an_empty_desk_says_so() -> None:
    shown = page(client_of(make_person(Role.OFFICER)))
    assert "당직자가 없습니다" in shown
    assert shown.count("없습니다.") >= 8


def test_a_long_section_says_how_many_more_and_the_queries_do_not_grow() -> None:
    client, made = client_of(make_person(Role.OFFICER)), make_evening()
    make_unsure(made["urgent"])

    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            client.get(SHIFT)
        return len(caught)

    page(client)
    before = queries()
    for _number in range(25):
        make_row(priority="URGENT", emergency_due_at=timezone.now())
        make_promise(made["promises"], due_at=timezone.now())
        make_unsure(made["urgent"])
    assert queries() == before
    assert "외 6건" in part(page(client), "urgent")


def test_a_note_is_kept_once_and_taken_over_once_by_another() -> None:
    last, following, third = (make_person(Role.OFFICER) for _number in range(3))
    mine = client_of(last)
    form = {"key": key_of(page(mine)), "note": "  내일 기자 문의 예정  "}
    for _click in range(2):
        assert mine.post(f"{SHIFT}note/", form)["Location"] == SHIFT
    note = ShiftNote.objects.get()
    assert (note.text, note.author, note.taken_by) == ("내일 기자 문의 예정", last, None)
    assert 'name="up_to"' not in page(mine)
    mine.post(f"{SHIFT}taken/", {"up_to": note.pk})
    shown = page(client_of(following))
    assert ("내일 기자 문의 예정" in shown, f'value="{note.pk}"' in shown) == (True, True)
    client_of(following).post(f"{SHIFT}taken/", {"up_to": note.pk})
    answer = client_of(third).post(f"{SHIFT}taken/", {"up_to": note.pk}, follow=True)
    assert "이미 다른 담당관이 인수했거나" in answer.content.decode()
    note.refresh_from_db()
    assert (note.taken_by, note.taken_at is None) == (following, False)


def test_a_note_that_came_after_the_page_was_shown_is_not_taken_over() -> None:
    last, following = (make_person(Role.OFFICER) for _number in range(2))
    first, second = (shifts.write(uuid4(), text, by=last, now=timezone.now()) for text in ("하나", "둘"))
    assert shifts.take_over(up_to=first.pk, by=following, now=timezone.now()) == 1
    second.refresh_from_db()
    assert second.taken_at is None


@pytest.mark.parametrize("key", ["", "x", str(UUID(int=0))])
def test_an_empty_note_is_asked_for_again_and_a_strange_key_does_no_harm(key: str) -> None:
    client = client_of(make_person(Role.OFFICER))
    assert client.post(f"{SHIFT}note/", {"key": key, "note": " "}).status_code == 400
    assert client.post(f"{SHIFT}note/", {"key": key, "note": "메모\x00 <b>"}).status_code == 302
    assert "&lt;b&gt;" in page(client)


def test_nobody_takes_over_his_own_note_and_no_note_is_empty() -> None:
    last, now = make_person(Role.OFFICER), timezone.now()
    note = shifts.write(uuid4(), "메모", by=last, now=now)
    for values in ({"taken_by": last, "taken_at": now}, {"taken_at": now}, {"text": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ShiftNote.objects.filter(pk=note.pk).update(**values)
