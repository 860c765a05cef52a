"""One department, or one bureau with all its departments: as they were when things happened, and what they hold now."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext as _

from complaints.models import Figure
from complaints.reports import cards, cases, figures, tables
from complaints.reports.cards import Card
from complaints.reports.cases import Case
from complaints.reports.dimensions import NOBODY
from complaints.reports.numbers import Numbers
from complaints.reports.overview import compared
from complaints.reports.readers import Reader
from complaints.reports.slices import Slice
from complaints.reports.trends import Trend, trend_of
from departments.bureaus import bureau_of_departments
from departments.models import Department

#: What is held against the bureau and the city.
SIDE_BY_SIDE = (Figure.FIRST_RESPONSE, Figure.RESOLUTION)


@dataclass(frozen=True, slots=True)
class Unit:
    """What is known of it. `department` None: a bureau."""

    name: str
    department: Department | None = None
    bureau: str = ""
    before: tuple[Department, ...] = ()


@dataclass(frozen=True, slots=True)
class DepartmentPage:
    """Everything the page shows."""

    unit: Unit
    cards: list[Card]
    figures: list[tables.Line]
    beside: list[tables.Line]
    departments: list[tables.Line]
    trend: Trend
    endings: list[tables.Line]
    onward: list[tables.Line]
    held: list[Case]


def unit_of(asked: Slice) -> Unit | None:
    """Which one the address asks for; None for none, or for complaints that nobody holds, or one that is not there."""
    bureaus, bureau = bureau_of_departments(), asked.where.get("bureau", "")
    if "department" not in asked.where:
        return Unit(bureau) if bureau in bureaus.values() else None
    wanted = asked.where["department"]
    known = Department.objects.select_related("successor")
    found = None if wanted == NOBODY else known.filter(pk=wanted).first()
    if found is None:
        return None
    before = tuple(Department.objects.filter(successor=found))
    return Unit(found.name, found, bureaus.get(found.pk, ""), before)


def page_of(unit: Unit, asked: Slice, reader: Reader, *, now: datetime) -> DepartmentPage:
    """About thirty queries, however many complaints there are."""
    source, first, stays = reader.source, asked.of(Figure.FIRST_RESPONSE), asked.of(Figure.IN_DEPARTMENT)
    return DepartmentPage(
        unit=unit,
        cards=[*cards.backlog(asked, source, now=now), *_came(stays, reader, now)],
        figures=compared(asked, source, now=now),
        beside=_beside(unit, asked, reader, now) if reader.sees_all else [],
        departments=[] if unit.department else _groups(replace(first, by="department"), reader, now),
        trend=trend_of(first, source, now=now),
        endings=_groups(replace(stays, by="ending"), reader, now),
        onward=[line for line in _groups(replace(stays, by="onward"), reader, now) if line.name != _("nobody")],
        held=cases.held(asked, reader.durations, now=now),
    )


def _came(stays: Slice, reader: Reader, now: datetime) -> list[Card]:
    """What was given to it in the period, and what it sent back."""
    found = reader.source.by_group(replace(stays, by="ending"), now=now)
    came, back = sum(each.counted for each in found.values()), found.get("send_back", Numbers())
    refused = replace(stays, where={**stays.where, "ending": "send_back"})
    return [
        Card(_("came to it in the period"), f"{came:,}", "", cards.list_of(stays, "all")),
        Card(_("sent back"), f"{back.n:,}", "", cards.list_of(refused, "n")),
    ]


def _groups(asked: Slice, reader: Reader, now: datetime) -> list[tables.Line]:
    return tables.of_groups(asked, reader.source.by_group(asked, now=now))


def _beside(unit: Unit, asked: Slice, reader: Reader, now: datetime) -> list[tables.Line]:
    """The same figures of the department, of its bureau and of the whole city."""
    return [
        tables.line_of(f"{figures.DEFINITIONS[here.figure].name} · {name}", here, reader.source.of_slice(here, now=now))
        for name, here in wider_of(unit, asked)
    ]


def wider_of(unit: Unit, asked: Slice) -> list[tuple[str, Slice]]:
    """The unit itself, its bureau, the whole city, for each figure that is held against them."""
    wider = {name: value for name, value in asked.where.items() if name not in ("department", "bureau")}
    wheres = [(unit.name, asked.where)]
    if unit.department is not None and unit.bureau:
        wheres.append((unit.bureau, {**wider, "bureau": unit.bureau}))
    wheres.append((_("the whole city"), wider))
    return [(name, replace(asked.of(code), where=where)) for code in SIDE_BY_SIDE for name, where in wheres]
