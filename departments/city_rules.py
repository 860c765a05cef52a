"""What must be true between the rows of a city file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from departments.city_file import CityFile, CityFileInvalid, DepartmentRow
from departments.city_values import Problem


def check(city: CityFile) -> None:
    """Raises CityFileInvalid with every broken rule between the rows."""
    problems = [
        *_repeats(city),
        *_references(city),
        *_districts(city),
        *_validity(city),
        *_circles(city),
        *_hotlines(city),
    ]
    if problems:
        raise CityFileInvalid(problems)


def _repeats(city: CityFile) -> Iterator[Problem]:
    """Codes and names that may stand only once."""
    yield from _twice("departments", "code", (row.code for row in city.departments))
    yield from _twice("departments", "name", (row.name for row in city.departments if row.active_to is None))
    yield from _twice("agencies", "code", (row.code for row in city.agencies))
    yield from _twice("agencies", "district", (row.district for row in city.agencies if row.district))
    yield from _twice("districts", "code", (row.code for row in city.districts))
    yield from _twice("districts", "name", (row.name for row in city.districts))
    yield from _twice("topics", "name", (row.name for row in city.topics))
    yield from _twice("landmarks", "name", (f"{row.district} {row.name}" for row in city.landmarks))
    for number, district in enumerate(city.districts):
        yield from _twice(f"districts[{number}].legal_dongs", "name", (row.name for row in district.legal_dongs))
        yield from _twice(f"districts[{number}].admin_dongs", "name", (row.name for row in district.admin_dongs))


def _twice(where: str, key: str, values: Iterable[str]) -> Iterator[Problem]:
    for value, count in Counter(values).items():
        if count > 1:
            yield Problem(where, _("%(key)s “%(value)s” stands %(count)d times") % _named(key, value, count))


def _named(key: str, value: str, count: int) -> dict[str, object]:
    return {"key": key, "value": value, "count": count}


def _references(city: CityFile) -> Iterator[Problem]:
    codes = {row.code for row in city.departments}
    for number, row in enumerate(city.departments):
        for key, code in (("parent", row.parent), ("successor", row.successor)):
            if code and code not in codes:
                yield _unknown(f"{_path(number, row)}.{key}", code)
    for number, topic in enumerate(city.topics):
        if topic.department and topic.department not in codes:
            yield _unknown(f"topics[{number}].department", topic.department)


def _districts(city: CityFile) -> Iterator[Problem]:
    """Whose an office is, and where a landmark stands."""
    known = {row.name for row in city.districts}
    for number, agency in enumerate(city.agencies):
        if agency.district and agency.district not in known:
            yield _unknown(f"agencies[{number}].district", agency.district)
    for number, landmark in enumerate(city.landmarks):
        if landmark.district not in known:
            yield _unknown(f"landmarks[{number}].district", landmark.district)


def _unknown(path: str, value: str) -> Problem:
    return Problem(path, _("“%(value)s” is not in this file") % {"value": value})


def _validity(city: CityFile) -> Iterator[Problem]:
    for number, row in enumerate(city.departments):
        path = _path(number, row)
        if row.active_from and row.active_to and row.active_to <= row.active_from:
            yield Problem(f"{path}.active_to", _("must be after active_from"))
        if row.successor and row.active_to is None:
            yield Problem(f"{path}.successor", _("only a department with active_to has a successor"))


def _circles(city: CityFile) -> Iterator[Problem]:
    """A chain of successors or parents that comes back to where it began."""
    for key in ("parent", "successor"):
        following = {row.code: getattr(row, key) for row in city.departments}
        for number, row in enumerate(city.departments):
            if _returns(row.code, following):
                yield Problem(f"{_path(number, row)}.{key}", _("leads back to itself"))


def _returns(code: str, following: dict[str, str]) -> bool:
    seen: set[str] = set()
    at = following[code]
    while at and at not in seen:
        if at == code:
            return True
        seen.add(at)
        at = following.get(at, "")
    return False


def _hotlines(city: CityFile) -> Iterator[Problem]:
    for number, row in enumerate(city.agencies):
        if row.hotline_verified and not row.hotline:
            yield Problem(f"agencies[{number}].hotline_verified", _("there is no number to be verified"))


def _path(number: int, row: DepartmentRow) -> str:
    return f"departments[{number}] ({row.code})"
