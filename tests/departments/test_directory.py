"""Who a person is: roles, departments, and how a right is given and ended."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from departments import directory
from departments.models import Membership, Role
from tests.make import make_department, make_person

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 24, 1, tzinfo=UTC)


def test_nobody_has_no_role() -> None:
    for user in (AnonymousUser(), make_person(), User(username="unsaved")):
        assert directory.roles_of(user) == frozenset()
        assert not directory.has_role(user, *Role)
        assert not directory.departments_of(user).exists()
        assert not directory.heads(user, make_department())


def test_roles_and_departments_of_a_person() -> None:
    tourism, transport = make_department("관광정책과"), make_department("대중교통과")
    person = make_person(Role.HEAD, tourism)
    directory.grant(person, Role.STAFF, transport)
    directory.grant(person, Role.OFFICER)
    assert directory.roles_of(person) == {Role.HEAD, Role.STAFF, Role.OFFICER}
    assert directory.has_role(person, Role.AUDITOR, Role.HEAD)
    assert not directory.has_role(person, Role.AUDITOR)
    assert set(directory.departments_of(person)) == {tourism, transport}
    assert directory.heads(person, tourism)
    assert not directory.heads(person, transport)


def test_a_superuser_is_an_administrator_and_sees_no_department() -> None:
    root = make_person(is_superuser=True)
    assert directory.roles_of(root) == {Role.ADMINISTRATOR}
    assert not directory.departments_of(root).exists()


def test_an_inactive_person_keeps_no_right() -> None:
    department = make_department()
    person = make_person(Role.HEAD, department, is_superuser=True)
    person.is_active = False
    assert directory.roles_of(person) == frozenset()
    assert not directory.departments_of(person).exists()
    assert not directory.heads(person, department)


def test_a_role_holds_from_its_start_to_its_end() -> None:
    department = make_department()
    person = make_person()
    row = directory.grant(person, Role.HEAD, department, now=NOW)
    directory.revoke(row, now=NOW + timedelta(days=1))
    held = [NOW - timedelta(seconds=1), NOW, NOW + timedelta(hours=23), NOW + timedelta(days=1)]
    assert [directory.has_role(person, Role.HEAD, now=at) for at in held] == [False, True, True, False]
    assert [directory.heads(person, department, now=at) for at in held] == [False, True, True, False]
    assert [directory.departments_of(person, now=at).count() for at in held] == [0, 1, 1, 0]


def test_a_right_ends_at_once_and_only_once() -> None:
    person = make_person()
    row = directory.grant(person, Role.OFFICER)
    directory.revoke(row, now=timezone.now())
    ended_at = row.active_to
    assert ended_at is not None
    assert directory.roles_of(row.user) == frozenset()
    directory.revoke(row, now=timezone.now() + timedelta(hours=1))
    assert Membership.objects.get(pk=row.pk).active_to == ended_at
    assert directory.grant(person, Role.OFFICER).pk != row.pk


def test_a_right_may_end_in_the_moment_it_began() -> None:
    row = directory.grant(make_person(), Role.OFFICER, now=NOW)
    directory.revoke(row, now=NOW)
    assert row.active_to is not None
    assert row.active_to - row.active_from <= timedelta(seconds=1)


def test_nobody_gives_himself_a_role() -> None:
    administrator = make_person(Role.ADMINISTRATOR)
    with pytest.raises(ValidationError) as error:
        directory.grant(administrator, Role.OFFICER, by=administrator)
    assert "user" in error.value.message_dict
    other = make_person()
    assert directory.grant(other, Role.OFFICER, by=administrator).granted_by == administrator


@pytest.mark.parametrize("role", list(Role))
def test_grant_refuses_a_department_that_does_not_fit(role: Role) -> None:
    wrong = None if role in (Role.STAFF, Role.HEAD) else make_department()
    with pytest.raises(ValidationError):
        directory.grant(make_person(), role, wrong)


def test_one_query_answers_every_question_of_a_request() -> None:
    person = User.objects.get(pk=make_person(Role.HEAD, make_department()).pk)
    with CaptureQueriesContext(connection) as queries:
        for _ in range(10):
            directory.roles_of(person)
            directory.department_ids_of(person)
            directory.has_role(person, Role.MANAGER)
    assert len(queries) == 1
    directory.forget(person)
    with CaptureQueriesContext(connection) as queries:
        directory.roles_of(person)
    assert len(queries) == 1
