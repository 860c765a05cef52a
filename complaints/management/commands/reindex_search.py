"""manage.py reindex_search: bring what can be searched up to date at once, or write all of it anew."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from complaints import searchdocs
from complaints.management.desk_command import DeskCommand, progress
from complaints.models import Complaint


class Command(DeskCommand):
    def about(self) -> str:
        return _(
            "Bring the search up to date: write the documents that are missing or older than their complaint, or all "
            "of them. The desk does the same every few minutes; it may run at any time and be stopped at any time."
        )

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--all", action="store_true", help=_("Write every document anew, stale or not"))

    def handle(self, *args: Any, **options: Any) -> None:
        rows = Complaint.objects.order_by("-pk") if options["all"] else searchdocs.stale()
        ids = list(rows.values_list("pk", flat=True))
        batches = [ids[at : at + searchdocs.BATCH] for at in range(0, len(ids), searchdocs.BATCH)]
        written = sum(searchdocs.refresh(batch, now=timezone.now()) for batch in progress(batches))
        result = {"complaints": Complaint.objects.count(), "written": written}
        line = _("%(written)d of %(complaints)d complaints were indexed anew.") % result
        self.tell(result, [line], as_json=options["json"])
