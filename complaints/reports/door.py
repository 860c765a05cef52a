"""What every page of the reports does first and last: read the address, know the reader, show in the same frame, or
hand out a list as a file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.functional import Promise

from complaints.reports import exports, figures, periods
from complaints.reports.form import choices_of
from complaints.reports.readers import Reader, reader_of
from complaints.reports.slices import Slice, read
from complaints.reports.workbooks import Row


def asked_by(request: HttpRequest) -> tuple[datetime, Reader, Slice]:
    """This moment, who reads, what he asks for. Raises PermissionDenied, BadRequest, Http404."""
    now, reader = timezone.now(), reader_of(request.user)
    asked = read(request.GET.dict(), now=now)
    reader.may_ask(asked)
    return now, reader, asked


def shown(request: HttpRequest, name: str, title: str, reader: Reader, asked: Slice, **more: Any) -> HttpResponse:
    """The page, with the period and the filters above it."""
    choices, today = choices_of(reader, asked), timezone.localdate()
    context = {
        **admin.site.each_context(request),
        "title": title,
        "asked": asked,
        "query": asked.query(),
        "before": asked.in_period(asked.period.before()).query(),
        "after": asked.in_period(asked.period.after()).query(),
        "offered": [
            (name, asked.in_period(period).query(), period == asked.period) for name, period in periods.offered(today)
        ],
        "is_running": asked.period.last >= today,
        "choices": choices,
        "periods": periods.NAMES.items(),
        "narrowed": any(choice.chosen for choice in choices if not choice.first),
        "chosen": [f"{each.label}: {dict(each.options)[each.chosen]}" for each in choices if each.chosen],
        "hours": range(24),
        "sees_all": reader.sees_all,
        "small": figures.SMALL_N,
        **more,
    }
    return TemplateResponse(request, f"desk/reports/{name}.html", context)


def file_of(lines: Iterable[Row], columns: Sequence[str | Promise], *, name: str, ending: str) -> HttpResponseBase:
    """The lines as CSV or XLSX, streamed under this name."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    made = exports.xlsx_of(lines, columns) if ending == "xlsx" else exports.csv_of(lines, columns)
    return StreamingHttpResponse(made, content_type=exports.CONTENT_TYPES[ending], headers=headers)
