"""Who reads reports (docs/rights.md): managers and auditors of the whole city, heads of their own departments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone

from complaints.models import Duration
from complaints.models.duration import DurationQuerySet
from complaints.reports.packed import Packed
from complaints.reports.slices import Slice
from complaints.reports.sources import Exact
from departments import directory
from departments.bureaus import bureau_of_departments
from departments.models import Department, Role


@dataclass(frozen=True, slots=True)
class Reader:
    """`departments`: (id, name) of those he may ask for. `source`: the numbers of all that is reported to him."""

    source: Exact
    departments: list[tuple[str, str]]
    sees_all: bool

    @property
    def durations(self) -> DurationQuerySet:
        return self.source.durations

    def may_ask(self, asked: Slice) -> None:
        """Raises Http404 for a department or a bureau that is not there for him."""
        if self.sees_all:
            return
        own = dict(self.departments)
        if "department" in asked.where and asked.where["department"] not in own:
            raise Http404
        if "bureau" in asked.where:
            bureaus = bureau_of_departments()
            if asked.where["bureau"] not in {bureaus.get(int(pk)) for pk in own}:
                raise Http404


def reader_of(user: Any) -> Reader:
    """Raises PermissionDenied for who reads no reports."""
    if directory.has_role(user, Role.MANAGER, Role.AUDITOR):
        active = Department.objects.active(timezone.localdate()).order_by("name")
        return Reader(Packed(Duration.objects.reported_to(user)), _choices(active), sees_all=True)
    if not directory.has_role(user, Role.HEAD):
        raise PermissionDenied
    own = [row for row in directory.departments_of(user).order_by("name") if directory.heads(user, row)]
    return Reader(Exact(Duration.objects.reported_to(user)), _choices(own), sees_all=False)


def _choices(rows: Any) -> list[tuple[str, str]]:
    return [(str(row.pk), row.name) for row in rows]
