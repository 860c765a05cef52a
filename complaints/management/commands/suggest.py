"""manage.py suggest: what the desk would say about a text, as JSON. Nothing is stored."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints import intake, suggesting, urgency
from complaints.management.desk_command import DeskCommand
from departments import gazetteer
from departments.models import Department


class Command(DeskCommand):
    def about(self) -> str:
        return _(
            "Print what the desk would suggest for a text, as JSON: departments with the reason in words, places, "
            "districts, words that make it urgent, the language. Nothing is stored or dispatched."
        )

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--text", required=True, help=_("What a citizen might write"))

    def handle(self, *args: Any, **options: Any) -> None:
        text: str = options["text"]
        hits = gazetteer.current().find(text)
        critical = urgency.critical_words()
        result = {
            "departments": _departments(text),
            "places": [
                {
                    "text": hit.text,
                    "name": hit.name,
                    "kind": hit.kind,
                    "sure": hit.sure,
                    "districts": [district.name for district in hit.candidates],
                }
                for hit in hits
            ],
            "districts": [district.name for district in gazetteer.district_candidates(hits)],
            "urgent_words": urgency.urgent_words(text, critical=critical),
            "language": intake.language_of(text, otherwise=settings.LANGUAGE_CODE[:2]),
            "legal_kind": None,
            "notes": [_("The legal kind is not suggested: an officer decides it.")],
        }
        self.stdout.write(json.dumps(result, ensure_ascii=False, indent=None if options["json"] else 2))


def _departments(text: str) -> list[dict[str, Any]]:
    advisers = suggesting.advisers(now=timezone.now())
    found = advisers.propose(text)
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
