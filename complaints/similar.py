"""Which complaints are likely about the same thing: how much two texts share of their rare syllables.

Compared are the beginnings and the inner pairs of words: endings and 조사 come last in a Korean word and say little.
Two levels: the same post again (a repost, a copy), and the same matter in other words, which only counts within the
same district or place. For the latter the nearest texts speak along: what is near them is near, too, though it shares
few syllables with the text itself. An officer decides; nothing is merged by itself.
"""

from __future__ import annotations

import math
import re
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from zlib import crc32

from complaints.models import Complaint
from complaints.models.complaint import ComplaintQuerySet
from departments import gazetteer

#: Cosines: a repost cut, respaced or with hashtags reaches the first; the same matter in other words the second, asked
#: together with the nearest texts.
SAME_POST, SAME_ISSUE = 0.6, 0.45
#: So many of the nearest speak along, from this cosine on, each as much as it is near.
FRIENDS, FRIENDS_FROM = 5, 0.3
#: What was written longer ago is another matter, even at the same place.
WINDOW = timedelta(days=14)
#: Compared at most: the newest of the window.
COMPARED = 3000
SHOWN = 5

_NOISE = re.compile(r"https?://\S+|@[\w.@-]+|\bRT\b", re.IGNORECASE)
_MARKS = re.compile(r"[^\w\s]")


class Level(StrEnum):
    """How alike."""

    SAME_POST = "same post"
    SAME_ISSUE = "same issue"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A complaint like the one asked about; `places` both name, `words` both use."""

    complaint: Complaint
    level: Level
    score: float
    places: tuple[str, ...]
    words: tuple[str, ...]


def candidates(complaint: Complaint, *, now: datetime, among: ComplaintQuerySet | None = None) -> list[Candidate]:
    """At most five complaints likely to be the same as this one, the likeliest first.

    `among`: what the reader may see (all, if nothing is said). Looked at is what came in the two weeks before `now`.
    """
    seen = Complaint.objects.all() if among is None else among
    recent = seen.filter(received_at__gt=now - WINDOW, received_at__lte=now).exclude(pk=complaint.pk)
    rows = list(recent.order_by("-received_at", "-id").values_list("pk", "text", "district_id")[:COMPARED])
    index = Index([text for _pk, text, _district in rows])
    copies = dict(index.near(complaint.text, at_least=SAME_POST))
    places = gazetteer.current()
    named = _places(complaint.text, places)
    found: list[tuple[int, Level, float, tuple[str, ...]]] = []
    for at, score in _in_order(copies, index.alike(complaint.text, at_least=SAME_ISSUE)):
        pk, text, district = rows[at]
        shared = tuple(name for name in named if name in _places(text, places))
        same_district = complaint.district_id is not None and district == complaint.district_id
        if at in copies or same_district or shared:
            found.append((pk, Level.SAME_POST if at in copies else Level.SAME_ISSUE, score, shared))
    return _candidates(complaint, found[:SHOWN])


def _in_order(copies: dict[int, float], alike: Sequence[tuple[int, float]]) -> list[tuple[int, float]]:
    """Copies first, each by its own score."""
    return [*copies.items(), *((at, score) for at, score in alike if at not in copies)]


def _candidates(complaint: Complaint, found: Sequence[tuple[int, Level, float, tuple[str, ...]]]) -> list[Candidate]:
    rows = Complaint.objects.select_related("department").in_bulk([pk for pk, *_rest in found])
    return [
        Candidate(rows[pk], level, round(score, 3), places, shared_words(complaint.text, rows[pk].text))
        for pk, level, score, places in found
        if pk in rows
    ]


def _places(text: str, places: gazetteer.Gazetteer) -> tuple[str, ...]:
    return tuple(dict.fromkeys(hit.name for hit in places.find(text) if hit.sure))


def shared_words(one: str, other: str) -> tuple[str, ...]:
    """The words of two syllables or more that stand in both, in the order of the first."""
    others = set(cleaned(other).split())
    return tuple(dict.fromkeys(word for word in cleaned(one).split() if len(word) > 1 and word in others))


def cleaned(text: str) -> str:
    """Without links, mentions and signs: what a repost adds is no difference."""
    return _MARKS.sub(" ", _NOISE.sub(" ", text.casefold()))


@lru_cache(maxsize=4 * COMPARED)
def prints(text: str) -> array[int]:
    """The syllables, pairs and beginnings of the words of a text as numbers, each once."""
    found = []
    for word in cleaned(text).split():
        marked = f" {word}"
        found += [*word, *(marked[at : at + 2] for at in range(len(word)))]
    return array("I", {crc32(gram.encode()) for gram in found})


class Index:
    """Texts that can be asked which of them are near another. A rare syllable weighs more than a common one."""

    def __init__(self, texts: Iterable[str]) -> None:
        printed = [prints(text) for text in texts]
        spread: Counter[int] = Counter()
        for grams in printed:
            spread.update(grams)
        self._rarest = math.log(1 + len(printed)) + 1
        self._rarity = {gram: math.log((1 + len(printed)) / (1 + many)) + 1 for gram, many in spread.items()}
        self._vectors = [self._vector(grams) for grams in printed]
        self._where: defaultdict[int, list[int]] = defaultdict(list)
        for at, vector in enumerate(self._vectors):
            for gram in vector:
                self._where[gram].append(at)

    def near(self, text: str, *, at_least: float) -> list[tuple[int, float]]:
        """(position, cosine) of every text at least so near, the nearest first; none is missed."""
        return self._nearest(self._vector(prints(text)), at_least)

    def alike(self, text: str, *, at_least: float, without: int | None = None) -> list[tuple[int, float]]:
        """The same, asked together with the nearest texts; `without`: the position of this very text."""
        own = self._vector(prints(text))
        friends = [pair for pair in self._nearest(own, FRIENDS_FROM) if pair[0] != without][:FRIENDS]
        asked: defaultdict[int, float] = defaultdict(float, own)
        for at, score in friends:
            for gram, weight in self._vectors[at].items():
                asked[gram] += score * weight
        return [pair for pair in self._nearest(_of_length_one(asked), at_least) if pair[0] != without]

    def _nearest(self, asked: dict[int, float], at_least: float) -> list[tuple[int, float]]:
        scored = ((at, self._cosine(asked, self._vectors[at])) for at in self._reachable(asked, at_least))
        return sorted((pair for pair in scored if pair[1] >= at_least), key=lambda pair: (-pair[1], pair[0]))

    def _reachable(self, asked: dict[int, float], at_least: float) -> set[int]:
        """Who shares a rare gram. The common ones are left out as long as they alone could not reach `at_least`."""
        common_first = sorted(asked, key=lambda gram: -len(self._where.get(gram, ())))
        found: set[int] = set()
        left_out = 0.0
        for gram in common_first:
            left_out += asked[gram] ** 2
            if left_out >= at_least**2:
                found.update(self._where.get(gram, ()))
        return found

    def _vector(self, grams: Iterable[int]) -> dict[int, float]:
        return _of_length_one({gram: self._rarity.get(gram, self._rarest) for gram in grams})

    @staticmethod
    def _cosine(one: dict[int, float], other: dict[int, float]) -> float:
        short, long = (one, other) if len(one) < len(other) else (other, one)
        return sum(weight * long[gram] for gram, weight in short.items() if gram in long)


def _of_length_one(weights: Mapping[int, float]) -> dict[int, float]:
    length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
    return {gram: weight / length for gram, weight in weights.items()}


def average_precision(texts: Sequence[str], *, group: int) -> float:
    """How well likeness tells a group from all others, each text asked about once; its texts stand together."""
    index = Index(texts)
    pairs = [
        (score, at // group == other // group)
        for at, text in enumerate(texts)
        for other, score in index.alike(text, at_least=0.1, without=at)
    ]
    right, total = 0, 0.0
    for rank, (_score, alike) in enumerate(sorted(pairs, key=lambda pair: -pair[0]), start=1):
        right += alike
        total += right / rank * alike
    return total / (len(texts) // group * group * (group - 1))
