"""Three departments for a text, with the reason in words: the keywords of the duties and what was learned, as one list.

The only place where the two meet. With no model, or one that is unsure, the keywords speak alone. Where the model is
sure it ranks, and the keywords' first choice stays among the three: a new department has no history yet. An officer
decides; nothing is dispatched by itself (민원 처리에 관한 법률 제9조).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from complaints import lessons, routing
from complaints.learning import Model
from complaints.routing import SUGGESTED, Proposal
from departments.models import Department

#: Less sure of its first than this, the model keeps silent; a department less likely than the second is no help.
LEAST_SURE, LEAST_LIKELY = 0.3, 0.05
WORDS = 4


@dataclass(frozen=True, slots=True)
class Advisers:
    """What is read once for many texts."""

    table: routing.Table
    model: Model | None
    active: frozenset[int]

    def propose(self, text: str) -> list[Proposal]:
        """At most three departments, the likeliest first; none where nothing is clear."""
        by_words = self.table.propose(text)
        learned = self._learned(text, by_words)
        if not learned:
            return by_words
        first = by_words[:1]
        if not first or first[0].department_id in {found.department_id for found in learned}:
            return learned
        return [*learned[: SUGGESTED - 1], *first]

    def _learned(self, text: str, by_words: list[Proposal]) -> list[Proposal]:
        """The model's ranking with its reasons; nothing where it is unsure."""
        if self.model is None:
            return []
        ranked = [
            (int(label), share)
            for label, share in self.model.rank(text, lessons.hints(by_words))
            if int(label) in self.active
        ]
        if not ranked or ranked[0][1] < LEAST_SURE:
            return []
        reasons = {found.department_id: found.words for found in by_words}
        return [
            Proposal(department, round(share, 3), reasons.get(department) or self._words(department, text))
            for department, share in ranked[:SUGGESTED]
            if share >= LEAST_LIKELY
        ]

    def _words(self, department: int, text: str) -> tuple[str, ...]:
        return tuple(self.model.words_for(str(department), text, most=WORDS)) if self.model else ()


def advisers(*, now: datetime) -> Advisers:
    """The keywords and the model as they are now."""
    today = timezone.localdate(now)
    active = Department.objects.active(today).values_list("pk", flat=True)
    return Advisers(routing.table(today=today), lessons.current(), frozenset(active))
