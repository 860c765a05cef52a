"""In time or not: by legal kind and department, on both clocks, and what is overdue with its age."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext as _

from complaints import legal_kinds, reckoning_words
from complaints.models import Figure
from complaints.models.kinds import LegalKind
from complaints.reports import cards, cases, figures, matrices, tables
from complaints.reports.cases import Case
from complaints.reports.matrices import Matrix
from complaints.reports.readers import Reader
from complaints.reports.slices import Slice
from complaints.reports.trends import Trend, trend_of

#: What can be late.
DUE = tuple(code for code, definition in figures.DEFINITIONS.items() if definition.due)


@dataclass(frozen=True, slots=True)
class Term:
    """A legal kind with its period and where the law says so."""

    name: str
    period: str
    articles: str


@dataclass(frozen=True, slots=True)
class Targets:
    """Everything the page shows."""

    cards: list[cards.Card]
    periods: list[tables.Line]
    kinds: list[tables.Line]
    departments: list[tables.Line]
    matrix: Matrix
    overdue: list[Case]
    trend: Trend
    terms: list[Term]


def due_figure(asked: Slice) -> Slice:
    """The question, of a figure that has a due time."""
    return asked if asked.figure in DUE else asked.of(Figure.FIRST_RESPONSE)


def targets_of(asked: Slice, reader: Reader, *, now: datetime) -> Targets:
    """A dozen queries, however many complaints there are."""
    source = reader.source
    by_department, by_kind = replace(asked, by="department"), replace(asked, by="legal_kind")
    return Targets(
        cards=cards.backlog(asked, source, now=now)[1:],
        periods=_periods(asked, reader, now),
        kinds=tables.of_groups(by_kind, source.by_group(by_kind, now=now)),
        departments=tables.of_groups(by_department, source.by_group(by_department, now=now), worst_first=True),
        matrix=matrices.matrix_of(
            by_department, "legal_kind", source.by_pair(by_department, "legal_kind", now=now), matrices.targets_met
        ),
        overdue=cases.overdue(asked, reader.durations, now=now),
        trend=trend_of(asked, source, now=now),
        terms=terms(),
    )


def _periods(asked: Slice, reader: Reader, now: datetime) -> list[tables.Line]:
    """The period, the one before and the same of the year before: one below the other, for shares are no lengths."""
    period = asked.period
    named = (
        (_("this period"), period),
        (_("period before"), period.before()),
        (_("year before"), period.year_before()),
    )
    return [
        tables.line_of(f"{name}: {each}", here, reader.source.of_slice(here, now=now))
        for name, each in named
        for here in (asked.in_period(each),)
    ]


def terms() -> list[Term]:
    """How long each kind may take; one without a period of its own is left out."""
    return [
        Term(str(LegalKind(kind).label), reckoning_words.period(row.period), row.articles)
        for kind, row in legal_kinds.KINDS.items()
        if row.period is not None
    ]
