"""load_city: first load, second load, a city that changed, another city, and what the command says and returns."""

from __future__ import annotations

import io
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import models
from django.utils import timezone

from departments import city_file, city_load
from departments.models import Agency, City, Department, District, Duty, Place, Topic
from tests.departments.test_city_file import as_bytes, small_city
from tests.make import make_department

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 24, 1, tzinfo=UTC)
TODAY = date(2026, 11, 24)
TABLES: list[type[models.Model]] = [Department, Duty, Agency, District, Place, Topic, City]


def load(raw: dict[str, Any], **options: Any) -> city_load.LoadReport:
    return city_load.load(city_file.parse(as_bytes(raw)), digest="d" * 64, now=NOW, **options)


def counts(report: city_load.LoadReport, table: str) -> dict[str, int]:
    return {name: count for name, count in report.as_dict()["tables"][table].items() if count}


def content() -> list[list[dict[str, Any]]]:
    """Everything in the directory, without when it was loaded."""
    return [
        [{k: v for k, v in row.items() if k != "loaded_at"} for row in model._default_manager.order_by("pk").values()]
        for model in TABLES
    ]


def test_a_city_arrives_whole() -> None:
    report = load(small_city())
    assert {table: counts(report, table) for table in report.tables} == {
        "departments": {"created": 2},
        "agencies": {"created": 1},
        "districts": {"created": 1},
        "places": {"created": 2},
        "topics": {"created": 1},
    }
    road = Department.objects.get(code="ROAD")
    assert (road.duties, road.parent_id) == ("도로 유지", Department.objects.get(code="OLD").pk)
    assert road.duty_rows.get().words == ["도로", "포트홀"]
    assert road.predecessors.get().name == "토목과"
    assert Topic.objects.get().department == road
    assert Place.objects.get(kind="landmark").aliases == ["나루"]
    city = City.objects.get()
    assert (city.name, city.file_version, city.loaded_at) == ("나루시", "1", NOW)
    assert city.credits == [{"what": "a", "source": "b", "licence": ""}]


def test_the_same_file_again_changes_nothing() -> None:
    load(small_city())
    before = content()
    report = load(small_city())
    assert content() == before
    assert all(set(counts(report, table)) == {"unchanged"} for table in report.tables)


def test_a_changed_row_is_changed_and_only_that() -> None:
    load(small_city())
    keys = list(Department.objects.values_list("pk", flat=True))
    raw = small_city()
    raw["departments"][0]["duties"][0]["words"] = ["도로"]
    raw["departments"][1]["name"] = "옛 토목과"
    raw["districts"][0]["legal_dongs"][0]["lat"] = 37.6
    report = load(raw)
    assert counts(report, "departments") == {"changed": 2}
    assert counts(report, "places") == {"changed": 1, "unchanged": 1}
    assert list(Department.objects.values_list("pk", flat=True)) == keys
    assert Duty.objects.get().words == ["도로"]
    assert Place.objects.get(kind="legal_dong").lat == 37.6


def test_a_changed_place_is_stamped_for_those_who_cache_it() -> None:
    load(small_city())
    raw = small_city()
    raw["landmarks"][0]["aliases"] = []
    raw["districts"][0]["name_en"] = "Naru-gu"
    load(raw)
    assert Place.objects.get(kind="landmark").updated_at == NOW
    assert District.objects.get().updated_at == NOW


def test_only_a_link_that_changed_counts_as_a_change() -> None:
    load(small_city())
    raw = small_city()
    raw["departments"][0]["parent"] = ""
    assert counts(load(raw), "departments") == {"changed": 1, "unchanged": 1}
    assert Department.objects.get(code="ROAD").parent is None


def test_what_left_the_file_ends_and_is_never_deleted() -> None:
    load(small_city())
    raw = {**small_city(), "agencies": [], "districts": [], "landmarks": [], "topics": []}
    raw["departments"] = [{"code": "NEW", "name": "새 과"}]
    report = load(raw)
    assert counts(report, "departments") == {"created": 1, "ended": 1}
    assert counts(report, "agencies") == {"ended": 1}
    assert counts(report, "districts") == {"ended": 1}
    assert counts(report, "places") == {"removed": 2}
    assert counts(report, "topics") == {"removed": 1}
    assert Department.objects.get(code="ROAD").active_to == TODAY
    assert Department.objects.get(code="OLD").active_to == date(2020, 1, 1)
    assert counts(load(raw), "departments") == {"unchanged": 1}


def test_what_comes_back_is_in_force_again() -> None:
    load(small_city())
    load({**small_city(), "departments": [], "topics": [], "agencies": [], "districts": [], "landmarks": []})
    load(small_city())
    assert Department.objects.get(code="ROAD").active_to is None
    assert Agency.objects.get().active_to is None
    assert District.objects.get().active_to is None


def test_a_department_that_began_today_ends_tomorrow() -> None:
    young = make_department(active_from=TODAY)
    load(small_city())
    young.refresh_from_db()
    assert young.active_to == date(2026, 11, 25)


def test_a_verified_hotline_stays_so_while_the_number_is_the_same() -> None:
    raw = small_city()
    raw["agencies"][0]["hotline_verified"] = False
    load(raw)
    Agency.objects.update(hotline_verified=True)
    assert counts(load(raw), "agencies") == {"unchanged": 1}
    assert Agency.objects.get().hotline_verified
    raw["agencies"][0]["hotline"] = "113"
    load(raw)
    assert not Agency.objects.get().hotline_verified


def test_a_dry_run_tells_the_same_and_writes_nothing() -> None:
    before = content()
    report = load(small_city(), dry_run=True)
    assert counts(report, "departments") == {"created": 2}
    assert report.dry_run
    assert content() == before


def test_every_row_is_ticked_off() -> None:
    ticked: list[int] = []
    load(small_city(), tick=ticked.append)
    assert sum(ticked) == city_load.rows_in(city_file.parse(as_bytes(small_city()))) == 7


def test_what_something_else_needs_is_not_removed(monkeypatch: pytest.MonkeyPatch) -> None:
    def needed(self: Topic) -> None:
        raise models.ProtectedError("a record names it", {self})

    load(small_city())
    monkeypatch.setattr(Topic, "delete", needed)
    assert counts(load({**small_city(), "topics": []}), "topics") == {}
    assert Topic.objects.count() == 1


# --- the command -----------------------------------------------------------------------------------------------------


def run(*args: str) -> str:
    out = io.StringIO()
    call_command("load_city", *args, "--lang=en", stdout=out)
    return out.getvalue()


def write(folder: Path, raw: object) -> str:
    path = folder / "city.json"
    path.write_bytes(as_bytes(raw))
    return str(path)


def test_busan_is_loaded_by_default_and_twice_without_a_change() -> None:
    first = run()
    assert first.startswith("부산광역시 2026-11-22: Loaded\n")
    assert "Departments: new 94" in first
    second = run()
    assert "Departments: unchanged 94" in second
    assert "new" not in second
    tour = Department.objects.get(code="TOUR")
    assert (tour.name, tour.name_2012) == ("관광정책과", "관광진흥과")
    assert tour.predecessors.get().name == "관광진흥과"
    assert not tour.predecessors.get().is_active(timezone.localdate())
    assert Department.objects.active(timezone.localdate()).count() == 83


def test_another_city_may_have_the_desk(tmp_path: Path) -> None:
    other = write(tmp_path, small_city())
    run()
    with pytest.raises(CommandError, match="was not loaded") as refused:
        run(other)
    assert refused.value.returncode == 1
    assert Department.objects.filter(code="ROAD").count() == 0
    told = run(other, "--replace-city")
    assert "Departments: new 2, ended 83" in told
    assert City.objects.get().name == "나루시"
    assert [row.name for row in District.objects.filter(active_to=None)] == ["나루구"]
    assert Department.objects.active(timezone.localdate()).get().name == "도로과"


def test_the_output_may_be_read_by_a_program(tmp_path: Path) -> None:
    path = write(tmp_path, small_city())
    told = json.loads(run(path, "--json", "--dry-run"))
    assert (told["ok"], told["dry_run"], told["tables"]["departments"]["created"]) == (True, True, 2)
    assert not Department.objects.exists()
    assert "Checked only, nothing changed" in run(path, "--dry-run")


def test_no_progress_bar_where_nobody_watches(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(write(tmp_path, small_city()))
    assert capsys.readouterr().err == ""


def test_a_progress_bar_where_somebody_does(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    run(write(tmp_path, small_city()))
    assert "/7" in capsys.readouterr().err


def test_an_empty_table_is_told_as_nothing(tmp_path: Path) -> None:
    assert "Topics: 0" in run(write(tmp_path, {**small_city(), "topics": []}))


def test_faults_go_to_a_person_or_a_program(tmp_path: Path) -> None:
    path = write(tmp_path, {**small_city(), "zoo": 1})
    err, out = io.StringIO(), io.StringIO()
    with pytest.raises(CommandError) as error:
        call_command("load_city", path, "--lang=en", stderr=err, stdout=out)
    assert error.value.returncode == 1
    assert "problems found: 1" in str(error.value)
    assert "zoo: unknown key" in err.getvalue()
    with pytest.raises(CommandError):
        call_command("load_city", path, "--lang=en", "--json", stdout=out)
    assert json.loads(out.getvalue()) == {"ok": False, "problems": [{"path": "zoo", "message": "unknown key"}]}
    assert not City.objects.exists()


def test_a_file_that_cannot_be_read_has_its_own_exit_code(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read") as error:
        run(str(tmp_path / "nowhere.json"))
    assert error.value.returncode == 2
    with pytest.raises(CommandError):
        run(str(tmp_path))


def test_help_names_the_file_and_the_exit_codes(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        call_command("load_city", "--help")
    assert end.value.code == 0
    assert "--dry-run" in capsys.readouterr().out
