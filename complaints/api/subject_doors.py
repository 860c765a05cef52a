"""The subjects of the reports for programs, each with what its page shows. Rights: complaints.reports.readers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response

from complaints.api import figures, subject_shapes, subjects
from complaints.api.door import Door
from complaints.api.report_doors import asked_by
from complaints.reports import inspection, promises_kept, satisfaction, tally_values
from complaints.reports.moment import at_one_moment
from complaints.reports.readers import Reader
from complaints.reports.slices import Slice
from complaints.reports.tallies import Tally


class Subject(Door):
    """`values`: everything it says, besides what was asked."""

    asks = subject_shapes.SubjectQuery
    values: ClassVar[Callable[..., dict[str, Any]]]

    @at_one_moment
    def get(self, request: Request) -> Response:
        now, reader, asked = asked_by(self, request)
        asked = self.narrowed(asked, request, now=now)
        found = self.found(asked, request, reader, now=now)
        return Response(self.answers({**figures.answered(asked, now=now), **found}).data)

    def narrowed(self, asked: Slice, _request: Request, *, now: datetime) -> Slice:
        """What of it this subject speaks of."""
        return asked

    def found(self, asked: Slice, _request: Request, reader: Reader, *, now: datetime) -> dict[str, Any]:
        return type(self).values(asked, reader, now=now)


class ReportOfDepartment(Subject):
    summary = _("One department or bureau: all figures, its weeks, how stays ended, what it holds now")
    answers = subject_shapes.DepartmentReportShape
    values = subjects.department


class ReportOfChannel(Subject):
    summary = _("One account or network: all figures, its weeks, kinds of posts, followers and reach")
    answers = subject_shapes.ChannelReportShape
    values = subjects.channel


class DueTimes(Subject):
    summary = _("What was in time, by legal kind and department, and what is overdue now")
    asks = subject_shapes.DueQuery
    answers = subject_shapes.DueTimesShape
    values = subjects.due_times


class HandOvers(Subject):
    summary = _("Who gave on to whom, how stays ended, the load of departments and officers")
    answers = subject_shapes.HandOversShape
    values = subjects.hand_overs


class Districts(Subject):
    summary = _("All numbers of the first answers by district")
    answers = subject_shapes.DistrictsShape
    values = subjects.districts


class Monthly(Subject):
    """A calendar month; without a day of it the last one."""

    summary = _("The monthly inspection, with the notices of the month")
    answers = subject_shapes.MonthlyShape
    values = subjects.monthly

    def narrowed(self, asked: Slice, request: Request, *, now: datetime) -> Slice:
        chosen = not {"on", "from"}.isdisjoint(request.query_params)
        return inspection.month_of(asked, chosen=chosen, now=now)


class Tallied(Subject):
    tally: ClassVar[Tally]

    def found(self, asked: Slice, request: Request, reader: Reader, *, now: datetime) -> dict[str, Any]:
        return tally_values.as_values(self.tally, asked, request.user, reader, now=now)


class PromisesKept(Tallied):
    summary = _("Promises kept in time, late, owed, withdrawn")
    asks = subject_shapes.PromisesQuery
    answers = subject_shapes.PromisesShape
    tally = promises_kept.TALLY


class Satisfied(Tallied):
    summary = _("What citizens said of the answers, and how many said nothing")
    asks = subject_shapes.SatisfactionQuery
    answers = subject_shapes.SatisfactionShape
    tally = satisfaction.TALLY
