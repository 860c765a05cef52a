"""The access record: complete, chained, unchangeable."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction
from django.test import RequestFactory

from complaints import access_log
from complaints.models import AccessLog
from departments.models import Role
from tests.make import NOON, make_person

pytestmark = pytest.mark.django_db


def record(
    action: str = "view", subject: str = "B26-000010", *, address: str = "127.0.0.9", reason: str = ""
) -> AccessLog:
    request = RequestFactory().get("/", REMOTE_ADDR=address)
    user = make_person(Role.OFFICER)
    return access_log.record(user=user, action=action, subject=subject, request=request, now=NOON, reason=reason)


def test_who_when_from_where_whose_what_for() -> None:
    row = AccessLog.objects.get(pk=record(reason="열람 청구").pk)
    assert row.user is not None
    assert (row.at, row.username, row.address) == (NOON, row.user.username, "127.0.0.9")
    assert (row.action, row.subject, row.reason) == ("view", "B26-000010", "열람 청구")


@pytest.mark.parametrize(("address", "kept"), [("unknown", None), ("", None), ("2001:DB8::0:1", "2001:db8::1")])
def test_an_address_is_kept_as_the_database_writes_it(address: str, kept: str | None) -> None:
    assert record(address=address).address == kept
    assert access_log.first_broken() is None


def test_what_was_searched_is_no_clear_text() -> None:
    row = record("search", "김시민 \ud83d")
    assert "김시민" not in row.subject
    assert row.subject == record("search", "김시민 \ud83d").subject != record("search", "김시민").subject


def test_long_values_are_cut() -> None:
    row = record("a" * 99, "b" * 99, reason="c" * 300)
    assert (len(row.action), len(row.subject), len(row.reason)) == (40, 80, 200)
    assert access_log.first_broken() is None


def test_each_row_is_chained_to_the_one_before() -> None:
    first, second = record(), record()
    assert (first.previous_hash, second.previous_hash) == (access_log.START, first.hash)
    assert access_log.first_broken() is None


def test_an_inserted_row_breaks_the_chain() -> None:
    first = record()
    AccessLog.objects.create(at=NOON, username="x", action="view", previous_hash=first.hash, hash="f" * 64)
    third = record()
    assert access_log.first_broken() == third.pk - 1


def test_a_row_that_belongs_nowhere_breaks_the_chain() -> None:
    record()
    row = AccessLog(at=NOON, username="x", action="view", previous_hash="e" * 64)
    row.hash = access_log._hash_of(row)
    row.save()
    assert access_log.first_broken() == row.pk


def test_the_database_refuses_to_change_a_record() -> None:
    record()
    with pytest.raises(DatabaseError), transaction.atomic():
        AccessLog.objects.update(username="somebody else")


@pytest.mark.needs_pg
def test_postgresql_refuses_to_delete_a_record_too() -> None:
    record()
    with pytest.raises(DatabaseError), transaction.atomic():
        AccessLog.objects.all().delete()


def test_who_is_slower_chains_to_the_faster_one(monkeypatch: pytest.MonkeyPatch) -> None:
    first = record()
    honest, calls = access_log._hash_of, []

    def hash_of(row: AccessLog) -> str:
        calls.append(row.previous_hash)
        if len(calls) == 1:  # somebody takes the place between our look and our writing
            other = AccessLog(at=NOON, username="faster", action="view", previous_hash=first.hash)
            other.hash = honest(other)
            other.save()
        return honest(row)

    monkeypatch.setattr(access_log, "_hash_of", hash_of)
    record()
    assert len(calls) == 2
    monkeypatch.undo()
    assert access_log.first_broken() is None


def test_a_record_that_cannot_be_written_is_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access_log, "_append", lambda _row: False)
    with pytest.raises(RuntimeError, match="was not written"):
        record()
