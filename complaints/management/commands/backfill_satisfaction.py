"""manage.py backfill_satisfaction: read what citizens wrote after the answers from before this was counted."""

from __future__ import annotations

import sys
from typing import Any

from django.utils.translation import gettext as _
from tqdm import tqdm

from complaints import verdicts
from complaints.management.desk_command import DeskCommand


class Command(DeskCommand):
    def about(self) -> str:
        return _(
            "Read what citizens wrote after the answers that nothing was heard of yet, for the figure of satisfaction. "
            "May be stopped and started again; what officers corrected stays. Exit code 0."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        done = 0
        with tqdm(total=verdicts.missing().count(), disable=not sys.stderr.isatty(), leave=False) as bar:
            for count in verdicts.backfill():
                done += count
                bar.update(count)
        self.tell({"answers": done}, [_("%(count)d answers heard.") % {"count": done}], as_json=options["json"])
