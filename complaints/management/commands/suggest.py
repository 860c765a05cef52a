"""manage.py suggest: what the desk would say about a text, as JSON. Nothing is stored."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints import kind_words, languages, past_answers, similar, suggesting, urgency
from complaints.legal_kinds import KINDS
from complaints.management.desk_command import DeskCommand
from complaints.models import Complaint
from departments import gazetteer
from departments.gazetteer import Candidate, PlaceHit
from departments.models import Department


class Command(DeskCommand):
    def about(self) -> str:
        return _(
            "Print what the desk would suggest for a text, as JSON: departments with scores and reasons, places and "
            "districts, the legal kind, urgency, the language, likely duplicates, past answers. Nothing is stored or "
            "dispatched."
        )

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--text", required=True, help=_("What a citizen might write"))

    def handle(self, *args: Any, **options: Any) -> None:
        text, now = options["text"].replace("\x00", ""), timezone.now()
        hits = gazetteer.current().find(text)
        districts = gazetteer.district_candidates(hits)
        words = urgency.urgent_words(text, critical=urgency.critical_words())
        result: dict[str, Any] = {
            "departments": _departments(text, now),
            "places": [_place(hit) for hit in hits],
            "districts": [district.name for district in districts],
            "legal_kind": _kind(text),
            "urgency": Complaint.Priority.URGENT if words else Complaint.Priority.NORMAL,
            "urgent_words": words,
            "language": languages.language_of(text, otherwise=settings.LANGUAGE_CODE[:2]),
            "duplicates": _duplicates(text, districts, now),
        }
        result["past_answers"] = _answers(text, [one["code"] for one in result["departments"]])
        self.stdout.write(json.dumps(result, ensure_ascii=False, indent=None if options["json"] else 2))


def _departments(text: str, now: datetime) -> list[dict[str, Any]]:
    found = suggesting.advisers(now=now).propose(text)
    names = Department.objects.in_bulk([one.department_id for one in found])
    return [
        {
            "code": names[one.department_id].code,
            "name": names[one.department_id].name,
            "score": one.score,
            "reasons": list(one.words),
        }
        for one in found
    ]


def _place(hit: PlaceHit) -> dict[str, Any]:
    districts = [district.name for district in hit.candidates]
    return {"text": hit.text, "name": hit.name, "kind": hit.kind, "sure": hit.sure, "districts": districts}


def _kind(text: str) -> dict[str, Any] | None:
    """None: no word speaks for a kind of the law; it stays a post like any other."""
    found = kind_words.propose(text)
    if found is None:
        return None
    row = KINDS[found.kind]
    return {
        "code": found.kind.value,
        "name": str(found.kind.label),
        "reasons": list(found.words),
        "about": str(row.about),
        "articles": row.articles,
    }


def _duplicates(text: str, districts: Sequence[Candidate], now: datetime) -> list[dict[str, Any]]:
    """Compared as if it had just come in, from the district that is named first."""
    asked = Complaint(text=text, district_id=districts[0].id if districts else None)
    return [
        {"number": one.complaint.number, "level": one.level, "score": one.score, "words": list(one.words)}
        for one in similar.candidates(asked, now=now)
    ]


def _answers(text: str, codes: Sequence[str]) -> list[dict[str, Any]]:
    """Of the suggested departments, or of all."""
    departments = Department.objects.filter(code__in=codes).values_list("pk", flat=True)
    found = past_answers.of(text, among=Complaint.objects.all(), departments=list(departments))
    return [{"number": one.number, "text": one.text, "score": one.score} for one in found]
