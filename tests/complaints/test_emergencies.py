"""An emergency from the checklist to its end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from channels_sns import amendments, freezes, outbox
from channels_sns.models import Amendment, Broadcast, OutboundPost
from complaints import agency_alerts, emergencies, emergency_plans, emergency_words, intake
from complaints.emergency_steps import Conflict, NotPossible
from complaints.models import Complaint, Emergency, EmergencyEvent, Sighting
from departments.models import Role
from tests.broadcasting import approve, make_draft, posts
from tests.channels_sns.test_brand import give_voice, make_brand
from tests.complaints.alarm import (
    FACTS,
    Item,
    alarm_posts,
    check_all,
    find,
    make_contact,
    prepare,
    send_all,
    start,
)
from tests.complaints.fates import fail, lose_sight, send
from tests.make import NOON, make_account, make_person, make_post

pytestmark = pytest.mark.django_db
State = Emergency.State
MINUTE = timedelta(minutes=1)


def events(emergency: Emergency) -> list[str]:
    return list(EmergencyEvent.objects.filter(emergency=emergency).values_list("what", flat=True))


# --- prepared ---------------------------------------------------------------------------------------------------------


def test_the_texts_are_made_from_the_facts_in_both_languages() -> None:
    emergency = prepare()
    alarm = emergency.alarm
    assert (emergency.state, alarm.state, alarm.kind, alarm.collects) == ("PREPARED", "DRAFT", "EMERGENCY", True)
    for words in ("김하늘", "7세", "빨간 모자, 노란 점퍼", "해운대해수욕장", "오늘 17:00쯤", "112"):
        assert words in alarm.text
    assert "red cap, yellow jacket" in alarm.text_en
    assert "Haeundae Beach" in alarm.text_en
    assert "김하늘" not in emergency.title
    assert "해운대해수욕장" in emergency.title


def test_what_nobody_knows_is_left_out() -> None:
    nothing: dict[str, Any] = dict.fromkeys(FACTS, "") | {"kind": "OTHER"}
    emergency = prepare(with_photo=False, **nothing)
    assert len(emergency.alarm.text.splitlines()) == 2
    somebody = prepare(with_photo=False, **(nothing | {"kind": "LOST_PERSON", "age": "80세", "place": "수영강"}))
    assert "수영강" in somebody.alarm.text_en
    assert somebody.contact == "112"


@pytest.mark.parametrize(
    ("seen", "english"),
    [
        ("오늘 오후 5시 10분쯤", "17:10"),
        ("오전 12시 반", "00:30"),
        ("저녁 7시", "19:00"),
        ("17:05", "17:05"),
        ("낮 12시", "12:00"),
        ("방금 전", ""),
        ("an hour ago", "an hour ago"),
    ],
)
def test_the_hour_is_said_in_english(seen: str, english: str) -> None:
    assert emergency_words.english_hour(seen) == english


@pytest.mark.parametrize(
    ("age", "english"), [("7세", "aged 7"), ("18개월", "aged 18 months"), ("초등학생", "초등학생")]
)
def test_the_age_is_said_in_english(age: str, english: str) -> None:
    assert english in prepare(with_photo=False, age=age).alarm.text_en


def test_each_account_speaks_korean_and_english_or_english_alone() -> None:
    korean, english = make_account("facebook"), make_account("mastodon")
    give_voice(english, make_brand(), language="en")
    emergency = start(prepare([korean, english]))
    texts = {row.account_id: row.text for row in alarm_posts(emergency)}
    assert "김하늘" in texts[korean.pk]
    assert "red cap" in texts[korean.pk]
    assert "노란 점퍼" not in texts[english.pk]


def test_it_is_said_anew_until_it_is_decided() -> None:
    x, facebook, officer = make_account("x"), make_account("facebook"), make_person(Role.OFFICER)
    emergency = prepare([x])
    plan = emergency_plans.Plan((facebook,), (make_contact(),), text="고쳐 쓴 글")
    facts = emergency_plans.Facts(**{**FACTS, "name": "김바다"})
    emergency_plans.revise(emergency, facts, plan, by=officer, version=1, now=NOON)
    alarm = Broadcast.objects.get()
    assert (alarm.text, "김바다" in alarm.text_en) == ("고쳐 쓴 글", True)
    assert [one.account for one in alarm.variants.all()] == [facebook]
    assert emergency.contacts.count() == 1
    with pytest.raises(Conflict):
        emergency_plans.revise(emergency, facts, plan, by=officer, version=1, now=NOON)
    start(emergency)
    with pytest.raises(NotPossible):
        emergency_plans.revise(emergency, facts, plan, by=officer, version=emergency.version, now=NOON)


def test_it_is_given_up() -> None:
    emergency, officer = prepare(), make_person(Role.OFFICER)
    emergency_plans.give_up(emergency, by=officer, version=1, now=NOON, reason="집에 있었음")
    assert (emergency.state, Broadcast.objects.get().state) == (State.CANCELLED, "CANCELLED")
    assert events(emergency) == ["prepare", "give up"]


@pytest.mark.parametrize("role", [Role.STAFF, Role.HEAD, Role.MANAGER, Role.AUDITOR, Role.ADMINISTRATOR])
def test_nobody_but_an_officer(role: Role) -> None:
    emergency, person = prepare(), make_person(role)
    check_all(emergency)
    steps: list[Any] = [
        lambda: prepare(by=person),
        lambda: emergency_plans.check(emergency, {}, by=person, now=NOON),
        lambda: emergency_plans.give_up(emergency, by=person, version=1, now=NOON),
        lambda: emergencies.start(emergency, by=person, version=1, now=NOON),
        lambda: emergencies.take_down(emergency, by=person, now=NOON),
        lambda: emergencies.close(emergency, by=person, version=1, now=NOON),
    ]
    for step in steps:
        with pytest.raises(NotPossible):
            step()
    assert not OutboundPost.objects.exists()


# --- the checklist ----------------------------------------------------------------------------------------------------


def test_nothing_leaves_before_every_point_is_vouched_for() -> None:
    emergency, officer = prepare(), make_person(Role.OFFICER)
    some: list[dict[str, str]] = [{}, {Item.CONSENT: "모, 전화로"}, {Item.CONSENT: "모, 전화로", Item.FACTS: ""}]
    for points in some:
        emergency_plans.check(emergency, points, by=officer, now=NOON)
        with pytest.raises(NotPossible):
            emergencies.start(emergency, by=officer, version=1, now=NOON)
        emergency.refresh_from_db()
    assert (emergency.state, emergency.version, freezes.current()) == (State.PREPARED, 1, None)
    assert not OutboundPost.objects.exists()
    start(emergency)
    assert emergency.state == State.RUNNING


def test_a_photo_needs_its_point_and_a_flood_needs_no_guardian() -> None:
    assert emergency_plans.needed_checks(prepare()) == [Item.CONSENT, Item.FACTS, Item.PHOTO]
    assert emergency_plans.needed_checks(prepare(with_photo=False)) == [Item.CONSENT, Item.FACTS]
    assert emergency_plans.needed_checks(prepare(with_photo=False, kind="OTHER")) == [Item.FACTS]


def test_consent_names_who_gave_it() -> None:
    emergency = prepare()
    with pytest.raises(NotPossible):
        emergency_plans.check(emergency, {Item.CONSENT: " "}, by=make_person(Role.OFFICER), now=NOON)


def test_who_vouched_first_stays_named_and_a_point_can_be_taken_back() -> None:
    emergency, first, second = prepare(), make_person(Role.OFFICER), make_person(Role.OFFICER)
    emergency_plans.check(emergency, {Item.FACTS: ""}, by=first, now=NOON)
    emergency_plans.check(emergency, {Item.FACTS: "", Item.PHOTO: ""}, by=second, now=NOON)
    assert {(row.item, row.by) for row in emergency.checks.all()} == {(Item.FACTS, first), (Item.PHOTO, second)}
    emergency_plans.check(emergency, {Item.PHOTO: ""}, by=second, now=NOON)
    assert [row.item for row in emergency.checks.all()] == [Item.PHOTO]
    start(emergency)
    with pytest.raises(NotPossible):
        emergency_plans.check(emergency, {}, by=second, now=NOON)


# --- under way --------------------------------------------------------------------------------------------------------


def test_one_decision_everywhere_at_once() -> None:
    accounts = [make_account(kind) for kind in ("x", "facebook", "mastodon", "bluesky", "me2day")]
    officer = make_person(Role.OFFICER)
    scheduled = approve(make_draft(accounts, publish_at=NOON + 10 * MINUTE))
    emergency = start(prepare(accounts, [make_contact(), make_contact("MENTION")], by=officer), by=officer)
    assert (emergency.state, emergency.approved_by, emergency.approved_at) == (State.RUNNING, officer, NOON)
    assert {row.account for row in alarm_posts(emergency)} == set(accounts)
    assert {row.lane for row in OutboundPost.objects.all()} == {"emergency"}
    assert freezes.current() is not None
    assert emergencies.running() == [emergency]
    assert scheduled.state == "APPROVED"
    assert {(one.contact.way, one.state) for one in emergency.alerts.all()} == {
        ("PHONE", "TO_CALL"),
        ("MENTION", "QUEUED"),
    }


def test_four_eyes_do_not_hold_it_up(settings: Any) -> None:
    settings.FOUR_EYES = True
    officer = make_person(Role.OFFICER)
    assert start(prepare(by=officer), by=officer).state == State.RUNNING


def test_pressed_twice_it_is_one() -> None:
    emergency, officer = prepare(), make_person(Role.OFFICER)
    start(emergency)
    with pytest.raises(Conflict):
        emergencies.start(emergency, by=officer, version=1, now=NOON)
    with pytest.raises(NotPossible):
        emergencies.start(emergency, by=officer, version=emergency.version, now=NOON)
    assert len(alarm_posts(emergency)) == 1


def test_what_one_account_cannot_take_stops_nothing_half_way() -> None:
    long: dict[str, Any] = {"appearance": "모자 " * 100, "appearance_en": "cap " * 75}
    emergency = prepare([make_account("facebook"), make_account("me2day", name="미투데이")], **long)
    check_all(emergency)
    with pytest.raises(NotPossible, match="미투데이"):
        emergencies.start(emergency, by=make_person(Role.OFFICER), version=1, now=NOON)
    emergency.refresh_from_db()
    assert (emergency.state, freezes.current(), OutboundPost.objects.count()) == (State.PREPARED, None, 0)


def test_the_clock_begins_with_the_first_post() -> None:
    emergency = start(prepare([make_account("x"), make_account("facebook")]))
    emergencies.tend(now=NOON)
    emergency.refresh_from_db()
    assert (emergency.first_post_at, emergency.everywhere_at) == (None, None)
    first, *others = alarm_posts(emergency)
    send(first, now=NOON + MINUTE)
    emergencies.tend(now=NOON + MINUTE)
    for row in others:
        send(row, now=NOON + 2 * MINUTE)
    emergencies.tend(now=NOON + 3 * MINUTE)
    emergencies.tend(now=NOON + 4 * MINUTE)
    emergency.refresh_from_db()
    assert (emergency.first_post_at, emergency.everywhere_at) == (NOON + MINUTE, NOON + 2 * MINUTE)
    assert events(emergency) == ["prepare", "start", "first post", "everywhere"]


def test_sightings_are_gathered_as_they_come() -> None:
    account = make_account("facebook")
    emergency = start(prepare([account]))
    send(alarm_posts(emergency)[0], now=NOON, external_id="77")
    make_post(account, "서면역에서 봤어요", kind="comment", root_id="77", parent_id="77")
    intake.register_waiting(now=NOON)
    emergencies.tend(now=NOON)
    emergencies.tend(now=NOON)
    sighting = Sighting.objects.get()
    assert (sighting.emergency, sighting.post.text, sighting.state) == (emergency, "서면역에서 봤어요", "NEW")
    assert not Complaint.objects.exists()
    complaint = intake.open_collected(sighting.post, now=NOON)
    emergencies.tend(now=NOON)
    assert (complaint.text, Sighting.objects.count()) == ("서면역에서 봤어요", 1)


# --- all clear --------------------------------------------------------------------------------------------------------


def test_the_all_clear_goes_wherever_the_alarm_went() -> None:
    stands, unsure, refused, waits = (make_account(kind) for kind in ("x", "facebook", "mastodon", "bluesky"))
    phone = make_contact()
    emergency = start(prepare([stands, unsure, refused, waits], [phone]))
    agency_alerts.called(emergency.alerts.get(), by=make_person(Role.OFFICER), now=NOON)
    rows = {row.account_id: row for row in alarm_posts(emergency) if row.part == 1}
    send(rows[stands.pk], now=NOON)
    lose_sight(rows[unsure.pk], now=NOON)
    from channels_sns.adapters.contract import Rejected

    fail(rows[refused.pk], Rejected("no"), now=NOON)
    find(emergency, now=NOON + 30 * MINUTE)
    assert emergency.all_clear is not None
    assert {row.account for row in posts(emergency.all_clear)} == {stands, unsure}
    assert all("김하늘" not in row.text for row in posts(emergency.all_clear))
    rows[waits.pk].refresh_from_db()
    assert rows[waits.pk].state == "CANCELLED"
    assert (emergency.state, emergency.found_at, freezes.current()) == (State.FOUND, NOON + 30 * MINUTE, None)
    assert [one.occasion for one in emergency.alerts.all()] == ["ALARM", "ALL_CLEAR"]
    assert emergencies.running() == []


def test_what_turns_out_never_to_have_been_posted_does_not_follow_the_all_clear() -> None:
    emergency = start(prepare([make_account("facebook")], [make_contact("MENTION", network="facebook")]))
    row, mention = alarm_posts(emergency)[0], OutboundPost.objects.get(key__startswith="agency:")
    lose_sight(row, now=NOON)
    find(emergency, now=NOON + MINUTE)
    outbox.move(row, OutboundPost.State.QUEUED, now=NOON, expect=OutboundPost.State.UNSURE, next_attempt_at=NOON)
    assert {row, mention}.isdisjoint(outbox.due(NOON + 2 * MINUTE))
    assert outbox.expire(now=NOON + 2 * MINUTE) >= 2
    emergencies.tend(now=NOON + 2 * MINUTE)
    assert {(one.occasion, one.state) for one in emergency.alerts.all()} == {
        ("ALARM", "FAILED"),
        ("ALL_CLEAR", "QUEUED"),
    }


def test_who_was_not_told_is_not_told_any_more() -> None:
    called, late, mailed = make_contact(name="112"), make_contact(name="119"), make_contact("EMAIL")
    emergency = start(prepare(contacts=[called, late, mailed]))
    agency_alerts.called(emergency.alerts.get(contact=called), by=make_person(Role.OFFICER), now=NOON)
    send_all(emergency)
    find(emergency, now=NOON + MINUTE)
    said = {(one.contact, one.occasion): one.state for one in emergency.alerts.all()}
    assert said == {
        (called, "ALARM"): "CALLED",
        (called, "ALL_CLEAR"): "TO_CALL",
        (late, "ALARM"): "FAILED",
        (mailed, "ALARM"): "FAILED",
        (mailed, "ALL_CLEAR"): "QUEUED",
    }


def test_the_freeze_ends_with_the_last_of_two() -> None:
    first, second = start(prepare()), start(prepare([make_account("x")]))
    find(first)
    assert freezes.current() is not None
    assert emergencies.running() == [second]
    find(second)
    assert freezes.current() is None


def test_the_officers_own_words() -> None:
    emergency = start(prepare())
    send_all(emergency)
    find(emergency, text="30분 만에 찾았습니다!", text_en="Found within 30 minutes!")
    assert emergency.all_clear is not None
    assert (emergency.all_clear.text, emergency.all_clear.text_en) == (
        "30분 만에 찾았습니다!",
        "Found within 30 minutes!",
    )


def test_where_nothing_went_there_is_nothing_to_clear() -> None:
    emergency = start(prepare())
    find(emergency)
    assert (emergency.all_clear, emergency.state) == (None, State.FOUND)
    assert {row.state for row in alarm_posts(emergency)} == {"CANCELLED"}
    assert emergencies.take_down(emergency, by=make_person(Role.OFFICER), now=NOON) == 1
    Amendment.objects.update(state="VERIFIED", verified_at=NOON)
    emergencies.tend(now=NOON)
    emergency.refresh_from_db()
    assert emergency.gone_at == NOON


# --- name and photo ---------------------------------------------------------------------------------------------------


def test_name_and_photo_go_everywhere_and_that_is_looked_at() -> None:
    x, facebook = make_account("x"), make_account("facebook")
    emergency = start(prepare([x, facebook], [make_contact("MENTION")]))
    send_all(emergency)
    mention = OutboundPost.objects.get(key__startswith="agency:")
    send(mention, now=NOON)
    officer = make_person(Role.OFFICER)
    count = emergencies.take_down(emergency, by=officer, now=NOON + MINUTE)
    emergencies.take_down(emergency, by=officer, now=NOON + 2 * MINUTE)
    assert Amendment.objects.count() == count == len(alarm_posts(emergency)) + 1
    assert {row.outbound for row in Amendment.objects.all()} == {*alarm_posts(emergency), mention}
    emergencies.tend(now=NOON + 3 * MINUTE)
    emergency.refresh_from_db()
    assert emergency.gone_at is None
    Amendment.objects.update(state="VERIFIED", verified_at=NOON + 4 * MINUTE)
    emergencies.tend(now=NOON + 5 * MINUTE)
    emergency.refresh_from_db()
    assert emergency.gone_at == NOON + 4 * MINUTE
    assert "gone" in events(emergency)


def test_it_is_closed_once_they_are_gone_or_with_a_reason() -> None:
    emergency, officer = start(prepare()), make_person(Role.OFFICER)
    send_all(emergency)
    with pytest.raises(NotPossible):
        emergencies.close(emergency, by=officer, version=emergency.version, now=NOON)
    find(emergency)
    with pytest.raises(NotPossible):
        emergencies.close(emergency, by=officer, version=emergency.version, now=NOON)
    emergency.refresh_from_db()
    emergencies.close(emergency, by=officer, version=emergency.version, now=NOON, reason="보호자가 두기를 원함")
    assert (emergency.state, emergency.closed_at) == (State.CLOSED, NOON)
    assert not Broadcast.objects.filter(collects=True).exists()
    assert emergencies.tend(now=NOON) == 0
    with pytest.raises(NotPossible):
        emergencies.take_down(emergency, by=officer, now=NOON)


def test_words_for_people() -> None:
    emergency = start(prepare([make_account("facebook")], [make_contact()]))
    assert str(emergency) == emergency.title
    assert {str(one) for one in emergency.checks.all()} == {"CONSENT", "FACTS", "PHOTO"}
    assert [str(one) for one in emergency.events.all()] == ["prepare", "start"]
    assert str(emergency.alerts.get()) == "PHONE 기관: ALARM"
    assert amendments.due_accounts(NOON) == []
