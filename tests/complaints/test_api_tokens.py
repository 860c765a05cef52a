"""Keys for programs: shown once, kept as a digest, over when they are over."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from complaints import api_tokens
from complaints.models import ApiToken
from departments.models import Role
from tests.make import make_person

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def test_only_the_digest_of_a_key_is_kept() -> None:
    row, key = api_tokens.issue(owner=make_person(Role.MANAGER), name="상황판", days=90, now=NOW)
    stored = ApiToken.objects.filter(pk=row.pk).values_list().get()
    assert key not in str(stored)
    assert key.startswith(row.hint)
    assert len(row.hint) < 12
    assert api_tokens.find(key, now=NOW) == row
    assert row.expires_at == NOW + timedelta(days=90)


@pytest.mark.parametrize("key", ["", "ttb_", "ttb_" + "A" * 43, "ttb_" + "A" * 44, "ttb_" + "가" * 43, "x" * 9000])
def test_what_was_never_a_key_is_none(key: str) -> None:
    with pytest.raises(api_tokens.NoSuchKey):
        api_tokens.find(key, now=NOW)


def test_a_key_ends_by_time_by_hand_and_with_its_owner() -> None:
    owner = make_person(Role.MANAGER)
    row, key = api_tokens.issue(owner=owner, name="a", days=30, now=NOW)
    api_tokens.find(key, now=row.expires_at - timedelta(seconds=1))
    with pytest.raises(api_tokens.KeyIsOver):
        api_tokens.find(key, now=row.expires_at)
    owner.is_active = False
    owner.save()
    with pytest.raises(api_tokens.KeyIsOver):
        api_tokens.find(key, now=NOW)
    owner.is_active = True
    owner.save()
    assert api_tokens.revoke(row, by=owner, now=NOW)
    assert not api_tokens.revoke(row, by=make_person(Role.ADMINISTRATOR), now=NOW)
    row.refresh_from_db()
    assert row.revoked_by == owner
    with pytest.raises(api_tokens.KeyIsOver):
        api_tokens.find(key, now=NOW)


def test_a_name_is_used_once_at_a_time() -> None:
    owner = make_person(Role.MANAGER)
    row, _key = api_tokens.issue(owner=owner, name="a", days=30, now=NOW)
    with pytest.raises(api_tokens.NotPossible):
        api_tokens.issue(owner=owner, name="a", days=30, now=NOW)
    api_tokens.issue(owner=owner, name="a", days=30, now=row.expires_at)
    assert ApiToken.objects.filter(owner=owner, name="a").count() == 2


@pytest.mark.parametrize(("name", "days"), [("", 30), ("x" * 61, 30), ("a", 0), ("a", 3650)])
def test_nonsense_makes_no_key(name: str, days: int) -> None:
    with pytest.raises(api_tokens.NotPossible):
        api_tokens.issue(owner=make_person(Role.MANAGER), name=name, days=days, now=NOW)
    assert not ApiToken.objects.exists()


def test_nobody_has_more_than_ten() -> None:
    owner = make_person(Role.MANAGER)
    for number in range(api_tokens.MOST):
        api_tokens.issue(owner=owner, name=str(number), days=30, now=NOW)
    with pytest.raises(api_tokens.NotPossible):
        api_tokens.issue(owner=owner, name="one more", days=30, now=NOW)
    api_tokens.issue(owner=owner, name="later", days=30, now=NOW + timedelta(days=31))


def test_the_last_use_is_written_down_at_most_once_a_minute() -> None:
    row, _key = api_tokens.issue(owner=make_person(Role.MANAGER), name="a", days=30, now=NOW)
    api_tokens.used(row, address="192.0.2.1", now=NOW)
    api_tokens.used(row, address="192.0.2.2", now=NOW + timedelta(seconds=59))
    row.refresh_from_db()
    assert (row.last_used_at, row.last_used_from) == (NOW, "192.0.2.1")
    api_tokens.used(row, address="192.0.2.2", now=NOW + timedelta(seconds=60))
    row.refresh_from_db()
    assert row.last_used_from == "192.0.2.2"


def test_the_database_keeps_who_revoked_it() -> None:
    row, _key = api_tokens.issue(owner=make_person(Role.MANAGER), name="a", days=30, now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        ApiToken.objects.filter(pk=row.pk).update(revoked_at=NOW)
