"""The figures of the reports for programs. Who reads how much of them: complaints.reports.readers, as on the pages."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from complaints.api import figures, shapes
from complaints.api.door import Door
from complaints.models.duration import DurationQuerySet
from complaints.reports import lists
from complaints.reports.moment import at_one_moment
from complaints.reports.readers import Reader, reader_of
from complaints.reports.slices import Slice, read


class Overview(Door):
    summary = _("What the overview of the reports shows")
    asks = shapes.SliceQuery
    answers = shapes.OverviewShape

    @at_one_moment
    def get(self, request: Request) -> Response:
        now, reader, asked = asked_by(self, request)
        found = figures.overview(asked, reader.source, now=now)
        return Response(self.answers({**figures.answered(asked, now=now), **found}).data)


class Figures(Door):
    summary = _("Every figure of a slice, beside the period before and the year before")
    asks = shapes.SliceQuery
    answers = shapes.FiguresShape

    @at_one_moment
    def get(self, request: Request) -> Response:
        now, reader, asked = asked_by(self, request)
        found = figures.compared(asked, reader.source, now=now)
        return Response(self.answers({**figures.answered(asked, now=now), "figures": found}).data)


class Groups(Door):
    summary = _("One figure, broken down by a dimension")
    asks = shapes.SliceQuery
    answers = shapes.SliceShape

    @at_one_moment
    def get(self, request: Request) -> Response:
        now, reader, asked = asked_by(self, request)
        found = figures.groups(asked, reader.source, now=now)
        more = {"figure": asked.figure, "by": asked.by, "groups": found}
        return Response(self.answers({**figures.answered(asked, now=now), **more}).data)


class Lines(Door):
    """Each page stands in the access record, as an export does."""

    summary = _("The cases behind a number, page by page, the longest first")
    asks = shapes.ListQuery
    answers = shapes.LinesShape

    def get(self, request: Request) -> Response:
        now, reader, asked = asked_by(self, request)
        part, clock = lists.part_in(request.query_params)
        subject = f"{asked.figure} {part} {asked.period.first}–{asked.period.last}"
        self.record(request, "report export", subject)
        found = self._page(request, lists.rows_of(asked, part, clock, reader.durations, now=now))
        more = {"part": part, "clock": clock, **found}
        return Response(self.answers({**figures.answered(asked, now=now), **more}).data)

    @at_one_moment
    def _page(self, request: Request, rows: DurationQuerySet) -> dict[str, Any]:
        """Raises NotFound behind the last one."""
        question = self.asked(request)
        number, size = question["page"], question["size"]
        count = rows.count()
        pages = max(1, -(-count // size))
        if number > pages:
            raise NotFound
        lines = figures.lines(rows, (number - 1) * size, number * size)
        return {"count": count, "page": number, "pages": pages, "lines": lines}


class Definitions(Door):
    summary = _("What every figure means")
    answers = shapes.DefinitionsShape

    def get(self, request: Request) -> Response:
        self.asked(request)
        reader_of(request.user)
        return Response(self.answers(figures.definitions()).data)


def asked_by(door: Door, request: Request) -> tuple[datetime, Reader, Slice]:
    """This moment, who reads, what he asks for. Raises PermissionDenied, ValidationError, BadRequest, Http404."""
    now, reader = timezone.now(), reader_of(request.user)
    door.asked(request)
    values: dict[str, Any] = request.query_params.dict()
    asked = read(values, now=now)
    reader.may_ask(asked)
    return now, reader, asked
