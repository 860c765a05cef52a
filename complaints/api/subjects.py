"""The subjects of the reports as plain values: the same questions to the same sources as their pages ask."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.http import Http404

from complaints.api import figures
from complaints.models import Figure
from complaints.models.duration import DurationQuerySet
from complaints.reports import cases, channel_page, department_page, inspection, notices_owed, targets, words
from complaints.reports.department_page import Unit
from complaints.reports.dimensions import NOBODY
from complaints.reports.numbers import Numbers
from complaints.reports.readers import Reader
from complaints.reports.slices import Slice

#: So many single cases stand in an answer; /reports/list has them all.
MOST = 50


def _groups(asked: Slice, by: str, reader: Reader, *, now: datetime) -> list[dict[str, Any]]:
    return figures.groups(replace(asked, by=by), reader.source, now=now)


def _lines(rows: DurationQuerySet) -> list[dict[str, Any]]:
    return figures.lines(rows, 0, MOST)


def _pairs(asked: Slice, other: str, reader: Reader, *, now: datetime) -> list[dict[str, Any]]:
    """The largest first; what has no second value is left out."""
    found = {pair: each for pair, each in reader.source.by_pair(asked, other, now=now).items() if pair[1] is not None}
    names = words.names_of(asked.by, {one for one, _other in found})
    others = words.names_of(other, {two for _one, two in found})
    order = sorted(found, key=lambda pair: (-found[pair].counted, str(names.get(pair[0])), str(others.get(pair[1]))))
    return [
        {
            "key": NOBODY if one is None else str(one),
            "name": str(names.get(one, one)),
            "other_key": str(two),
            "other_name": str(others.get(two, two)),
            "numbers": found[one, two],
        }
        for one, two in order
    ]


def department(asked: Slice, reader: Reader, *, now: datetime) -> dict[str, Any]:
    """Of a department or bureau, else of all that is reported to the reader. Raises Http404."""
    unit = department_page.unit_of(asked)
    if unit is None and not asked.where.keys().isdisjoint({"department", "bureau"}):
        raise Http404
    first, stays = asked.of(Figure.FIRST_RESPONSE), asked.of(Figure.IN_DEPARTMENT)
    ends = reader.source.by_group(replace(stays, by="ending"), now=now)
    return {
        **_unit(unit),
        "figures": figures.compared(asked, reader.source, now=now),
        "backlog": figures.backlog(asked, reader.source, now=now),
        "came": sum(each.counted for each in ends.values()),
        "sent_back": ends.get("send_back", Numbers()).n,
        "beside": _beside(unit, asked, reader, now=now),
        "departments": [] if unit and unit.department else _groups(first, "department", reader, now=now),
        "weeks": figures.weeks(first, reader.source, now=now),
        "endings": _groups(stays, "ending", reader, now=now),
        "onward": [each for each in _groups(stays, "onward", reader, now=now) if each["key"] != NOBODY],
        "held": _lines(cases.rows_held(asked, reader.durations, now=now)),
    }


def _unit(unit: Unit | None) -> dict[str, Any]:
    known = unit.department if unit else None
    return {
        "name": unit.name if unit else "",
        "department": known.pk if known else None,
        "bureau": unit.bureau if unit else "",
    }


def _beside(unit: Unit | None, asked: Slice, reader: Reader, *, now: datetime) -> list[dict[str, Any]]:
    if unit is None or not reader.sees_all:
        return []
    return [
        {"figure": here.figure, "name": name, "numbers": reader.source.of_slice(here, now=now)}
        for name, here in department_page.wider_of(unit, asked)
    ]


def channel(asked: Slice, reader: Reader, *, now: datetime) -> dict[str, Any]:
    """Of an account or a network, else of all. Raises Http404."""
    accounts, first = channel_page.accounts_of(asked), asked.of(Figure.FIRST_RESPONSE)
    if accounts == []:
        raise Http404
    return {
        "name": channel_page.name_of(accounts, asked) if accounts else "",
        "figures": figures.compared(asked, reader.source, now=now),
        "backlog": figures.backlog(asked, reader.source, now=now),
        "accounts": _groups(first, "account", reader, now=now),
        "kinds": _groups(first, "kind", reader, now=now),
        "weeks": figures.weeks(first, reader.source, now=now),
        "reach": channel_page.reach_of(accounts, asked, now=now) if accounts else [],
    }


def due_times(asked: Slice, reader: Reader, *, now: datetime) -> dict[str, Any]:
    """What was in time."""
    asked = targets.due_figure(asked)
    periods = (asked.period, asked.period.before(), asked.period.year_before())
    found = [reader.source.of_slice(asked.in_period(period), now=now) for period in periods]
    return {
        "figure": asked.figure,
        **dict(zip(("numbers", "before", "year_before"), found, strict=True)),
        "kinds": _groups(asked, "legal_kind", reader, now=now),
        "departments": _groups(asked, "department", reader, now=now),
        "pairs": _pairs(replace(asked, by="department"), "legal_kind", reader, now=now),
        "overdue": _lines(cases.rows_overdue(asked, reader.durations, now=now)),
        "weeks": figures.weeks(asked, reader.source, now=now),
        "terms": targets.terms(),
    }


def hand_overs(asked: Slice, reader: Reader, *, now: datetime) -> dict[str, Any]:
    """Who gave on to whom, and the load."""
    stays = replace(asked.of(Figure.IN_DEPARTMENT), by="department")
    looks = replace(asked.of(Figure.FIRST_TOUCH), by="officer")
    return {
        "passed_on": _pairs(stays, "onward", reader, now=now),
        "endings": _groups(stays, "ending", reader, now=now),
        "departments": _groups(stays, "department", reader, now=now),
        "people": [each for each in _pairs(looks, "hour", reader, now=now) if each["key"] != NOBODY],
    }


def districts(asked: Slice, reader: Reader, *, now: datetime) -> dict[str, Any]:
    """Where complaints come from."""
    return {"districts": _groups(asked.of(Figure.FIRST_RESPONSE), "district", reader, now=now)}


def monthly(asked: Slice, reader: Reader, *, now: datetime) -> dict[str, Any]:
    """The inspection of one calendar month."""
    return {
        "inspect_by": inspection.due_of(asked),
        "over": inspection.is_over(asked, now=now),
        "figures": figures.compared(asked, reader.source, now=now),
        "numbers": reader.source.of_slice(asked, now=now),
        "kinds": _groups(asked, "legal_kind", reader, now=now),
        "departments": _groups(asked, "department", reader, now=now),
        "late": _lines(cases.rows_late(asked, reader.durations, now=now)),
        "notices": notices_owed.notices_of(asked, reader.durations, now=now),
    }
