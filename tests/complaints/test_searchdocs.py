"""The search is up to date where its facts change, and catches up with what changed elsewhere."""

from __future__ import annotations

import io
import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from channels_sns.models import InboundPost, PostVersion
from complaints import intake, replies, search, searchdocs, tasks, workflow
from complaints.models import Complaint, SearchDoc
from departments.models import Role
from tests.make import NOON, make_account, make_complaint, make_department, make_person, make_post

pytestmark = pytest.mark.django_db


def found(typed: str) -> list[str]:
    rows = Complaint.objects.filter(search.condition(typed, names_too=True)).order_by("number")
    return list(rows.values_list("number", flat=True))


def test_a_registered_post_and_one_that_joins_are_found_at_once() -> None:
    account = make_account()
    first = make_post(account, "가로등이 꺼졌습니다", external_id="p-1")
    intake.register_waiting(now=NOON)
    make_post(account, "맨홀도 열렸어요", parent_id=first.external_id)
    intake.register_waiting(now=NOON)
    complaint = Complaint.objects.get()
    assert found("가로등") == found("맨홀") == [complaint.number]
    assert not searchdocs.stale().exists()


def test_department_and_answer_are_found_and_a_recalled_one_is_not() -> None:
    account = make_account(kind="mastodon")
    officer, tour = make_person(Role.OFFICER), make_department("관광정책과")
    complaint = make_complaint("안내판", account=account)
    workflow.assign(complaint, by=officer, version=complaint.version, now=NOON, department=tour)
    assert found("관광정책") == [complaint.number]
    replies.draft(complaint, text="교체하겠습니다", by=officer, version=complaint.version, now=NOON)
    assert found("교체") == []
    replies.approve(complaint, by=officer, version=complaint.version, now=NOON)
    assert found("교체") == [complaint.number]
    replies.recall(complaint, by=officer, version=complaint.version, now=NOON)
    assert found("교체") == []


def test_an_edit_at_the_network_is_caught_up() -> None:
    complaint = make_complaint("가로등")
    post = InboundPost.objects.get()
    later = NOON + timedelta(minutes=5)
    InboundPost.objects.filter(pk=post.pk).update(text="신호등", edited_at=later)
    PostVersion.objects.create(
        post=post, account=post.account, external_id=post.external_id, text="신호등", seen_at=later
    )
    assert found("신호등") == []
    tasks.catch_up_search()
    assert found("신호등") == [complaint.number]
    assert not searchdocs.stale().exists()


def test_whatever_was_forgotten_is_caught_up() -> None:
    missing, old, moved, right = (make_complaint(f"민원 {n}") for n in range(4))
    SearchDoc.objects.filter(complaint=missing).delete()
    SearchDoc.objects.filter(complaint=old).update(form=0)
    Complaint.objects.filter(pk=moved.pk).update(version=7, text="하수구")
    assert set(searchdocs.stale()) == {missing, old, moved}
    out = io.StringIO()
    call_command("reindex_search", "--json", stdout=out)
    assert json.loads(out.getvalue()) == {"complaints": 4, "written": 3}
    assert found("하수구") == [moved.number]
    assert len(found("민원")) == 4
    assert right.number in found("민원")
    call_command("reindex_search", "--lang", "en", stdout=(out := io.StringIO()))
    assert out.getvalue().strip() == "0 of 4 complaints were indexed anew."


def test_all_documents_can_be_written_anew() -> None:
    make_complaint("가로등")
    call_command("reindex_search", "--all", "--json", stdout=(out := io.StringIO()))
    assert json.loads(out.getvalue())["written"] == 1


def test_reading_again_takes_the_same_few_queries_for_any_number() -> None:
    counts = []
    for many in (1, 20):
        pks = [make_complaint(f"민원 {n}").pk for n in range(many)]
        with CaptureQueriesContext(connection) as queries:
            assert searchdocs.refresh(pks, now=NOON) == many
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 6
