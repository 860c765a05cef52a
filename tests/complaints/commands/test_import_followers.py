"""manage.py import_followers: clear words by line, nothing half done."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from channels_sns.models import FollowerFigure

pytestmark = pytest.mark.django_db


def run(file: Path, *arguments: str) -> str:
    out = io.StringIO()
    call_command("import_followers", str(file), *arguments, stdout=out)
    return out.getvalue()


def test_it_is_told_to_people_and_programs(tmp_path: Path) -> None:
    file = tmp_path / "2012.csv"
    file.write_text("date,account,followers\n2012-11-30,total,20000\n", encoding="utf-8-sig")
    assert "1 new" in run(file, "--lang", "en")
    told = json.loads(run(file, "--json"))
    assert told == {"ok": True, "new": 0, "changed": 0, "same": 1, "from": "2012-11-30", "to": "2012-11-30"}
    assert FollowerFigure.objects.get().source == "2012.csv"


def test_what_is_wrong_is_named_by_its_line(tmp_path: Path) -> None:
    file = tmp_path / "wrong.csv"
    file.write_text("date,account,followers\n" + "yesterday,total,1\n" * 60, encoding="utf-8")
    out = io.StringIO()
    with pytest.raises(CommandError, match=r"Line 2: .*yesterday[\s\S]*10 more") as refused:
        call_command("import_followers", str(file), "--json", "--lang", "en", stdout=out)
    assert refused.value.returncode == 1
    assert len(json.loads(out.getvalue())["problems"]) == 60


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CommandError) as refused:
        run(tmp_path / "nowhere.csv")
    assert refused.value.returncode == 2
