"""The roster: who answers the alarm, who writes it, what stays."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from departments import directory
from departments.models import OnCall, Role
from tests.make import NOON, make_person

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def duty(user: User, begins: int = -1, hours: int = 12) -> OnCall:
    return OnCall.objects.create(user=user, begins_at=NOON + begins * HOUR, ends_at=NOON + (begins + hours) * HOUR)


def form(user: User, begins: str = "18:00") -> dict[str, object]:
    tomorrow = timezone.localdate() + timedelta(days=1)
    days = {"begins_at_0": tomorrow, "ends_at_0": tomorrow + timedelta(days=1)}
    return {"user": user.pk, **days, "begins_at_1": begins, "ends_at_1": "09:00", "phone": "010-0000-0000", "note": ""}


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_those_on_call_each_once_and_only_now() -> None:
    first, second, gone = (make_person(Role.OFFICER) for _number in range(3))
    duty(second, -2), duty(first), duty(first, -3, 4), duty(gone)
    duty(make_person(Role.OFFICER), 1), duty(make_person(Role.OFFICER), -12, 12)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    assert directory.on_call(now=NOON) == [first, second]
    assert directory.on_call(now=NOON + 20 * HOUR) == []
    assert OnCall.objects.after(NOON).count() == 1


def test_the_end_comes_after_the_start_and_nobody_twice() -> None:
    officer = make_person(Role.OFFICER)
    duty(officer)
    with pytest.raises(ValidationError):
        OnCall(user=officer, begins_at=NOON, ends_at=NOON).full_clean()
    with pytest.raises(IntegrityError):
        duty(officer)


def test_only_an_officer_can_be_woken() -> None:
    with pytest.raises(ValidationError):
        OnCall(user=make_person(Role.STAFF), begins_at=NOON, ends_at=NOON + HOUR).full_clean()


@pytest.mark.parametrize("role", [Role.OFFICER, Role.ADMINISTRATOR])
def test_officers_and_administrators_write_the_roster(role: Role) -> None:
    person, officer, staff = make_person(role), make_person(Role.OFFICER), make_person(Role.STAFF)
    client, add = as_(person), reverse("admin:departments_oncall_add")
    page = client.get(add).content.decode()
    assert f'value="{officer.pk}"' in page
    assert f'value="{staff.pk}"' not in page
    assert client.post(add, form(officer)).status_code == 302
    row = OnCall.objects.get()
    assert str(row).startswith(str(officer))
    delete = reverse("admin:departments_oncall_delete", args=[row.pk])
    assert client.post(delete, {"post": "yes"}).status_code == 302
    assert not OnCall.objects.exists()


def test_what_has_begun_is_a_record() -> None:
    officer = make_person(Role.OFFICER)
    now = timezone.now()
    row = OnCall.objects.create(user=officer, begins_at=now - HOUR, ends_at=now + HOUR)
    delete = reverse("admin:departments_oncall_delete", args=[row.pk])
    assert as_(officer).post(delete, {"post": "yes"}).status_code == 403
    assert OnCall.objects.exists()


@pytest.mark.parametrize("role", [Role.STAFF, Role.MANAGER])
def test_others_read_it(role: Role) -> None:
    client = as_(make_person(role))
    assert client.get(reverse("admin:departments_oncall_changelist")).status_code == 200
    assert client.post(reverse("admin:departments_oncall_add"), form(make_person(Role.OFFICER))).status_code == 403


def test_people_by_role_and_department() -> None:
    officer, staff = make_person(Role.OFFICER), make_person(Role.STAFF)
    now = timezone.now()
    assert list(directory.people(Role.OFFICER, now=now)) == [officer]
    department = staff.memberships.get().department
    assert department is not None
    assert list(directory.people(department=department, now=now)) == [staff]
    assert set(directory.people(now=now)) == {officer, staff}
