"""The pages of what is counted besides the spans, promises kept and satisfaction, and their lists to take away."""

from __future__ import annotations

from typing import Any, cast

from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from complaints import access_log
from complaints.reports import (
    exports,
    promises_kept,
    satisfaction,
    tallies,
    tally_history,
    tally_lists,
    tally_values,
)
from complaints.reports.dimensions import DIMENSIONS
from complaints.reports.door import asked_by, file_of, shown
from complaints.reports.moment import at_one_moment
from complaints.reports.shares import TALLIES
from complaints.reports.tallies import Tally


@require_safe
@at_one_moment
def promises(request: HttpRequest) -> HttpResponse:
    """What was promised for the period, and what of it was kept."""
    return _page(request, promises_kept.TALLY)


@require_safe
@at_one_moment
def satisfied(request: HttpRequest) -> HttpResponse:
    """What citizens said of the answers of the period."""
    return _page(request, satisfaction.TALLY)


def _page(request: HttpRequest, tally: Tally) -> HttpResponse:
    """The period beside the periods before, over time, broken down, and the list behind a number on the same page."""
    now, reader, typed = asked_by(request)
    asked = tallies.broken_down(tally, typed)
    part, rows = tallies.part_in(tally, request.GET.dict()), tallies.rows_of(tally, asked, request.user, reader)
    found = tally_lists.listed(tally, rows, part, now=now) if part else None
    steps = tally_history.counted_of(tally, asked, request.user, reader, now=now)
    periods = tallies.periods_of(tally, asked, request.user, reader, now=now)
    more: dict[str, Any] = {
        "tally": tally,
        "endings": list(exports.CONTENT_TYPES),
        "heads": tallies.heads(tally),
        "lines": [tallies.line_of(tally, *one) for one in periods],
        "history": tally_history.history_of(tally, asked, steps),
        "groups": tallies.groups_of(tally, asked, rows, now=now),
        "by_label": DIMENSIONS[asked.by].label,
        "dimensions": [(name, dimension.label) for name, dimension in tally.dimensions.items()],
        "not_by": DIMENSIONS[typed.by].label if typed.by != asked.by else "",
        "not_applied": tallies.not_applied(tally, asked),
        "tally_part": part,
        "part_title": tally.parts[part][0] if part else "",
        "count": found.count() if found is not None else 0,
        "columns": tally_lists.headings(tally),
        "listed": list(tally_lists.lines_of(tally, found, most=tally_lists.MOST)) if found is not None else [],
    }
    return shown(request, tally.name, str(tally.title), reader, asked, **more)


@require_safe
def export(request: HttpRequest, name: str, ending: str) -> HttpResponseBase:
    """The list behind a number as CSV or XLSX; all numbers as JSON. Who took what is recorded."""
    now, reader, asked = asked_by(request)
    tally = TALLIES.get(name)
    if tally is None or ending not in exports.CONTENT_TYPES:
        raise Http404
    part = tallies.part_in(tally, request.GET.dict()) or next(iter(tally.parts))
    subject = f"{name} {part} {asked.period.first}–{asked.period.last}"
    access_log.record(
        user=cast("User", request.user), action="report export", subject=subject, request=request, now=now
    )
    if ending == "json":
        found = tally_values.as_values(tally, asked, request.user, reader, now=now)
        for step in found["history"]:
            step["period"] = exports.period_as_json(step["period"])
        return JsonResponse(
            {**exports.asked_as_json(asked, now=now), **found}, json_dumps_params={"ensure_ascii": False}
        )
    rows = tallies.rows_of(tally, asked, request.user, reader)
    lines = tally_lists.lines_of(tally, tally_lists.listed(tally, rows, part, now=now))
    file = f"{name}-{part}-{asked.period.first}-{asked.period.last}.{ending}"
    return file_of(lines, tally_lists.headings(tally), name=file, ending=ending)
