"""The pages of the reports: each reads the address, asks once, shows. Rights: complaints.reports.readers."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias, cast

from django.contrib import admin
from django.contrib.auth.models import User
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from complaints import access_log
from complaints.models import Figure
from complaints.reports import charts, exports, figures, lists, numbers, tables, words
from complaints.reports.dimensions import DIMENSIONS
from complaints.reports.door import asked_by, file_of, shown
from complaints.reports.moment import at_one_moment
from complaints.reports.overview import compared, overview_of
from complaints.reports.readers import reader_of
from complaints.reports.shares import cards_of

PAGE = 100
View: TypeAlias = Callable[..., HttpResponseBase]


@require_safe
@at_one_moment
def overview(request: HttpRequest) -> HttpResponse:
    """One screen."""
    now, reader, asked = asked_by(request)
    found, shares = overview_of(asked, reader.source, now=now), cards_of(asked, request.user, reader, now=now)
    return shown(request, "overview", _("Reports"), reader, asked, overview=found, shares=shares)


@require_safe
@at_one_moment
def slice_(request: HttpRequest) -> HttpResponse:
    """One figure by a dimension; all figures of the same slice beside the periods before."""
    now, reader, asked = asked_by(request)
    groups = reader.source.by_group(asked, now=now)
    names = words.names_of(asked.by, groups)
    largest = sorted(groups, key=lambda key: -groups[key].n)[:12]
    bars = [
        (str(names.get(key, key)), groups[key].working_median, words.working(groups[key].working_median))
        for key in largest
    ]
    more = {
        "heads": tables.heads(),
        "lines": tables.of_groups(asked, groups),
        "figures": compared(asked, reader.source, now=now),
        "bars": charts.bars(bars),
        "definition": figures.DEFINITIONS[asked.figure],
        "by_label": DIMENSIONS[asked.by].label,
        "figures_offered": Figure.choices,
        "dimensions": [(name, dimension.label) for name, dimension in DIMENSIONS.items()],
    }
    return shown(request, "slice", figures.DEFINITIONS[asked.figure].name, reader, asked, **more)


@require_safe
@at_one_moment
def list_(request: HttpRequest) -> HttpResponse:
    """The list behind a number."""
    now, reader, asked = asked_by(request)
    part, clock = lists.part_in(request.GET)
    rows = lists.rows_of(asked, part, clock, reader.durations, now=now)
    found = reader.source.of_slice(asked, now=now)
    page = Paginator(rows, PAGE).get_page(request.GET.get("p"))
    more = {
        "part": part,
        "part_title": lists.TITLES[part],
        "clock": clock,
        "page": page,
        "lines": [_marked(line, clock, found) for line in lists.page_of(rows, page.start_index(), page.end_index())],
        "median_text": _length(found, f"{clock}_median", clock),
        "p90_text": _length(found, f"{clock}_p90", clock),
        "own_query": f"{asked.query()}&part={part}&clock={clock}",
    }
    return shown(request, "list", figures.DEFINITIONS[asked.figure].name, reader, asked, **more)


def _length(found: numbers.Numbers, name: str, clock: str) -> str:
    seconds = getattr(found, name)
    return words.working(seconds) if clock == "working" else words.wall(seconds)


def _marked(line: lists.Line, clock: str, found: numbers.Numbers) -> tuple[lists.Line, str, str, str]:
    """The line, what it is an example of, and its lengths in words."""
    seconds = line.working_seconds if clock == "working" else line.wall_seconds
    known = {getattr(found, f"{clock}_p90"): "p90", getattr(found, f"{clock}_median"): _("Median")}
    mark = known.get(seconds, "") if seconds is not None else ""
    return line, mark, words.working(line.working_seconds), words.wall(line.wall_seconds)


@require_safe
def export(request: HttpRequest, ending: str) -> HttpResponseBase:
    """The list behind a number as CSV or XLSX; every figure of the slice as JSON. Who took what is recorded."""
    now, reader, asked = asked_by(request)
    part, clock = lists.part_in(request.GET)
    if ending not in exports.CONTENT_TYPES:
        raise Http404
    user = cast("User", request.user)
    subject = f"{asked.figure} {part} {asked.period.first}–{asked.period.last}"
    access_log.record(user=user, action="report export", subject=subject, request=request, now=now)
    if ending == "json":
        found = reader.source.by_figure(asked, now=now)
        return JsonResponse(exports.as_json(asked, found, now=now), json_dumps_params={"ensure_ascii": False})
    lines = lists.lines_of(lists.rows_of(asked, part, clock, reader.durations, now=now))
    name = f"{asked.figure.lower()}-{part}-{asked.period.first}-{asked.period.last}.{ending}"
    return file_of(lines, lists.COLUMNS, name=name, ending=ending)


@require_safe
def definitions(request: HttpRequest) -> HttpResponse:
    """지표 정의: the page that a council member may hold against every number."""
    reader_of(request.user)
    context = {
        **admin.site.each_context(request),
        "title": _("Definitions of the figures"),
        "definitions": figures.DEFINITIONS.values(),
        "numbers": figures.NUMBERS,
        "exclusions": figures.EXCLUSIONS.values(),
        "clocks": figures.CLOCKS.values(),
        "rules": figures.RULES,
        "small": figures.SMALL_N,
    }
    return TemplateResponse(request, "desk/reports/definitions.html", context)
