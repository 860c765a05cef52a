"""Satisfaction (만족도): of the answers that stood in the period, what citizens said of them in their own words.

Who says nothing is in no share, nor what is left undecided; how many those are is told beside it. No group is ordered
by its share: one citizen's word is no mark for anybody (complaints.verdicts).
"""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.models.verdict import SILENT, UNDECIDED, Verdict, VerdictQuerySet, counts_as
from complaints.reports.dimensions import of_complaint
from complaints.reports.periods import Period
from complaints.reports.tallies import Tally

Said = Verdict.Said


def _answered_in(period: Period) -> VerdictQuerySet:
    return Verdict.objects.answered_between(period.begins, period.ends)


def _cells(values: tuple[Any, ...]) -> list[Any]:
    """The words are those of the lists; what else the citizen wrote is not shown."""
    _pk, number, department, answered, said, decided, mark, words, said_at, corrected = values
    counts = "" if decided == Verdict.Decided.STRUCK else decided or said
    return [
        number,
        department or "",
        timezone.localtime(answered),
        str(Said(counts).label) if counts else "",
        mark,
        words,
        timezone.localtime(said_at) if said_at else None,
        timezone.localtime(corrected) if corrected else None,
    ]


TALLY = Tally(
    name="satisfaction",
    title=_("Satisfaction"),
    parts={
        "answers": (_("Answers"), lambda _now: Q()),
        "satisfied": (pgettext_lazy("citizen", "satisfied"), lambda _now: counts_as(Said.SATISFIED)),
        "neither": (pgettext_lazy("citizen", "neither"), lambda _now: counts_as(Said.NEITHER)),
        "not": (pgettext_lazy("citizen", "not satisfied"), lambda _now: counts_as(Said.NOT)),
        "undecided": (pgettext_lazy("citizen", "undecided"), lambda _now: UNDECIDED),
        "silent": (pgettext_lazy("citizen", "said nothing"), lambda _now: SILENT),
    },
    good="satisfied",
    judged=("satisfied", "neither", "not"),
    share=_("Share satisfied"),
    of_period=_answered_in,
    moment="answered_at",
    dimensions=of_complaint("answered_at"),
    columns=(
        _("Receipt number"), _("Department"), _("Answer stood"), _("What the citizen said"), _("Mark of 5"),
        _("By the words"), _("Written"), _("Corrected"),
    ),
    values=(
        "complaint_id", "complaint__number", "department__name", "answered_at", "said", "decided", "mark", "words",
        "said_at", "decided_at",
    ),
    cells=_cells,
    order=("answered_at", "id"),
)  # fmt: skip
