"""manage.py backfill_measures: measure what was registered before there were reports."""

from __future__ import annotations

import sys
from typing import Any

from django.utils.translation import gettext as _
from tqdm import tqdm

from complaints import measures
from complaints.management.desk_command import DeskCommand
from complaints.models import Complaint


class Command(DeskCommand):
    def about(self) -> str:
        return _(
            "Measure every complaint that has no measures yet, from its history, for the reports. "
            "May be stopped and started again; what is measured stays. Exit code 0."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        waiting = Complaint.objects.filter(durations=None).count()
        done = 0
        with tqdm(total=waiting, disable=not sys.stderr.isatty(), leave=False) as bar:
            for count in measures.backfill():
                done += count
                bar.update(count)
        self.tell({"measured": done}, [_("%(count)d complaints measured.") % {"count": done}], as_json=options["json"])
