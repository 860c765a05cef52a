"""How good the suggestions are, on a page: trials with date and number beside the keywords, and what was taken."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from complaints import workflow
from complaints.models import LearnedModel, Suggestion
from departments.models import Role
from tests.complaints.admin.desk import client_as, make_row
from tests.make import make_department, make_person

pytestmark = pytest.mark.django_db

PAGE = "/admin/complaints/complaint/suggestions/"


def make_trial(days_ago: int = 0, *, kept: bool = True, model: bytes = b"") -> LearnedModel:
    return LearnedModel.objects.create(
        trained_at=timezone.now() - timedelta(days=days_ago),
        n=1000,
        top1=0.512,
        top3=0.748,
        macro_f1=0.45,
        keywords_top1=0.401,
        keywords_top3=0.6,
        seconds=12,
        kept=kept,
        model=model,
    )


def test_before_the_first_trial_the_words_suggest_alone() -> None:
    page = client_as(Role.MANAGER).get(PAGE).content.decode()
    assert "500" in page
    assert "<table" not in page


def test_trials_stand_beside_the_keywords_and_the_one_in_use_is_named() -> None:
    make_trial(2, model=b"x")
    make_trial(1, kept=False)
    page = client_as(Role.ADMINISTRATOR).get(PAGE)
    text = page.content.decode()
    for figure in ("51.2 %", "74.8 %", "45.0 %", "40.1 %", "60.0 %", "200"):
        assert figure in text
    assert page.context["in_use"]["n"] == 1000
    assert [row["kept"] for row in page.context["trials"]] == [False, True]


def test_what_officers_took() -> None:
    tour, complaint = make_department("관광정책과"), make_row()
    Suggestion.objects.create(complaint=complaint, department=tour, rank=1, score=1)
    workflow.assign(complaint, by=make_person(Role.OFFICER), version=1, now=timezone.now(), department=tour)
    officer = client_as(Role.OFFICER)
    assert officer.get(PAGE).context["adoption"] == {
        "n": 1,
        "first": "100.0 %",
        "three": "100.0 %",
        "unsuggested": "0.0 %",
    }
    assert PAGE in officer.get("/admin/").content.decode()


def test_the_page_asks_the_same_queries_for_any_number() -> None:
    officer = client_as(Role.OFFICER)

    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            assert officer.get(PAGE).status_code == 200
        return len(found)

    asked()
    few = asked()
    for day in range(20):
        make_trial(day)
    assert asked() == few
