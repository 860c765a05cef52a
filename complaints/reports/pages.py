"""Pages of one subject each: a department, a channel, due times, hand-overs. Rights: complaints.reports.readers."""

from __future__ import annotations

from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from complaints.models import Figure
from complaints.reports import (
    channel_page,
    department_page,
    district_map,
    hand_overs,
    inspection,
    notices_owed,
    tables,
    targets,
)
from complaints.reports.door import asked_by, shown
from complaints.reports.figures import DEFINITIONS
from complaints.reports.moment import at_one_moment
from complaints.reports.shares import cards_of


@require_safe
@at_one_moment
def department(request: HttpRequest) -> HttpResponse:
    """One department or bureau; without one, all that the reader may choose from."""
    now, reader, asked = asked_by(request)
    heads = tables.heads()
    unit = department_page.unit_of(asked)
    if unit is None and not asked.where.keys().isdisjoint({"department", "bureau"}):
        raise Http404
    if unit is None:
        first = replace(asked.of(Figure.FIRST_RESPONSE), by="department")
        lines = tables.of_groups(first, reader.source.by_group(first, now=now))
        bureaus = replace(first, by="bureau")
        more = tables.of_groups(bureaus, reader.source.by_group(bureaus, now=now))
        return shown(request, "departments", _("Departments"), reader, asked, heads=heads, lines=lines, bureaus=more)
    found = department_page.page_of(unit, asked, reader, now=now)
    of_bureau = replace(asked, where={"bureau": unit.bureau}).query()
    shares = cards_of(asked, request.user, reader, now=now)
    context = {"heads": heads, "page": found, "bureau_query": of_bureau, "shares": shares}
    return shown(request, "department", unit.name, reader, asked, **context)


@require_safe
@at_one_moment
def channel(request: HttpRequest) -> HttpResponse:
    """One account or network; without one, all of them."""
    now, reader, asked = asked_by(request)
    heads = tables.heads()
    accounts = channel_page.accounts_of(asked)
    if accounts is None:
        first = asked.of(Figure.FIRST_RESPONSE)
        by = [replace(first, by=name) for name in ("network", "account")]
        networks, lines = (tables.of_groups(each, reader.source.by_group(each, now=now)) for each in by)
        return shown(request, "channels", _("Channels"), reader, asked, heads=heads, networks=networks, lines=lines)
    if not accounts:
        raise Http404
    found = channel_page.page_of(accounts, asked, reader, now=now)
    shares = cards_of(asked, request.user, reader, now=now)
    return shown(request, "channel", found.name, reader, asked, heads=heads, page=found, shares=shares)


@require_safe
@at_one_moment
def due_times(request: HttpRequest) -> HttpResponse:
    """What was in time."""
    now, reader, asked = asked_by(request)
    asked = targets.due_figure(asked)
    found = targets.targets_of(asked, reader, now=now)
    more = {
        "heads": tables.heads(),
        "figures_offered": [(code, DEFINITIONS[code].name) for code in targets.DUE],
        "found": found,
    }
    return shown(request, "targets", _("Due times kept"), reader, asked, **more)


@require_safe
@at_one_moment
def passed_on(request: HttpRequest) -> HttpResponse:
    """Who gave what on to whom, and the load."""
    now, reader, asked = asked_by(request)
    found = hand_overs.hand_overs_of(asked, reader, now=now)
    return shown(request, "hand_overs", _("Hand-overs and load"), reader, asked, heads=tables.heads(), found=found)


@require_safe
@at_one_moment
def monthly(request: HttpRequest) -> HttpResponse:
    """매월 점검, to be printed and signed."""
    now, reader, asked = asked_by(request)
    asked = inspection.month_of(asked, chosen="on" in request.GET or "from" in request.GET, now=now)
    part = notices_owed.part_in(request.GET.dict())
    found = inspection.inspection_of(asked, reader, now=now, part=part)
    title = _("Monthly inspection of %(month)s") % {"month": asked.period}
    named = notices_owed.PARTS.get(part, _("not sent, of both"))
    return shown(request, "inspection", title, reader, asked, heads=tables.heads(), found=found, notice_part=named)


@require_safe
@at_one_moment
def districts(request: HttpRequest) -> HttpResponse:
    """Where complaints come from."""
    now, reader, asked = asked_by(request)
    found = district_map.map_of(asked, reader.source, now=now)
    return shown(request, "districts", _("By district"), reader, asked, heads=tables.heads(), map=found)
