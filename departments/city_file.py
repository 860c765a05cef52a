"""The city file: a JSON text becomes checked rows, or a list of everything that is wrong with it.

docs/city-file.md describes the file. Nothing here touches the database: departments/city_rules.py holds the rules that
need more than one row, departments/city_load.py writes the rows.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Annotated, NoReturn, cast

from django.utils.translation import gettext as _

from departments.city_values import Problem, boolean, choice, day, degrees, exactly, many, record, text
from departments.models import DepartmentLevel, Urgency

MAX_BYTES = 20_000_000

_CODE = r"[A-Za-z0-9_-]+"
_code, _reference = text(40, pattern=_CODE), text(40, pattern=_CODE, optional=True)
_name, _title = text(100), text(100, optional=True)
_line, _note = text(200, optional=True), text(5000, optional=True)
_words = many(_name)
_lat, _lon = degrees(90), degrees(180)


class CityFileInvalid(Exception):
    """The file cannot be loaded; `problems` names everything that was found."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


@dataclass(frozen=True)
class CreditRow:
    what: Annotated[str, _name]
    source: Annotated[str, text(300)]
    licence: Annotated[str, _title] = ""


@dataclass(frozen=True)
class CityRow:
    name: Annotated[str, _name]
    name_en: Annotated[str, _name]
    version: Annotated[str, text(50)]
    credits: Annotated[tuple[CreditRow, ...], many(record(CreditRow))] = ()


@dataclass(frozen=True)
class DutyRow:
    text: Annotated[str, text(5000)]
    words: Annotated[tuple[str, ...], _words] = ()


@dataclass(frozen=True)
class DepartmentRow:
    code: Annotated[str, _code]
    name: Annotated[str, _name]
    name_en: Annotated[str, _title] = ""
    name_2012: Annotated[str, _title] = ""
    bureau: Annotated[str, _title] = ""
    level: Annotated[str, choice(DepartmentLevel.values)] = DepartmentLevel.CITY.value
    parent: Annotated[str, _reference] = ""
    duties: Annotated[tuple[DutyRow, ...], many(record(DutyRow))] = ()
    phone: Annotated[str, text(40, optional=True)] = ""
    note: Annotated[str, _note] = ""
    source_url: Annotated[str, text(200, pattern=r"https?://\S+", optional=True)] = ""
    active_from: Annotated[date | None, day] = None
    active_to: Annotated[date | None, day] = None
    successor: Annotated[str, _reference] = ""


@dataclass(frozen=True)
class AgencyRow:
    code: Annotated[str, _code]
    name: Annotated[str, _name]
    name_en: Annotated[str, _title] = ""
    duties: Annotated[str, _note] = ""
    words: Annotated[tuple[str, ...], _words] = ()
    hotline: Annotated[str, _title] = ""
    hotline_verified: Annotated[bool, boolean] = False
    district: Annotated[str, text(50, optional=True)] = ""


@dataclass(frozen=True)
class PointRow:
    name: Annotated[str, _name]
    lat: Annotated[float, _lat]
    lon: Annotated[float, _lon]


@dataclass(frozen=True)
class DistrictRow:
    code: Annotated[str, text(10, pattern=_CODE)]
    name: Annotated[str, text(50)]
    lat: Annotated[float, _lat]
    lon: Annotated[float, _lon]
    name_en: Annotated[str, _title] = ""
    legal_dongs: Annotated[tuple[PointRow, ...], many(record(PointRow))] = ()
    admin_dongs: Annotated[tuple[PointRow, ...], many(record(PointRow))] = ()


@dataclass(frozen=True)
class LandmarkRow:
    name: Annotated[str, _name]
    district: Annotated[str, text(50)]
    lat: Annotated[float, _lat]
    lon: Annotated[float, _lon]
    aliases: Annotated[tuple[str, ...], _words] = ()


@dataclass(frozen=True)
class TopicRow:
    name: Annotated[str, _name]
    words: Annotated[tuple[str, ...], _words] = ()
    department: Annotated[str, _reference] = ""
    district_unit: Annotated[str, _line] = ""
    agency_note: Annotated[str, _line] = ""
    urgency: Annotated[str, choice(Urgency.values)] = Urgency.NORMAL.value
    note: Annotated[str, _note] = ""


@dataclass(frozen=True)
class CityFile:
    format: Annotated[int, exactly(1)]
    city: Annotated[CityRow, record(CityRow)]
    departments: Annotated[tuple[DepartmentRow, ...], many(record(DepartmentRow))]
    agencies: Annotated[tuple[AgencyRow, ...], many(record(AgencyRow))] = ()
    districts: Annotated[tuple[DistrictRow, ...], many(record(DistrictRow))] = ()
    landmarks: Annotated[tuple[LandmarkRow, ...], many(record(LandmarkRow))] = ()
    topics: Annotated[tuple[TopicRow, ...], many(record(TopicRow))] = ()


def parse(content: bytes) -> CityFile:
    """The rows of a city file, each right in itself. Raises CityFileInvalid with every problem of shape."""
    raw = _json(content)
    problems: list[Problem] = []

    def report(path: str, message: str) -> None:
        problems.append(Problem(path or _("file"), message))

    city = record(CityFile)(raw, "", report)
    if problems:
        raise CityFileInvalid(problems)
    return cast("CityFile", city)


def _json(content: bytes) -> object:
    if len(content) > MAX_BYTES:
        _refuse(_("larger than %(limit)d bytes") % {"limit": MAX_BYTES})
    try:
        return json.loads(content.decode("utf-8-sig"), parse_constant=_no_constant, object_pairs_hook=_no_repeats)
    except UnicodeDecodeError as error:
        _refuse(_("not UTF-8 (byte %(byte)d)") % {"byte": error.start})
    except json.JSONDecodeError as error:
        where = _("line %(line)d, column %(column)d") % {"line": error.lineno, "column": error.colno}
        _refuse(_("not JSON: %(reason)s") % {"reason": error.msg}, path=where)
    except (ValueError, RecursionError) as error:
        _refuse(_("not JSON: %(reason)s") % {"reason": str(error)})


def _refuse(message: str, *, path: str = "") -> NoReturn:
    raise CityFileInvalid([Problem(path or _("file"), message)]) from None


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _no_repeats(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _value in pairs]
        repeated = next(name for name in names if names.count(name) > 1)
        raise ValueError(_("key given twice: %(key)s") % {"key": ascii(repeated[:60])[1:-1]})
    return found
