"""Writes a checked city file into the directory: the file is the truth for what it names, and loading it twice changes
nothing. Departments, agencies and districts that left the file end; they are never deleted, for old complaints name
them. Office hours, holiday changes and memberships are not the file's business."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from departments.city_file import CityFile, DepartmentRow, DistrictRow
from departments.models import Agency, City, Department, District, Duty, Place, PlaceKind, Topic

Key = TypeVar("Key", bound=Hashable)
Model = TypeVar("Model", bound=models.Model)
Tick = Callable[[int], object]


class OtherCity(Exception):
    """The desk already belongs to a city of another name, and nobody said that it should change hands."""


@dataclass
class Counts:
    """What happened to the rows of one table; `removed` are places and topics, `ended` all else."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    ended: int = 0
    removed: int = 0


@dataclass
class LoadReport:
    """What a load did, or in a dry run would have done, by table."""

    city: str
    version: str
    dry_run: bool
    tables: dict[str, Counts] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def rows_in(city: CityFile) -> int:
    """How many rows `load` will tick off."""
    dongs = sum(len(row.legal_dongs) + len(row.admin_dongs) for row in city.districts)
    others = (city.departments, city.agencies, city.districts, city.landmarks, city.topics)
    return dongs + sum(map(len, others))


def is_loaded(content: bytes) -> bool:
    """Is this very file the one that was loaded last?"""
    return City.objects.filter(digest=hashlib.sha256(content).hexdigest()).exists()


def load(
    city: CityFile,
    *,
    digest: str,
    now: datetime,
    dry_run: bool = False,
    replace_city: bool = False,
    tick: Tick = lambda _rows: None,
) -> LoadReport:
    """Write the file in one transaction; a dry run does everything and takes it back. Raises OtherCity."""
    report = LoadReport(city.city.name, city.city.version, dry_run)
    today = timezone.localdate(now)
    with transaction.atomic():
        _refuse_other_city(city.city.name, replace_city=replace_city)
        report.tables["departments"] = _departments(city, today)
        tick(len(city.departments))
        report.tables["districts"] = _districts(city, today, now)
        tick(len(city.districts))
        report.tables["agencies"] = _agencies(city, today)
        tick(len(city.agencies))
        report.tables["places"] = _places(city, now)
        tick(rows_in(city) - sum(map(len, (city.departments, city.agencies, city.districts, city.topics))))
        report.tables["topics"] = _topics(city)
        tick(len(city.topics))
        _sign(city, digest, now)
        transaction.set_rollback(dry_run)
    return report


def _refuse_other_city(name: str, *, replace_city: bool) -> None:
    known = City.objects.first()
    if known is not None and known.name != name and not replace_city:
        raise OtherCity(_("this desk belongs to %(city)s") % {"city": known.name})


def _sign(city: CityFile, digest: str, now: datetime) -> None:
    signature = {
        "name": city.city.name,
        "name_en": city.city.name_en,
        "file_version": city.city.version,
        "digest": digest,
        "credits": [asdict(row) for row in city.city.credits],
        "loaded_at": now,
    }
    City.objects.update_or_create(id=1, defaults=signature)


# --- departments ----------------------------------------------------------------------------------------------------


def _departments(city: CityFile, today: date) -> Counts:
    rows = {row.code: row for row in city.departments}
    ended = _end_departments(rows, today)
    counts, touched = _upsert(Department, _by_code(Department), {code: _fields(row) for code, row in rows.items()})
    found = _by_code(Department)
    ids = {code: row.pk for code, row in found.items()}
    links = {
        code: {"parent_id": ids.get(row.parent), "successor_id": ids.get(row.successor)} for code, row in rows.items()
    }
    touched |= _upsert(Department, found, links)[1] | _duties(rows, ids)
    counts.ended = ended
    counts.changed = len(touched) - counts.created
    counts.unchanged = len(rows) - len(touched)
    return counts


def _fields(row: DepartmentRow) -> dict[str, Any]:
    same = ("code", "name", "name_en", "name_2012", "bureau", "level", "phone", "note", "source_url")
    values = {name: getattr(row, name) for name in (*same, "active_from", "active_to")}
    return {**values, "duties": "\n".join(duty.text for duty in row.duties)}


def _end_departments(rows: Iterable[str], today: date) -> int:
    """Those that left the file end today; one that began today or later ends the day after its beginning."""
    going = Department.objects.exclude(code__in=list(rows)).filter(Q(active_to__isnull=True) | Q(active_to__gt=today))
    for department in going:
        began = department.active_from
        department.active_to = max(today, began + timedelta(days=1)) if began else today
        department.save(update_fields=["active_to"])
    return len(going)


def _duties(rows: Mapping[str, DepartmentRow], ids: Mapping[str, int]) -> set[str]:
    """Duties as the file has them; returns the codes of the departments whose duties were written anew."""
    known: dict[int, list[tuple[str, list[str]]]] = {}
    for duty in Duty.objects.filter(department_id__in=ids.values()).order_by("id"):
        known.setdefault(duty.department_id, []).append((duty.text, duty.words))
    wanted = {code: [(duty.text, list(duty.words)) for duty in row.duties] for code, row in rows.items()}
    changed = {code for code, duties in wanted.items() if known.get(ids[code], []) != duties}
    Duty.objects.filter(department_id__in=[ids[code] for code in changed]).delete()
    Duty.objects.bulk_create(
        Duty(department_id=ids[code], text=text, words=words)
        for code in sorted(changed)
        for text, words in wanted[code]
    )
    return changed


# --- agencies, districts, places, topics --------------------------------------------------------------------------


def _agencies(city: CityFile, today: date) -> Counts:
    known, districts = _by_code(Agency), _district_ids()
    wanted = {}
    for row in city.agencies:
        values = {**asdict(row), "words": list(row.words), "active_to": None}
        values["district_id"] = districts.get(values.pop("district"))
        old = known.get(row.code)
        if old and old.hotline_verified and old.hotline == row.hotline:
            values["hotline_verified"] = True  # somebody has rung it; the file does not know
        wanted[row.code] = values
    gone = Agency.objects.exclude(code__in=list(wanted)).filter(active_to__isnull=True)
    ended = gone.update(active_to=today)
    counts, _touched = _upsert(Agency, known, wanted)
    counts.ended = ended
    return counts


def _districts(city: CityFile, today: date, now: datetime) -> Counts:
    names = ("code", "name", "name_en", "lat", "lon")
    wanted = {row.code: {**{n: getattr(row, n) for n in names}, "active_to": None} for row in city.districts}
    gone = District.objects.exclude(code__in=list(wanted)).filter(active_to__isnull=True)
    ended = gone.update(active_to=today, updated_at=now)
    counts, _touched = _upsert(District, _by_code(District), wanted, stamp=now)
    counts.ended = ended
    return counts


def _district_ids() -> dict[str, int]:
    return dict(District.objects.filter(active_to__isnull=True).values_list("name", "pk"))


def _places(city: CityFile, now: datetime) -> Counts:
    ids = _district_ids()
    values = [value for row in city.districts for value in _dongs(row, ids[row.name])]
    for row in city.landmarks:
        point = {"name": row.name, "aliases": list(row.aliases), "lat": row.lat, "lon": row.lon}
        values.append({**point, "district_id": ids[row.district], "kind": PlaceKind.LANDMARK.value})
    wanted = {(value["district_id"], value["kind"], value["name"]): value for value in values}
    known = {(row.district_id, row.kind, row.name): row for row in Place.objects.all()}
    removed = _remove(row for key, row in known.items() if key not in wanted)
    counts, _touched = _upsert(Place, known, wanted, stamp=now)
    counts.removed = removed
    return counts


def _dongs(row: DistrictRow, district_id: int) -> Iterable[dict[str, Any]]:
    for kind, points in ((PlaceKind.LEGAL_DONG, row.legal_dongs), (PlaceKind.ADMIN_DONG, row.admin_dongs)):
        for point in points:
            yield {**asdict(point), "aliases": [], "district_id": district_id, "kind": kind.value}


def _topics(city: CityFile) -> Counts:
    ids = {code: row.pk for code, row in _by_code(Department).items()}
    wanted: dict[str, dict[str, Any]] = {}
    for row in city.topics:
        values = {**asdict(row), "words": list(row.words), "department_id": ids.get(row.department)}
        wanted[row.name] = {name: value for name, value in values.items() if name != "department"}
    known = {row.name: row for row in Topic.objects.all()}
    removed = _remove(row for name, row in known.items() if name not in wanted)
    counts, _touched = _upsert(Topic, known, wanted)
    counts.removed = removed
    return counts


# --- rows -----------------------------------------------------------------------------------------------------------


def _by_code(model: type[Model]) -> dict[str, Model]:
    return model._default_manager.in_bulk(field_name="code")


def _upsert(
    model: type[Model],
    known: Mapping[Key, Model],
    wanted: Mapping[Key, dict[str, Any]],
    *,
    stamp: datetime | None = None,
) -> tuple[Counts, set[Key]]:
    """Create what is new, update what differs, leave the rest. Returns the counts and the keys that were written.

    `stamp` goes into `updated_at` of changed rows, which a bulk update would not touch."""
    new = {key: model(**values) for key, values in wanted.items() if key not in known}
    changed = {key: known[key] for key, values in wanted.items() if key in known and _differs(known[key], values)}
    for key, row in changed.items():
        for name, value in {**wanted[key], **({"updated_at": stamp} if stamp else {})}.items():
            setattr(row, name, value)
    manager = model._default_manager
    manager.bulk_create(list(new.values()))
    if changed:
        names = list(next(iter(wanted.values()))) + (["updated_at"] if stamp else [])
        manager.bulk_update(list(changed.values()), names, batch_size=100)
    return Counts(len(new), len(changed), len(wanted) - len(new) - len(changed)), {*new, *changed}


def _differs(row: models.Model, values: Mapping[str, Any]) -> bool:
    return any(getattr(row, name) != value for name, value in values.items())


def _remove(rows: Iterable[models.Model]) -> int:
    """Delete what nothing else needs; a row that something points to stays."""
    removed = 0
    for row in rows:
        try:
            with transaction.atomic():
                row.delete()
        except models.ProtectedError:
            continue
        removed += 1
    return removed
