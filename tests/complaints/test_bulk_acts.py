"""Tagging and answering many: what stands in the way of each, all of it undone once, before it leaves."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from channels_sns import outbox
from channels_sns.models import OutboundPost
from complaints import bulk, replies, tags
from complaints.models import BulkRun, Complaint, Reply
from departments.models import Role
from tests.channels_sns.scripted import Script, script
from tests.complaints.fates import assigned, rows_of, send
from tests.make import NOON, make_complaint, make_department, make_person

pytestmark = pytest.mark.django_db
__all__ = ["script"]

TEXT = "가로등을 모두 고쳤습니다."


def run(order: bulk.Order, *complaints: Complaint, **more: Any) -> BulkRun:
    picks = [bulk.Pick(one.pk, one.version) for one in complaints]
    return bulk.run(uuid4(), picks, order, by=more.get("by") or make_person(Role.OFFICER), now=NOON)


def problems(report: BulkRun) -> list[str]:
    return [item["problem"] for item in report.items]


def test_many_are_tagged_and_the_undo_leaves_what_was_tagged_before() -> None:
    officer = make_person(Role.OFFICER)
    first, second, full = (make_complaint() for _complaint in range(3))
    tags.put(first, "축제", by=officer, now=NOON)
    for number in range(tags.MOST):
        tags.put(full, f"t{number}", by=officer, now=NOON)
    report = run(bulk.Order(tag="축제"), first, second, full, by=officer)
    assert (report.action, report.what, problems(report)) == ("tag", "축제", ["tagged", "", "full"])
    bulk.undo(report, by=officer, now=NOON)
    found = tags.names_of([first.pk, second.pk])
    assert [tag.name for tag in found[first.pk]] == ["축제"]
    assert second.pk not in found


def test_a_tag_that_somebody_took_off_meanwhile_is_told() -> None:
    officer, complaint = make_person(Role.OFFICER), make_complaint()
    report = run(bulk.Order(tag="축제"), complaint, by=officer)
    tags.take_off(complaint, complaint.tagged.get().tag_id, by=officer, now=NOON)
    assert [item["kept"] for item in bulk.undo(report, by=officer, now=NOON).items] == [True]


def test_many_are_answered_each_on_its_own_and_all_of_it_is_undone_before_it_leaves(script: Script) -> None:
    officer = make_person(Role.OFFICER)
    first, second = assigned(), assigned(status="IN_PROGRESS")
    report = run(bulk.Order(text=TEXT), first, second, by=officer)
    assert problems(report) == ["", ""]
    posts = list(OutboundPost.objects.order_by("key"))
    assert [first.number in posts[0].text, second.number in posts[1].text] == [True, True]
    assert outbox.due_accounts(NOON + timedelta(seconds=30)) == []
    undone = bulk.undo(report, by=officer, now=NOON + timedelta(seconds=30))
    assert [item["kept"] for item in undone.items] == [False, False]
    assert set(Reply.objects.values_list("state", flat=True)) == {"RECALLED"}
    assert {one.status for one in Complaint.objects.all()} == {"IN_PROGRESS"}
    assert outbox.due_accounts(NOON + timedelta(minutes=5)) == []


def test_what_is_on_its_way_stays_and_is_told(script: Script) -> None:
    officer, complaint = make_person(Role.OFFICER), assigned()
    report = run(bulk.Order(text=TEXT), complaint, by=officer)
    later = NOON + timedelta(minutes=2)
    send(rows_of(Reply.objects.get().outbox_key)[0], now=later)
    assert [item["kept"] for item in bulk.undo(report, by=officer, now=later).items] == [True]


def test_each_that_cannot_be_answered_says_why(script: Script, settings: Any) -> None:
    officer, colleague = make_person(Role.OFFICER), make_person(Role.OFFICER)
    fresh, written, good = make_complaint(), assigned(), assigned()
    replies.draft(written, text="쓰는 중", by=colleague, version=written.version, now=NOON)
    report = run(bulk.Order(text=TEXT), fresh, written, good, by=officer)
    assert problems(report) == ["unheld", "draft", ""]
    assert problems(run(bulk.Order(text="긴 글 " * 9999), assigned(), by=officer)) == ["unfit"]
    settings.FOUR_EYES = True
    assert problems(run(bulk.Order(text=TEXT), assigned(), by=officer)) == ["eyes"]
    held = assigned(department=make_department("관광정책과"))
    assert bulk.obstacle(held, "answer", version=held.version, user=make_person(Role.MANAGER)) == "denied"
    assert not Reply.objects.filter(complaint=held).exists()
