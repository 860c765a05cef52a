"""The list of promises to take away: what the page shows to this person, all of it, with both ends of every promise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.models import Promise
from complaints.pages import promise_desk
from complaints.watch import promise_list

COLUMNS: tuple[str | Lazy, ...] = (
    _("Receipt number"), _("Promise"), _("Department"), _("State"), _("Promised"), pgettext_lazy("span", "Due"),
    _("Outcome stood"), _("Withdrawn at"), _("Reason"), _("Citizen asked"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One promise."""

    promise: Promise

    def cells(self) -> list[Any]:
        """In the order of COLUMNS; times in Asia/Seoul."""
        row = self.promise
        department = row.complaint.department or row.department
        times = [timezone.localtime(at) if at else None for at in (row.promised_at, row.due_at, row.kept_at)]
        withdrawn = timezone.localtime(row.withdrawn_at) if row.withdrawn_at else None
        return [
            row.complaint.number, row.words, department.name if department else "", promise_desk.label_of(row),
            *times, withdrawn, row.reason, row.asked,
        ]  # fmt: skip


def rows_of(choice: promise_list.Choice, user: User, *, now: datetime, batch: int = 2000) -> Iterator[Row]:
    """In the order of the page, however many there are."""
    yield from map(Row, promise_list.chosen_by(choice, user, now=now).iterator(chunk_size=batch))
