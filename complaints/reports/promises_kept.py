"""Promises kept: of what a reply promised and was due in the period, how much was told of in time.

The rule of "kept" is that of complaints.models.promise; counted as it stands, of all promises that citizens could read.
What is not yet due is in no share: it may still be kept.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.models.promise import KEPT_IN_TIME, KEPT_LATE, Promise, PromiseQuerySet
from complaints.reports.dimensions import of_complaint
from complaints.reports.periods import Period
from complaints.reports.tallies import Tally

State = Promise.State


def _due_in(period: Period) -> PromiseQuerySet:
    return Promise.objects.due_between(period.begins, period.ends)


def _cells(values: tuple[Any, ...]) -> list[Any]:
    """Its words are not shown, for they may name a citizen."""
    _pk, number, department, promised, due, kept, state, asked = values
    times = [timezone.localtime(at) if at else None for at in (promised, due, kept)]
    return [number, department or "", *times, str(State(state).label), asked]


TALLY = Tally(
    name="promises",
    title=_("Promises kept"),
    parts={
        "due": (_("Due in the period"), lambda _now: Q()),
        "kept": (_("Kept in time"), lambda _now: KEPT_IN_TIME),
        "late": (_("Kept late"), lambda _now: KEPT_LATE),
        "overdue": (_("Owed and overdue"), lambda now: Q(state=State.OPEN, due_at__lt=now)),
        "owed": (_("Owed, not yet due"), lambda now: Q(state=State.OPEN, due_at__gte=now)),
        "withdrawn": (_("Withdrawn"), lambda _now: Q(state=State.WITHDRAWN)),
    },
    good="kept",
    judged=("kept", "late", "overdue", "withdrawn"),
    share=_("Share kept in time"),
    of_period=_due_in,
    moment="due_at",
    dimensions=of_complaint(),
    columns=(
        _("Receipt number"), _("Department"), _("Promised"), pgettext_lazy("span", "Due"), _("Outcome stood"),
        _("State"), _("Citizen asked"),
    ),
    values=(
        "complaint_id", "complaint__number", "department__name", "promised_at", "due_at", "kept_at", "state", "asked",
    ),
    cells=_cells,
    order=("due_at", "id"),
    worst_first=True,
)  # fmt: skip
