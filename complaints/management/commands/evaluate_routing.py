"""manage.py evaluate_routing: how often does what was learned name the right department?"""

from __future__ import annotations

import csv
import resource
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints import lessons, routing, trials
from complaints.learning import Example
from complaints.management.desk_command import SENSELESS, DeskCommand, progress

Halves = tuple[list[Example], list[Example]]
#: Fewer rows are no measurement.
FEWEST = 50


class Command(DeskCommand):
    def about(self) -> str:
        return _(
            "Measure the learned routing: train on the older part, ask about the newer one, print how often the right "
            "department comes first and among three. FILE is a CSV with a header, oldest row first; without it the "
            "desk's own decisions are measured, beside the keywords. "
            "Exit codes: 0 measured, 2 there is nothing to measure."
        )

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", nargs="?", metavar="FILE", help=_("CSV with a text and a label in each row"))
        parser.add_argument("--text", default="text", metavar="COLUMN", help=_("Column of the texts (text)"))
        parser.add_argument("--label", default="label", metavar="COLUMN", help=_("Column of the labels (label)"))
        parser.add_argument(
            "--split",
            metavar="COLUMN",
            help=_("Column that says “train” where a row is to be learned; without it the first 80 %% are"),
        )
        parser.add_argument(
            "--seconds", type=float, default=55.0, help=_("Processor seconds that training may take (55)")
        )

    def handle(self, *args: Any, **options: Any) -> None:
        keywords: trials.Figures | None = None
        if options["file"]:
            older, newer = _of_file(Path(options["file"]), options["text"], options["label"], options["split"])
        else:
            table = routing.table(today=timezone.localdate())
            older, newer = map(list, trials.divided(_enough(lessons.examples(lessons.decisions(), table))))
            keywords = lessons.by_keywords(newer, table)
        trial = trials.tried(older, newer, seconds=options["seconds"], watch=progress)
        peak = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
        result = {**asdict(trial.figures), "trained_on": trial.trained_on, "train_seconds": trial.seconds}
        result |= {"ms_per_prediction": trial.ms, "peak_mb": peak}
        result |= {"keywords": asdict(keywords)} if keywords else {}
        self.tell(result, _lines(trial, keywords, peak), as_json=options["json"])


def _of_file(path: Path, text: str, label: str, split: str | None) -> Halves:
    """The rows to learn and the rows to ask about."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        words = _("%(file)s cannot be read: %(error)s") % {"file": path, "error": error}
        raise CommandError(words, returncode=SENSELESS) from error
    missing = {text, label, *([split] if split else [])} - set(rows[0] if rows else ())
    if missing:
        names = ", ".join(sorted(missing))
        raise CommandError(
            _("%(file)s has no column %(names)s.") % {"file": path, "names": names}, returncode=SENSELESS
        )
    known = _enough([Example(row[text] or "", row[label] or "") for row in rows])
    if split is None:
        older, newer = trials.divided(known)
        return list(older), list(newer)
    learned = [row[split] == "train" for row in rows]
    halves = ([x for x, old in zip(known, learned, strict=True) if old is wanted] for wanted in (True, False))
    return _both(*halves)


def _both(older: list[Example], newer: list[Example]) -> Halves:
    if not older or not newer:
        raise CommandError(_("Both parts need rows: some to learn, some to ask about."), returncode=SENSELESS)
    return older, newer


def _enough(known: list[Example]) -> list[Example]:
    if len(known) < FEWEST:
        words = _("%(n)d decisions are too few to measure; %(least)d are needed.")
        raise CommandError(words % {"n": len(known), "least": FEWEST}, returncode=SENSELESS)
    return known


def _lines(trial: trials.Trial, keywords: trials.Figures | None, peak: int) -> list[str]:
    words = _("%(who)s: first %(top1).3f, among three %(top3).3f, macro-F1 %(f1).3f (n = %(n)d)")
    rows = [(_("learned"), trial.figures)] + ([(_("keywords"), keywords)] if keywords else [])
    told = [
        words % {"who": who, "top1": one.top1, "top3": one.top3, "f1": one.macro_f1, "n": one.n} for who, one in rows
    ]
    cost = _("learned from %(n)d in %(seconds).1f s; %(ms).2f ms an answer; %(mb)d MB at most")
    return [*told, cost % {"n": trial.trained_on, "seconds": trial.seconds, "ms": trial.ms, "mb": peak}]
