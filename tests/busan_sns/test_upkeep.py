"""A start that finds everything in place does nothing; one that does not brings it up to date."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from busan_sns import upkeep
from departments.management.commands.load_city import BUSAN
from departments.models import City, Department

pytestmark = pytest.mark.django_db


def test_the_files_that_are_counted_are_those_that_django_would_run() -> None:
    assert upkeep.pending_migrations() == set()
    MigrationRecorder(connection).migration_qs.all().delete()
    assert upkeep.pending_migrations() == set(MigrationLoader(connection).disk_migrations or {})


def test_one_that_is_missing_is_pending() -> None:
    MigrationRecorder(connection).record_unapplied("departments", "0001_initial")
    assert upkeep.pending_migrations() == {("departments", "0001_initial")}


def test_the_city_is_loaded_once_and_again_when_its_file_changed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    upkeep.bring_up_to_date()
    assert Department.objects.exists()
    first = City.objects.get()
    upkeep.bring_up_to_date()
    assert City.objects.get().loaded_at == first.loaded_at
    changed = tmp_path / "busan.json"
    changed.write_bytes(BUSAN.read_bytes() + b"\n")
    monkeypatch.setattr(upkeep, "BUSAN", changed)
    upkeep.bring_up_to_date()
    assert City.objects.get().loaded_at > first.loaded_at
