"""The triage desk over HTTP: the queue and its order, one complaint open, steps that lead to the next, two officers."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from complaints.desk import keys
from complaints.desk import list as queues
from complaints.models import AccessLog, Complaint, Presence, Suggestion, TypedText
from complaints.pages import presence
from departments.models import Place, Role
from tests.complaints.admin.desk import client_as, client_of, make_photo, make_row
from tests.make import make_department, make_district, make_person

pytestmark = pytest.mark.django_db

DESK = "/admin/desk/"
HTMX = {"HX-Request": "true", "HX-Target": "item"}


def numbers(client: Client, **query: Any) -> list[str]:
    """The receipt numbers of the list, in its order."""
    answer = client.get(DESK, query)
    assert answer.status_code == 200
    return [line.row.number for line in answer.context["list"].lines]


def look(client: Client, complaint: Complaint, **query: Any) -> str:
    answer = client.get(f"{DESK}{complaint.number}/", query)
    assert answer.status_code == 200
    return answer.content.decode()


def take(client: Client, complaint: Complaint, move: str, *, query: str = "", **fields: Any) -> Any:
    return client.post(f"{DESK}{complaint.number}/move/{move}/{query}", {"version": complaint.version, **fields})


def in_order(count: int, **fields: Any) -> list[Complaint]:
    """Complaints that came one after the other."""
    now = timezone.now() - timedelta(hours=1)
    return [make_row(received_at=now + timedelta(minutes=minute), **fields) for minute in range(count)]


def test_what_waits_stands_in_the_order_of_its_coming_and_urgent_before_all() -> None:
    first, second = in_order(2)
    back = make_row(status="TRIAGED", received_at=timezone.now() - timedelta(minutes=1))
    urgent = make_row(priority="URGENT", received_at=timezone.now())
    make_row(status="ASSIGNED", department=make_department())
    officer = client_as(Role.OFFICER)
    assert numbers(officer) == [urgent.number, first.number, second.number, back.number]
    assert len(numbers(officer, tab="all")) == 5


def test_filters_and_search_stand_in_the_address_and_lead_on() -> None:
    beach = make_district("해운대구")
    here, there = make_row("포트홀이 있어요", district=beach), make_row("가로등이 꺼졌어요")
    officer = client_as(Role.OFFICER)
    assert numbers(officer, district=beach.pk) == [here.number]
    assert numbers(officer, q="") == numbers(officer, district="x';--", tab="nonsense", p="-1")
    page = look(officer, here, tab="all", district=beach.pk)
    assert f"{DESK}{here.number}/?tab=all&amp;district={beach.pk}" in page
    assert there.number not in page
    answer = take(officer, here, "dismiss", query=f"?district={beach.pk}", reason="광고")
    assert (answer.status_code, answer["Location"]) == (303, f"{DESK}?district={beach.pk}")


def test_a_complaint_is_found_by_its_number_and_by_its_id_and_the_reader_is_recorded() -> None:
    complaint = make_row("영화의전당 안내판 https://busan.go.kr/x")
    photo = make_photo(complaint)
    officer = client_as(Role.OFFICER)
    page = look(officer, complaint)
    assert officer.get(f"{DESK}{complaint.pk}/").status_code == 200
    assert officer.get(f"{DESK}{complaint.number.lower()}/").status_code == 200
    assert f"/media/photo/{photo}/large/" in page
    assert '<a href="https://busan.go.kr/x" rel="noopener nofollow"' in page
    assert AccessLog.objects.filter(subject=complaint.number, action="view").count() == 3
    for unknown in ("999999", "B99-000000-0", "9" * 30, "x"):
        assert officer.get(f"{DESK}{unknown}/").status_code == 404


@pytest.mark.parametrize("role", [Role.STAFF, Role.HEAD, Role.MANAGER, Role.AUDITOR, Role.ADMINISTRATOR])
def test_the_desk_is_for_officers(role: Role) -> None:
    mine = make_department()
    complaint = make_row(status="ASSIGNED", department=mine)
    person = client_as(role, mine if role in (Role.STAFF, Role.HEAD) else None)
    assert person.get(DESK).status_code == 403
    assert person.get(f"{DESK}{complaint.number}/").status_code == 403
    assert take(person, complaint, "start").status_code == 403
    assert not Presence.objects.exists()


def test_after_an_assignment_the_next_one_opens_and_after_the_last_the_first_that_is_left() -> None:
    first, second, third = in_order(3)
    tour, officer = make_department(), client_as(Role.OFFICER)
    for done, then in ((second, third), (third, first)):
        answer = take(officer, done, "assign", department=tour.pk)
        assert (answer.status_code, answer["Location"]) == (303, f"{DESK}{then.number}/")
    answer = take(officer, first, "assign", department=tour.pk)
    assert answer["Location"] == DESK
    assert set(Complaint.objects.values_list("status", flat=True)) == {"ASSIGNED"}


def test_an_undo_leads_back_to_the_complaint() -> None:
    complaint, _other = in_order(2)
    officer, tour = client_as(Role.OFFICER), make_department()
    take(officer, complaint, "assign", department=tour.pk)
    page = officer.get(DESK)
    assert page.context["last"].complaint == complaint
    complaint.refresh_from_db()
    answer = take(officer, complaint, "undo")
    assert (answer.status_code, answer["Location"]) == (303, f"{DESK}{complaint.number}/")
    complaint.refresh_from_db()
    assert (complaint.status, complaint.department) == ("TRIAGED", None)
    assert officer.get(DESK).context["last"] is None


def test_the_parts_for_htmx_carry_the_address_and_what_was_said() -> None:
    complaint, following = in_order(2)
    officer, tour = client_as(Role.OFFICER), make_department()
    answer = officer.post(
        f"{DESK}{complaint.number}/move/assign/?tab=wait",
        {"version": complaint.version, "department": tour.pk},
        headers=HTMX,
        follow=True,
    )
    part = answer.content.decode()
    assert "<html" not in part
    assert answer.headers["HX-Push-Url"] == f"{DESK}{following.number}/"
    assert f'data-done="{complaint.number}"' in part
    assert "HX-Request" in answer.headers["Vary"]
    lines = officer.get(DESK, headers={"HX-Request": "true", "HX-Target": "list"}).content.decode()
    assert "<html" not in lines
    assert re.findall(r'data-number="([^"]+)"', lines) == [following.number]
    again = officer.get(f"{DESK}{following.number}/", headers=HTMX | {"HX-History-Restore-Request": "true"})
    assert b"<html" in again.content


def test_the_slower_officer_sees_what_happened_and_keeps_what_was_typed() -> None:
    complaint, tour = make_row(), make_department("관광정책과")
    fast = make_person(Role.OFFICER, last_name="김", first_name="민지")
    take(client_of(fast), complaint, "assign", department=tour.pk)
    slow = take(client_as(Role.OFFICER), complaint, "dismiss", reason="광고로 보입니다")
    page = slow.content.decode()
    assert slow.status_code == 409
    assert "김민지" in page
    assert "광고로 보입니다" in page
    assert "관광정책과" in page
    assert take(client_as(Role.OFFICER), make_row(), "dismiss", reason=" ").status_code == 400


def test_urgent_is_a_key_and_goes_back() -> None:
    complaint, officer = make_row(), client_as(Role.OFFICER)
    address = f"{DESK}{complaint.number}/urgent/"
    assert officer.post(address, {"version": 1, "urgent": "yes"}).status_code == 303
    assert officer.post(address, {"version": 1, "urgent": "no"}).status_code == 409
    assert officer.post(address, {"version": 2, "urgent": "no"}).status_code == 303
    assert list(complaint.events.values_list("move", flat=True)) == ["urgent", "calm"]


def test_two_officers_see_each_other_and_get_different_ones() -> None:
    first, second, third = in_order(3)
    minji, seojun = (make_person(Role.OFFICER, last_name="", first_name=name) for name in ("민지", "서준"))
    look(client_of(minji), second)
    page = look(client_of(seojun), second)
    assert "민지" in page.split('id="also-here"')[1].split("</p>")[0]
    answer = take(client_of(seojun), first, "assign", department=make_department().pk)
    assert answer["Location"] == f"{DESK}{third.number}/"
    Presence.objects.filter(user=minji).update(seen_at=timezone.now() - presence.IDLE)
    assert "민지" not in look(client_of(seojun), second).split('id="also-here"')[1].split("</p>")[0]


def test_a_sign_of_life_keeps_the_place_and_closing_the_page_gives_it_up() -> None:
    one, other = in_order(2)
    person = make_person(Role.OFFICER)
    officer = client_of(person)
    look(officer, one)
    Presence.objects.update(seen_at=timezone.now() - timedelta(seconds=90))
    assert officer.post(f"{DESK}{one.number}/here/").status_code == 204
    assert Presence.objects.get().seen_at > timezone.now() - timedelta(seconds=30)
    officer.post(f"{DESK}{other.number}/here/")
    assert Presence.objects.get().complaint == one
    officer.post(f"{DESK}{other.number}/here/", {"left": "yes"})
    assert Presence.objects.count() == 1
    officer.post(f"{DESK}{one.number}/here/", {"left": "yes"})
    assert not Presence.objects.exists()
    officer.post(f"{DESK}{one.number}/here/")
    assert Presence.objects.get().complaint == one


def test_what_is_being_typed_is_kept_for_its_author_until_it_is_sent() -> None:
    complaint = make_row(status="IN_PROGRESS", department=make_department())
    person = make_person(Role.OFFICER)
    officer, address = client_of(person), f"{DESK}{complaint.number}/keep/"
    assert officer.post(address, {"field": "reply", "text": "쓰다 만 <답변>"}).status_code == 204
    assert officer.post(address, {"field": "note", "text": "쓰다 만 메모"}).status_code == 204
    assert officer.post(address, {"field": "status", "text": "x"}).status_code == 400
    page = look(officer, complaint)
    assert "쓰다 만 &lt;답변&gt;</textarea>" in page
    assert "쓰다 만 메모</textarea>" in page
    assert "쓰다 만" not in look(client_as(Role.OFFICER), complaint)
    complaint.refresh_from_db()
    assert complaint.version == 1
    reply = {"version": complaint.version, "text": "다 쓴 답변", "action": "draft"}
    assert officer.post(f"{DESK}{complaint.number}/reply/", reply).status_code == 303
    assert officer.post(f"{DESK}{complaint.number}/note/", {"note": "다 쓴 메모"}).status_code == 303
    assert not TypedText.objects.exists()
    officer.post(address, {"field": "note", "text": "다시"})
    officer.post(address, {"field": "note", "text": "  "})
    assert not TypedText.objects.exists()


def test_a_reply_without_links_is_shown_and_nothing_is_saved() -> None:
    complaint = make_row(status="IN_PROGRESS", department=make_department())
    fields = {"version": 1, "text": "보세요 https://busan.go.kr/x", "action": "without_links"}
    answer = client_as(Role.OFFICER).post(f"{DESK}{complaint.number}/reply/", fields)
    assert answer.status_code == 200
    assert "보세요" in answer.content.decode()
    assert not complaint.replies.exists()


def test_the_pulse_tells_what_is_new_once() -> None:
    complaint = make_row()
    minji = make_person(Role.OFFICER, last_name="", first_name="민지")
    officer = client_as(Role.OFFICER)
    known = officer.get(DESK).context["list"].known
    query = {"known": known, "open": complaint.number, "event": 0}
    quiet = officer.get(f"{DESK}pulse/", query)
    assert (quiet.json()["fresh"], quiet.json()["moved"]) == ("", "")
    same = officer.get(f"{DESK}pulse/", query, headers={"If-None-Match": quiet.headers["ETag"]})
    assert (same.status_code, same.content) == (304, b"")
    for _row in range(3):
        make_row()
    take(client_of(minji), complaint, "assign", department=make_department().pk)
    look(client_of(minji), complaint)
    news = officer.get(f"{DESK}pulse/", query, headers={"If-None-Match": quiet.headers["ETag"]})
    assert news.status_code == 200
    assert "3" in news.json()["fresh"]
    assert news.json()["counts"]["wait"] == "3"
    assert "민지" in news.json()["here"][str(complaint.pk)]
    assert "민지" in news.json()["moved"]
    for odd in ({"known": "x"}, {"open": "nonsense"}, {"known": "9" * 9, "event": "-1"}):
        assert officer.get(f"{DESK}pulse/", odd).status_code == 200


def test_the_emergency_form_is_one_key_away() -> None:
    complaint = make_row()
    page = look(client_as(Role.OFFICER), complaint)
    assert f'id="alarm" href="/admin/emergencies/new/?complaint={complaint.pk}" data-says="' in page
    assert ("A",) in [key.names for key in keys.KEYS]
    assert len({name for key in keys.KEYS for name in key.names}) == sum(len(key.names) for key in keys.KEYS)


def test_single_keys_are_switched_off_for_a_person() -> None:
    complaint, person = make_row(), make_person(Role.OFFICER)
    officer = client_of(person)
    assert 'data-single-keys="on"' in look(officer, complaint)
    answer = officer.post(f"{DESK}keys/", {"open": complaint.number})
    assert answer["Location"] == f"{DESK}{complaint.number}/"
    assert 'data-single-keys="off"' in look(client_of(person), complaint)
    officer.post(f"{DESK}keys/", {"single_keys": "on"})
    assert 'data-single-keys="on"' in look(officer, complaint)


def test_the_number_of_queries_does_not_grow_with_the_complaints() -> None:
    person, tour = make_person(Role.OFFICER), make_department()
    officer, first = client_of(person), make_row()
    for _row in range(9):
        make_photo(make_row())
    pages = (DESK, f"{DESK}{first.number}/", f"{DESK}pulse/?known=1&open={first.number}&event=1")
    few = [queries(officer, page) for page in pages]
    copies = [Complaint(**{**values, "id": None}) for values in Complaint.objects.filter(pk=first.pk).values()]
    clones = [clone(copies[0], serial) for serial in range(10_000)]
    Complaint.objects.bulk_create(clones, batch_size=500)
    Suggestion.objects.bulk_create(
        [Suggestion(complaint=row, department=tour, rank=1, score=1) for row in clones[:100]]
    )
    many = [queries(officer, page) for page in pages]
    assert many == few
    assert many[0] <= 20
    assert many[1] <= 65
    assert many[2] <= 12


def test_the_next_one_by_the_worse_clock_also_after_what_is_not_due() -> None:
    officer, now = make_person(Role.OFFICER), timezone.now()
    mine: dict[str, Any] = {"assignee": officer, "status": "IN_PROGRESS", "department": make_department()}
    later = make_row(due_at=now + timedelta(hours=5), **mine)
    stopped = make_row(**{**mine, "status": "ON_HOLD", "held_from": "ASSIGNED", "stopped_at": now})
    urgent = make_row(priority="URGENT", emergency_due_at=now, **mine)
    first = make_row(due_at=now + timedelta(hours=1), **mine)
    choice = queues.Choice(tab="mine")
    order = [urgent, first, later, stopped]
    assert list(queues.queue(choice, officer)) == order
    for row in order:
        row.refresh_from_db()
    following = [queues.next_after(row, choice, officer, now=now) for row in order]
    assert following == [first, later, stopped, urgent]


def clone(row: Complaint, serial: int) -> Complaint:
    fields = {field.attname: getattr(row, field.attname) for field in Complaint._meta.concrete_fields}
    return Complaint(**{**fields, "id": None, "author_id": None, "number": f"C26-{serial:06d}"})


def queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200
    return len(found)


def test_hostile_texts_stay_texts() -> None:
    complaint = make_row('<script>alert(1)</script><img src=x onerror="alert(1)">', handle="<b>x</b>")
    page = look(client_as(Role.OFFICER), complaint, q="<script>", tab="all")
    body = page.split("<main", 1)[1]
    assert re.findall(r"<(?:script|iframe|object|embed|style)\b", body) == []
    assert 'onerror="' not in body
    assert " style=" not in page


def test_a_log_in_that_was_due_meanwhile_ends_at_the_complaint() -> None:
    complaint, officer = make_row(), client_as(Role.OFFICER)
    answer = officer.get(f"{DESK}{complaint.number}/move/assign/")
    assert (answer.status_code, answer["Location"]) == (302, f"{DESK}{complaint.number}/")
    assert officer.get(f"{DESK}keys/")["Location"] == DESK


def test_a_place_name_that_repeats_shows_each_district_and_one_click_takes_it() -> None:
    beach, west = make_district("해운대구"), make_district("강서구")
    for district in (beach, west):
        Place.objects.create(name="송정동", district=district, kind="legal_dong", lat=35, lon=129)
    complaint, officer = make_row("송정동 방파제에 쓰레기가 많아요"), client_as(Role.OFFICER)
    page = look(officer, complaint)
    where = page.split('id="where"')[1].split("</fieldset>")[0]
    assert re.findall(r'name="district" value="(\d+)"', where) == [str(west.pk), str(beach.pk)]
    assert "“송정동”" in where
    address = f"{DESK}{complaint.number}/place/"
    answer = officer.post(address, {"version": 1, "district": west.pk, "chosen_district": ""})
    assert (answer.status_code, answer["Location"]) == (303, f"{DESK}{complaint.number}/")
    complaint.refresh_from_db()
    assert complaint.district == west
    assert officer.post(address, {"version": 1, "district": beach.pk}).status_code == 409
    assert officer.post(address, {"version": 2, "district": "999"}).status_code == 400
    officer.post(address, {"version": 2, "chosen_district": ""})
    complaint.refresh_from_db()
    assert complaint.district is None


def test_the_legal_kind_is_proposed_with_its_words() -> None:
    officer = client_as(Role.OFFICER)
    page = look(officer, make_row("심야버스를 늘려 주세요"))
    assert "“늘려”" in page
    assert "“" not in look(officer, make_row("힘내세요")).split("advice-title")[2].split("</section>")[0]
