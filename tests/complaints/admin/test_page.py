"""The complaint page: what it shows, its steps, and that neither haste nor malice gets through."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from channels_sns.models import InboundMedia, InboundPost, PostVersion
from complaints import workflow
from complaints.models import AccessLog, Complaint, ComplaintEvent, Reply, Suggestion
from departments.models import Agency, Department, Role
from tests.complaints.admin.desk import client_as, client_of, make_photo, make_row, page_of
from tests.make import make_department, make_person
from tests.shared_material import shared

pytestmark = pytest.mark.django_db


def show(client: Client, complaint: Complaint) -> str:
    answer = client.get(page_of(complaint))
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    return answer.content.decode()


def take(client: Client, complaint: Complaint, move: str, **fields: Any) -> Any:
    data = {"version": complaint.version, **fields}
    return client.post(page_of(complaint, "move", move), data)


def test_the_page_shows_the_post_as_the_citizen_sees_it() -> None:
    complaint = make_row("영화의전당 안내판 https://busan.go.kr/x", handle="movie_fan")
    photo = make_photo(complaint, alt="틀린 안내판")
    page = show(client_as(Role.OFFICER), complaint)
    assert "@movie_fan" in page
    assert '<a href="https://busan.go.kr/x" rel="noopener nofollow"' in page
    assert f"/media/photo/{photo}/large/" in page
    assert 'alt="틀린 안내판"' in page
    assert 'href="https://x.example/1"' in page


@pytest.mark.parametrize(("handle", "name", "shown"), [("fan", "김시민", 1), ("", "김시민", 0), ("kim", "kim", 0)])
def test_a_second_name_is_said_where_there_is_one(handle: str, name: str, shown: int) -> None:
    page = show(client_as(Role.OFFICER), make_row(handle=handle, author_name=name))
    assert page.count(f'<span class="quiet"><bdi>{name}</bdi></span>') == shown


def test_the_buttons_are_exactly_the_moves() -> None:
    mine = make_department()
    people = {role: make_person(role, mine if role in (Role.STAFF, Role.HEAD) else None) for role in Role}
    for status in ("RECEIVED", "TRIAGED", "ASSIGNED", "IN_PROGRESS", "COMPLETED"):
        complaint = make_row(status=status, department=mine)
        for role in (Role.OFFICER, Role.STAFF, Role.HEAD, Role.MANAGER, Role.AUDITOR):
            page = show(client_of(people[role]), complaint)
            offered = set(re.findall(rf"{complaint.pk}/move/([a-z_]+)/", page))
            moves = {move.name for move in workflow.moves_for(complaint, people[role])}
            assert offered == moves - {"answer", "complete"}, (status, role)


def test_the_earlier_complaint_is_one_click_away_for_who_may_see_it() -> None:
    mine = make_department()
    earlier = make_row("가로등", status="COMPLETED")
    complaint = make_row("또 꺼졌습니다", status="ASSIGNED", department=mine, earlier=earlier)
    link = f'href="{page_of(earlier)}"'
    assert link in show(client_as(Role.OFFICER), complaint)
    assert link not in show(client_as(Role.STAFF, mine), complaint)


def test_a_suggestion_assigns_with_one_click() -> None:
    complaint, tour = make_row("영화의전당"), make_department("관광정책과")
    Suggestion.objects.create(complaint=complaint, department=tour, rank=1, score=0.9, words=["영화의전당"])
    officer = client_as(Role.OFFICER)
    assert "“영화의전당”" in show(officer, complaint)
    answer = take(officer, complaint, "assign", department=tour.pk, note="빨리 부탁합니다")
    assert answer.status_code == 302
    complaint.refresh_from_db()
    assert (complaint.status, complaint.department) == ("ASSIGNED", tour)
    assert "빨리 부탁합니다" in show(officer, complaint)


def test_a_double_click_happens_once_and_the_slower_one_learns_who_was_faster() -> None:
    complaint, tour, road = make_row(), make_department("관광정책과"), make_department("도로계획과")
    fast = make_person(Role.OFFICER, last_name="김", first_name="민지")
    assert take(client_of(fast), complaint, "assign", department=tour.pk).status_code == 302
    slow = take(client_as(Role.OFFICER), complaint, "assign", chosen_department=road.pk, note="제 메모")
    assert slow.status_code == 409
    page = slow.content.decode()
    assert "김민지" in page
    assert "제 메모" in page
    complaint.refresh_from_db()
    assert complaint.department == tour
    assert ComplaintEvent.objects.filter(complaint=complaint, move="assign").count() == 1


@pytest.mark.parametrize("typed", ["", "x", "9" * 30, "-1", "0"])
def test_a_department_that_is_none_is_refused_in_words(typed: str) -> None:
    complaint = make_row()
    answer = take(client_as(Role.OFFICER), complaint, "assign", department=typed, note="제 메모")
    assert answer.status_code == 400
    assert 'role="alert"' in answer.content.decode()
    assert "제 메모" in answer.content.decode()


def test_an_ended_department_or_agency_cannot_be_chosen() -> None:
    complaint = make_row()
    ended = make_department("옛 부서", active_to="2012-01-01")
    agency = Agency.objects.create(code="old", name="옛 기관", active_to="2012-01-01")
    officer = client_as(Role.OFFICER)
    assert take(officer, complaint, "assign", department=ended.pk).status_code == 400
    assert take(officer, complaint, "transfer", agency=agency.pk, reason="x").status_code == 400


def test_a_move_that_is_not_offered_is_refused() -> None:
    complaint = make_row()
    for role in (Role.MANAGER, Role.AUDITOR):
        assert take(client_as(role), complaint, "assign", department=make_department().pk).status_code == 409
    for move in ("complete", "answer", "nonsense", "_move"):
        assert take(client_as(Role.OFFICER), complaint, move).status_code == 409
    complaint.refresh_from_db()
    assert complaint.status == "RECEIVED"


def pages_of(complaint: Complaint) -> list[tuple[str, str]]:
    return [
        ("get", page_of(complaint)),
        ("post", page_of(complaint, "move", "assign")),
        ("post", page_of(complaint, "reply")),
        ("post", page_of(complaint, "measure")),
        ("post", page_of(complaint, "note")),
        ("post", page_of(complaint, "seen")),
    ]


@pytest.mark.parametrize("role", [Role.STAFF, Role.HEAD, Role.ADMINISTRATOR])
def test_a_foreign_complaint_does_not_exist_and_reaching_for_it_is_recorded(role: Role) -> None:
    complaint = make_row(status="ASSIGNED", department=make_department("도로계획과"))
    client = client_as(role, make_department("관광정책과") if role is not Role.ADMINISTRATOR else None)
    for method, path in pages_of(complaint):
        before = AccessLog.objects.count()
        assert getattr(client, method)(path, {"department": 1, "text": "x"}).status_code == 404
        assert AccessLog.objects.count() == before + 1
    complaint.refresh_from_db()
    assert complaint.version == 1


def test_a_complaint_that_moved_on_leaves_the_departments_sight() -> None:
    mine, other = make_department("관광정책과"), make_department("도로계획과")
    complaint = make_row(status="ASSIGNED", department=mine)
    staff = client_as(Role.STAFF, mine)
    show(staff, complaint)
    take(client_as(Role.OFFICER), complaint, "assign", department=other.pk)
    assert staff.get(page_of(complaint)).status_code == 404


def test_looking_writes_only_the_record() -> None:
    complaint = make_row()
    client = client_as(Role.OFFICER)
    with CaptureQueriesContext(connection) as queries:
        show(client, complaint)
    written = [q["sql"] for q in queries if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert [sql for sql in written if "accesslog" not in sql and "presence" not in sql] == []
    assert AccessLog.objects.filter(subject=complaint.number).count() == 1


def test_the_doors_that_write_show_the_page_to_who_only_looks() -> None:
    """After a log-in that was due meanwhile the browser comes by GET: nothing is done, the complaint is shown."""
    complaint = make_row()
    client = client_as(Role.OFFICER)
    for _method, path in pages_of(complaint)[1:]:
        answer = client.get(path)
        if path.endswith("/measure/"):
            assert answer.status_code == 405
        else:
            assert (answer.status_code, answer["Location"]) == (302, page_of(complaint))
    assert not complaint.events.exists()


def test_the_number_of_queries_does_not_grow_with_the_thread() -> None:
    complaint = make_row()
    client = client_as(Role.OFFICER)
    show(client, complaint)
    with CaptureQueriesContext(connection) as few:
        show(client, complaint)
    first = complaint.thread.get().post
    for number in range(8):
        post = InboundPost.objects.create(
            account=first.account,
            external_id=f"more{number}",
            kind="reply",
            state="REGISTERED",
            author=first.author,
            text="추가",
            posted_at=timezone.now(),
            arrived_at=timezone.now(),
        )
        complaint.thread.create(post=post, joined_at=timezone.now())
        PostVersion.objects.create(post=post, account=first.account, external_id="v", text="전", seen_at=timezone.now())
    with CaptureQueriesContext(connection) as many:
        show(client, complaint)
    assert len(many) == len(few)


def test_deleted_edited_and_missing_are_said() -> None:
    complaint = make_row()
    post = complaint.thread.get().post
    InboundPost.objects.filter(pk=post.pk).update(gone_at=timezone.now(), edited_at=timezone.now())
    make_photo(complaint)
    InboundMedia.objects.update(state="REFUSED")
    page = show(client_as(Role.OFFICER), complaint)
    assert "notice-warn" in page
    assert "photo-missing" in page
    assert "/large/" not in page


def test_the_citys_replies_stand_in_the_thread_with_their_state() -> None:
    complaint = make_row(status="IN_PROGRESS", department=make_department())
    writer = make_person(Role.STAFF, complaint.department)
    for number, state in enumerate(["SENT", "FAILED", "RECALLED", "UNSURE"], start=1):
        Reply.objects.create(
            complaint=complaint,
            number=number,
            text=f"답변 {number}",
            state=state,
            drafted_by=writer,
            drafted_at=timezone.now(),
            approved_by=writer,
            approved_at=timezone.now(),
            url="javascript:alert(1)",
            problem="거절" if state == "FAILED" else "",
        )
    page = show(client_as(Role.OFFICER), complaint)
    for state in ("SENT", "FAILED", "RECALLED", "UNSURE"):
        assert f"badge-{state}" in page
    assert "javascript:alert" not in page
    assert "거절" in page


def hostile_lines() -> list[str]:
    lines: list[str] = []
    for file in sorted(shared("corpora", "payloads").glob("xss-*.txt")):
        lines += file.read_text(encoding="utf-8", errors="replace").splitlines()[:40]
    return lines


def test_hostile_text_stays_text_everywhere() -> None:
    """The lists as post, author, permalink, note and reply: no tag, no handler, no scheme of theirs is alive."""
    officer, lines = client_as(Role.OFFICER), hostile_lines()
    text = "\n".join(line.replace("\x00", "") for line in lines)[:60_000]
    complaint = make_row(text, handle=lines[0][:200], author_name=lines[1][:200], permalink="java\tscript:alert(1)")
    ComplaintEvent.objects.create(complaint=complaint, move="note", at=timezone.now(), note=text)
    page = show(officer, complaint)
    body = page.split("<main", 1)[1]
    assert re.findall(r"<(?:script|iframe|svg/|img src=x|object|embed|style|math|video|audio)\b", body) == []
    assert re.findall(r"<[a-z]+[^>]*\son[a-z]+\s*=", body) == []
    for href in re.findall(r'(?:href|src|action)="([^"]*)"', body):
        assert href.startswith(("/", "#", "?", "http://", "https://")), href


def test_a_reply_is_drafted_kept_and_measured() -> None:
    mine = make_department()
    complaint = make_row(status="IN_PROGRESS", department=mine)
    staff = client_as(Role.STAFF, mine)
    page = show(staff, complaint)
    assert 'value="draft"' in page
    answer = staff.post(
        page_of(complaint, "reply"), {"version": complaint.version, "text": "확인하겠습니다.", "action": "draft"}
    )
    assert answer.status_code == 302
    assert "확인하겠습니다." in show(staff, complaint)
    measured = staff.post(page_of(complaint, "measure"), {"text": "가" * 400}).json()
    assert measured["over"]


def test_staff_may_not_approve_and_a_head_may() -> None:
    mine = make_department()
    complaint = make_row(status="IN_PROGRESS", department=mine)
    typed = {"version": complaint.version, "text": "고쳤습니다.", "action": "approve"}
    assert client_as(Role.STAFF, mine).post(page_of(complaint, "reply"), typed).status_code in (400, 403, 409)
    complaint.refresh_from_db()
    assert complaint.status == "IN_PROGRESS"
    page = show(client_as(Role.STAFF, mine), complaint)
    assert 'value="approve"' not in page
    head = client_as(Role.HEAD, mine)
    assert 'value="approve"' in show(head, complaint)
    typed["version"] = complaint.version
    assert head.post(page_of(complaint, "reply"), typed).status_code == 302
    complaint.refresh_from_db()
    assert complaint.status == "ANSWERED"


def test_a_browser_asks_for_a_photo_every_time() -> None:
    """What it kept is of no use to whoever sits down there after the log-out."""
    mine: Department = make_department()
    photo = make_photo(make_row(status="ASSIGNED", department=mine))
    client, address = client_as(Role.STAFF, mine), f"/media/photo/{photo}/large/"
    answer = client.get(address)
    assert answer.headers["Cache-Control"] == "private, no-cache"
    seen = {"If-None-Match": answer.headers["ETag"]}
    assert list(answer.streaming_content)  # type: ignore[attr-defined]
    again = client.get(address, headers=seen)
    assert (again.status_code, again.content, again.headers["Cache-Control"]) == (304, b"", "private, no-cache")
    changed = client.get(address, headers={"If-None-Match": '"another"'})
    assert changed.status_code == 200
    assert list(changed.streaming_content)  # type: ignore[attr-defined]
    assert AccessLog.objects.filter(action="photo").count() == 3
    client.logout()
    assert client.get(address, headers=seen).status_code == 404


def test_an_empty_reply_is_refused() -> None:
    mine = make_department()
    complaint = make_row(status="IN_PROGRESS", department=mine)
    typed = {"version": complaint.version, "text": "  ", "action": "draft"}
    assert client_as(Role.HEAD, mine).post(page_of(complaint, "reply"), typed).status_code == 400


def test_a_photo_is_for_who_may_see_the_complaint() -> None:
    mine: Department = make_department()
    complaint = make_row(status="ASSIGNED", department=mine)
    photo = make_photo(complaint)
    small, large = (f"/media/photo/{photo}/{size}/" for size in ("small", "large"))
    answer = client_as(Role.STAFF, mine).get(large)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "private" in answer.headers["Cache-Control"]
    assert b"".join(answer.streaming_content).startswith(b"\xff\xd8")  # type: ignore[attr-defined]
    for client in (Client(), client_as(Role.STAFF, make_department("다른 과")), client_as(Role.ADMINISTRATOR)):
        assert client.get(small).status_code == 404
        assert client.get(large).status_code == 404
    officer = client_as(Role.OFFICER)
    assert officer.get(f"/media/photo/{photo}/original/").status_code == 404
    assert officer.get("/media/photo/00000000-0000-4000-8000-000000000000/small/").status_code == 404
    assert officer.get(f"/media/photo/..%2f{photo}/small/").status_code == 404
    assert officer.post(small).status_code == 405
    InboundMedia.objects.update(file="photos/none.jpg")
    assert officer.get(large).status_code == 404


def test_the_working_calendar_is_read_once() -> None:
    complaint = make_row(status="IN_PROGRESS", department=make_department(), accepted_at=timezone.now())
    officer = client_as(Role.OFFICER)
    with CaptureQueriesContext(connection) as queries:
        show(officer, complaint)
    assert sum("departments_officehours" in one["sql"] for one in queries) == 1
