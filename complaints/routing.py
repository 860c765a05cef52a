"""Which departments a text speaks to: the words of their duties found in it, with the words as the reason.

An officer decides; nothing is dispatched by itself (민원 처리에 관한 법률 제9조). A rare word weighs more than one that
many departments share, a long one more than a short one, the name of a place only half: it says where, not what. Where
nothing speaks clearly enough, nothing is suggested.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from departments.models import Department, Duty, Place, Topic

SUGGESTED = 3
#: Below this no suggestion is made: one short word that five departments share.
LEAST_SCORE = 1.0
#: A department far behind the first is no help.
LEAST_SHARE = 0.25
PLACE_WEIGHT = 0.5
#: A topic names the kind of complaint itself; a duty only touches it.
TOPIC_WEIGHT = 1.5


#: word → {department id: how strongly the word belongs to it}
Strength: TypeAlias = defaultdict[str, dict[int, float]]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A department, how strongly the text speaks for it, and the words that do, strongest first."""

    department_id: int
    score: float
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """word → {department id: weight}; made once for many texts."""

    weights: dict[str, dict[int, float]]

    def propose(self, text: str) -> list[Proposal]:
        """At most three departments for `text`, the likeliest first; none where nothing is clear."""
        folded = text.casefold()
        found: defaultdict[int, dict[str, float]] = defaultdict(dict)
        for word, departments in self.weights.items():
            if word in folded:
                for department, weight in departments.items():
                    found[department][word] = weight
        ranked = sorted(
            (_proposal(pk, words) for pk, words in found.items()), key=lambda p: (-p.score, p.department_id)
        )
        if not ranked or ranked[0].score < LEAST_SCORE:
            return []
        return [p for p in ranked[:SUGGESTED] if p.score >= max(LEAST_SCORE, LEAST_SHARE * ranked[0].score)]


def _proposal(department: int, words: dict[str, float]) -> Proposal:
    """A word inside a longer found one says nothing more (안내 in 관광안내)."""
    kept = {w: weight for w, weight in words.items() if not any(w != other and w in other for other in words)}
    strongest = sorted(kept, key=lambda word: (-kept[word], word))
    return Proposal(department, round(sum(kept.values()), 3), tuple(strongest))


def table(*, today: date) -> Table:
    """The words of the departments that exist today: three small queries."""
    active = set(Department.objects.active(today).values_list("pk", flat=True))
    strength: Strength = defaultdict(dict)
    for department, words in Duty.objects.filter(department__in=active).values_list("department_id", "words"):
        _count(strength, department, words, 1.0)
    for department, words in Topic.objects.filter(department__in=active).values_list("department_id", "words"):
        _count(strength, department, words, TOPIC_WEIGHT)
    places = _place_names()
    return Table({word: _weighted(word, found, is_place=word in places) for word, found in strength.items()})


def _count(strength: Strength, department: int, words: Iterable[str], weight: float) -> None:
    for word in {word.casefold().strip() for word in words} - {""}:
        strength[word][department] = max(strength[word].get(department, 0.0), weight)


def _place_names() -> frozenset[str]:
    names = Place.objects.values_list("name", "aliases")
    return frozenset(written.casefold() for name, aliases in names for written in (name, *aliases))


def _weighted(word: str, found: dict[int, float], *, is_place: bool) -> dict[int, float]:
    """Rarity (how few departments share it) times length times what kind of word it is."""
    rarity = 1 / math.sqrt(len(found))
    length = min(len(word), 6) / 2
    kind = PLACE_WEIGHT if is_place else 1.0
    return {department: strength * rarity * length * kind for department, strength in found.items()}
