"""The desk learns from its officers: which department a text went to in the end. Only writer of LearnedModel.

A model is kept only if, on the newest fifth of the decisions, it beats the keywords; its figures are stored either way.
Nothing is dispatched by it: it ranks suggestions (complaints.suggesting).
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache

from django.db import transaction
from django.utils import timezone

from complaints import learning, routing, trials
from complaints.models import ComplaintEvent, LearnedModel

logger = logging.getLogger(__name__)

#: Fewer decisions teach less than the words of the duties.
FEWEST = 500
#: The newest decisions count: duties move between departments.
MOST = 20_000
#: Processor seconds for each of the two trainings: the trial on the older decisions, then the whole.
TRIAL_SECONDS, WHOLE_SECONDS = 25.0, 35.0
#: At night (local hours), and not twice in one.
NIGHT = range(2, 5)
APART = timedelta(hours=12)
#: By these a person says which department it is for.
DECIDING = ("assign", "decide")


def decisions(*, most: int = MOST) -> list[tuple[str, int]]:
    """(text, department that holds it after the last assignment), oldest decision first."""
    rows = ComplaintEvent.objects.filter(move__in=DECIDING, by__isnull=False, complaint__department__isnull=False)
    fields = rows.order_by("-id").values_list("complaint_id", "complaint__text", "complaint__department_id")
    newest: dict[int, tuple[str, int]] = {}
    for complaint, text, department in fields[: 2 * most].iterator():
        newest.setdefault(complaint, (text, department))
    return [*newest.values()][:most][::-1]


def examples(decided: Sequence[tuple[str, int]], table: routing.Table) -> list[learning.Example]:
    """The decisions as the model learns them: with what the keywords say."""
    return [learning.Example(text, str(department), hints(table.propose(text))) for text, department in decided]


def hints(proposals: Sequence[routing.Proposal]) -> learning.Hints:
    """What the keywords propose, as features."""
    return tuple((f"keywords:{found.department_id}", found.score) for found in proposals)


def counted() -> int:
    """How many assignments by people there are, MOST for more: what could be learned from."""
    return ComplaintEvent.objects.filter(move="assign", by__isnull=False)[:MOST].count()


def is_due(*, now: datetime) -> bool:
    """At night, once, and only with decisions enough."""
    if timezone.localtime(now).hour not in NIGHT:
        return False
    if LearnedModel.objects.filter(trained_at__gt=now - APART).exists():
        return False
    return ComplaintEvent.objects.filter(move="assign", by__isnull=False)[:FEWEST].count() >= FEWEST


def learn(*, now: datetime) -> LearnedModel | None:
    """Try on the newest fifth, then learn from all if that was better. None with too few decisions."""
    decided = decisions()
    if len(decided) < FEWEST:
        return None
    table = routing.table(today=timezone.localdate(now))
    begun = time.thread_time()
    known = examples(decided, table)
    older, newer = trials.divided(known)
    learned, keywords = trials.tried(older, newer, seconds=TRIAL_SECONDS).figures, by_keywords(newer, table)
    better = is_better(learned, keywords)
    model = learning.train(known, seconds=WHOLE_SECONDS).dump() if better else b""
    row = LearnedModel(
        trained_at=now,
        n=len(known),
        top1=learned.top1,
        top3=learned.top3,
        macro_f1=learned.macro_f1,
        keywords_top1=keywords.top1,
        keywords_top3=keywords.top3,
        seconds=round(time.thread_time() - begun, 1),
        kept=better,
        model=model,
    )
    return _store(row)


def by_keywords(asked: Sequence[learning.Example], table: routing.Table) -> trials.Figures:
    """How good the keywords alone are on the same texts."""
    ranked = [[str(found.department_id) for found in table.propose(example.text)] for example in asked]
    return trials.measured(ranked, [example.label for example in asked])


def is_better(learned: trials.Figures, keywords: trials.Figures) -> bool:
    """The first suggestion is right more often, and the three no more seldom."""
    return learned.top1 > keywords.top1 and learned.top3 >= keywords.top3


def _store(row: LearnedModel) -> LearnedModel:
    """Only the newest kept model has its bytes; of the others the figures stay."""
    with transaction.atomic():
        if row.kept:
            LearnedModel.objects.exclude(model=b"").update(model=b"")
        LearnedModel.objects.bulk_create([row])
    logger.info("learned from %d decisions: %s", row.n, "kept" if row.kept else "not better than the keywords")
    return row


def current() -> learning.Model | None:
    """The model in use; read again only when there is a newer one. None where none was kept or it cannot be read."""
    newest = LearnedModel.objects.exclude(model=b"").values_list("pk", flat=True).first()
    return None if newest is None else _loaded(newest)


@lru_cache(maxsize=1)
def _loaded(pk: int) -> learning.Model | None:
    stored = LearnedModel.objects.filter(pk=pk).values_list("model", flat=True).first()
    try:
        return learning.Model.load(bytes(stored or b""))
    except learning.Unreadable as error:
        logger.warning("the learned model %s cannot be read (%s); the keywords go on alone", pk, error)
        return None
