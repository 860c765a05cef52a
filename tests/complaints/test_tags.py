"""Tags: put on and taken off by who works on it, one word once, told in the history, found by the filter."""

from __future__ import annotations

import threading

import pytest
from django.contrib.auth.models import User
from django.db import connection

from complaints import tags, workflow
from complaints.models import Complaint, ComplaintTag, Tag
from departments.models import Role
from tests.make import NOON, make_complaint, make_department, make_person

pytestmark = pytest.mark.django_db


def names(complaint: Complaint) -> list[str]:
    return [tag.name for tag in tags.names_of([complaint.pk]).get(complaint.pk, [])]


def test_a_tag_is_put_on_once_whatever_its_case_and_taken_off() -> None:
    complaint, officer = make_complaint(), make_person(Role.OFFICER)
    assert tags.put(complaint, "  #불꽃축제 ", by=officer, now=NOON)
    assert tags.put(complaint, "VIP", by=officer, now=NOON)
    assert not tags.put(complaint, "vip", by=officer, now=NOON)
    assert names(complaint) == ["불꽃축제", "VIP"]
    assert tags.put(make_complaint(), "불꽃축제", by=officer, now=NOON)
    assert Tag.objects.count() == 2
    vip = Tag.objects.get(name="VIP")
    assert tags.take_off(complaint, vip.pk, by=officer, now=NOON)
    assert not tags.take_off(complaint, vip.pk, by=officer, now=NOON)
    assert list(tags.in_use().values_list("name", flat=True)) == ["불꽃축제"]
    told = list(complaint.events.values_list("move", "note"))
    assert told == [("tag", "불꽃축제"), ("tag", "VIP"), ("untag", "VIP")]
    complaint.refresh_from_db()
    assert complaint.version == 1


@pytest.mark.parametrize("name", ["", "  # ", "가" * 21])
def test_what_is_no_tag_is_said(name: str) -> None:
    complaint = make_complaint()
    with pytest.raises(tags.NotPossible):
        tags.put(complaint, name, by=make_person(Role.OFFICER), now=NOON)
    assert not Tag.objects.exists()


def test_a_complaint_takes_only_so_many() -> None:
    complaint, officer = make_complaint(), make_person(Role.OFFICER)
    for number in range(tags.MOST):
        tags.put(complaint, f"t{number}", by=officer, now=NOON)
    with pytest.raises(tags.NotPossible):
        tags.put(complaint, "more", by=officer, now=NOON)


def test_who_does_not_work_on_it_tags_nothing() -> None:
    tour = make_department("관광정책과")
    complaint = make_complaint(status="ASSIGNED", department=tour)
    assert tags.put(complaint, "축제", by=make_person(Role.STAFF, tour), now=NOON)
    for who in (make_person(Role.STAFF), make_person(Role.MANAGER)):
        with pytest.raises(workflow.MoveNotAllowed):
            tags.put(complaint, "x", by=who, now=NOON)
        with pytest.raises(workflow.MoveNotAllowed):
            tags.take_off(complaint, Tag.objects.get().pk, by=who, now=NOON)


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="needs DATABASE_URL=postgres://…")
def test_two_who_put_the_same_new_tag_on_at_once_both_have_it() -> None:
    complaint, people = make_complaint(), [make_person(Role.OFFICER) for _person in range(2)]
    failed: list[Exception] = []

    def put(by: User) -> None:
        try:
            tags.put(complaint, "동시", by=by, now=NOON)
        except Exception as error:  # noqa: BLE001 - the test looks at it
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=put, args=(who,)) for who in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert (Tag.objects.count(), ComplaintTag.objects.count()) == (1, 1)
