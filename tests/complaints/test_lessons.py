"""What the desk learns from its officers, and how that and the keywords become one suggestion."""

from __future__ import annotations

import io
import json
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from complaints import intake, lessons, suggesting, tasks, workflow
from complaints.models import Complaint, LearnedModel
from departments.models import Department, Role
from tests.make import NOON, make_account, make_complaint, make_department, make_person, make_post
from tests.shared_material import shared

pytestmark = pytest.mark.django_db

NIGHT = datetime(2026, 11, 25, 3, 0, tzinfo=ZoneInfo("Asia/Seoul"))
MATTERS = {
    "도로안전과": "보도블록이 깨졌어요",
    "공원정책과": "산책로 나무가 쓰러졌어요",
    "택시운수과": "기사님이 승차를 거부했어요",
}


@pytest.fixture
def decided(monkeypatch: pytest.MonkeyPatch) -> list[Department]:
    """Sixty decisions, and a desk that learns from so few."""
    monkeypatch.setattr(lessons, "FEWEST", 50)
    departments = [make_department(name) for name in MATTERS]
    officer, account = make_person(Role.OFFICER), make_account()
    for turn in range(20):
        for department in departments:
            complaint = make_complaint(f"{turn}번 {MATTERS[department.name]}", account=account)
            workflow.assign(complaint, by=officer, version=1, now=NOON, department=department)
    return departments


def propose(text: str) -> list[int]:
    return [found.department_id for found in suggesting.advisers(now=NIGHT).propose(text)]


def test_what_was_decided_is_who_held_it_last(decided: list[Department]) -> None:
    complaint = Complaint.objects.order_by("pk")[0]
    workflow.assign(complaint, by=make_person(Role.OFFICER), version=complaint.version, now=NOON, department=decided[2])
    back, holder = Complaint.objects.order_by("pk")[1], make_person(Role.STAFF, decided[1])
    workflow.send_back(back, by=holder, version=back.version, now=NOON, reason="x")
    known = lessons.decisions()
    assert len(known) == 59
    assert known[-1] == (complaint.text, decided[2].pk)
    assert lessons.decisions(most=5) == known[-5:]


def test_a_model_that_beats_the_keywords_is_used(decided: list[Department]) -> None:
    assert propose("보도블록이 또 깨졌어요") == []
    row = lessons.learn(now=NIGHT)
    assert row is not None
    assert (row.kept, row.n, row.keywords_top1) == (True, 60, 0.0)
    assert row.top1 == row.top3 == 1.0
    assert propose("보도블록이 또 깨졌어요")[0] == decided[0].pk
    post = make_post(make_account(), "택시 기사님이 승차를 거부했어요")
    intake.register_waiting(now=NIGHT)
    suggestion = post.complaint_link.complaint.suggestions.get(rank=1)
    assert suggestion.department == decided[2]
    assert "거부했어요" in suggestion.words
    assert post.complaint_link.complaint.department is None, "nothing is dispatched by itself"


def test_the_model_is_silent_where_it_knows_nothing(decided: list[Department]) -> None:
    lessons.learn(now=NIGHT)
    assert propose("zzz") == []


def test_the_keywords_keep_a_word(decided: list[Department]) -> None:
    """A department without history stays among the three; one that ended goes."""
    lessons.learn(now=NIGHT)
    fresh = make_department("새 부서")
    fresh.duty_rows.create(text="x", words=["보도블록이 깨졌어요"])
    assert fresh.pk in propose("보도블록이 깨졌어요")
    decided[0].active_to = NIGHT.date()
    decided[0].save()
    assert decided[0].pk not in propose("보도블록이 깨졌어요")


def test_a_model_no_better_than_the_keywords_leaves_its_figures_only(decided: list[Department]) -> None:
    for department in decided:
        department.duty_rows.create(text="x", words=[MATTERS[department.name]])
    row = lessons.learn(now=NIGHT)
    assert row is not None
    assert (row.kept, bytes(row.model), row.keywords_top1) == (False, b"", 1.0)
    assert lessons.current() is None


def test_only_the_newest_model_keeps_its_bytes(decided: list[Department]) -> None:
    lessons.learn(now=NIGHT - timedelta(days=1))
    newest = lessons.learn(now=NIGHT)
    assert list(LearnedModel.objects.exclude(model=b"")) == [newest]
    with CaptureQueriesContext(connection) as captured:
        assert lessons.current() is lessons.current()
    assert len(captured) <= 3, "the model itself is read once"


def test_a_model_that_cannot_be_read_is_left_out(decided: list[Department]) -> None:
    lessons.learn(now=NIGHT)
    LearnedModel.objects.update(model=b"another version")
    lessons._loaded.cache_clear()
    assert lessons.current() is None
    lessons._loaded.cache_clear()


def test_it_learns_at_night_and_once(decided: list[Department], monkeypatch: pytest.MonkeyPatch) -> None:
    assert not lessons.is_due(now=NIGHT.replace(hour=14))
    for _night in range(2):
        monkeypatch.setattr(tasks, "database_now", lambda: NIGHT)
        tasks.learn()
    assert LearnedModel.objects.count() == 1
    assert lessons.is_due(now=NIGHT + timedelta(days=1))


def test_too_few_decisions_teach_nothing() -> None:
    assert not lessons.is_due(now=NIGHT)
    assert lessons.learn(now=NIGHT) is None


def run(name: str, *arguments: str) -> str:
    out = io.StringIO()
    call_command(name, *arguments, stdout=out)
    return out.getvalue()


def test_the_desks_own_decisions_are_measured(decided: list[Department]) -> None:
    told = json.loads(run("evaluate_routing", "--json"))
    assert (told["n"], told["trained_on"], told["top1"], told["keywords"]["top1"]) == (12, 48, 1.0, 0.0)
    assert "keywords" in run("evaluate_routing", "--lang", "en")


def test_a_file_is_measured() -> None:
    path = shared("data", "petition_titles_45k.csv")
    small = run("evaluate_routing", str(path), "--text", "title", "--label", "category", "--split", "split", "--json",
                "--seconds", "2")  # fmt: skip
    told = json.loads(small)
    assert told["n"] > 9000
    assert told["top3"] > 0.45, "however little it could read in that time, it beats the three commonest (.39)"
    assert told["ms_per_prediction"] <= 5


def test_what_makes_no_sense_is_said() -> None:
    path = shared("data", "petition_titles_45k.csv")
    for arguments in ([], ["none.csv"], [str(path)]):
        with pytest.raises(CommandError) as raised:
            run("evaluate_routing", *arguments)
        assert raised.value.returncode == 2


@pytest.mark.usefixtures("busan")
def test_suggest_says_everything_about_a_text() -> None:
    told = json.loads(run("suggest", "--text", "해운대구 우동 가로등이 꺼져서 위험합니다"))
    assert told["departments"][0]["reasons"]
    assert told["districts"][0] == "해운대구"
    assert told["urgent_words"] == ["위험합니다"]
    assert (told["language"], told["legal_kind"]["code"], told["legal_kind"]["reasons"]) == ("ko", "OTHER", ["꺼져"])
    assert Complaint.objects.count() == 0
