"""What a pile of decided texts teaches: two judges over hashed n-grams of characters, in plain Python, added up.

Complement naive Bayes: what stands often in the texts of the other labels speaks against this one; fair to small
departments. Softmax regression, from nothing: what tells the labels apart. Together they are better than either
(docs/suggestions.md), and their sum is one table again.
`hints` are what other judges say about a text, each a feature of its own: the model learns whom to believe.
"""

from __future__ import annotations

import json
import math
import random
import struct
import sys
import time
import zlib
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

#: Characters of a text that count: what follows rarely names another department.
READ = 400
LONGEST_GRAM = 3
SMOOTHING = 0.8
#: How much of a text's length in the space of features its hints have together.
HINT_WEIGHT = 0.7
#: A feature seen once is chance.
FEWEST_TEXTS = 2
#: From scores to probabilities.
SHARPNESS = 6.0
#: Times the softmax reads every text; its first and its last step; its voice beside that of Bayes.
PASSES, FIRST_STEP, LAST_STEP, SOFTMAX_VOICE = 2, 2.0, 0.1, 0.75
#: Cells of a table (labels times rows), at most, 4 bytes each; rows are a power of two.
MOST_CELLS, MOST_ROWS, FEWEST_ROWS = 6_000_000, 1 << 18, 1 << 12
#: Of the time given, what reading the texts may take, and when the softmax has to end.
READING_SHARE, LEARNING_SHARE = 0.3, 0.95
CLOCK_EVERY = 256
#: The table's size is judged by so many of the newest texts.
SAMPLED = 5000
_FORMAT = b"desk-model-1\n"

#: Hint → how strongly it speaks.
Hints: TypeAlias = tuple[tuple[str, float], ...]


class Example(NamedTuple):
    """A text that somebody decided about."""

    text: str
    label: str
    hints: Hints = ()


class Features(NamedTuple):
    """Rows of the table and their weights; as one vector its length is 1."""

    rows: array[int]
    weights: array[float]


class Unreadable(Exception):
    """These bytes are no model of this version."""


@dataclass(frozen=True, slots=True)
class Model:
    """`table` holds a row of `len(labels)` weights for each feature; `rarity` 0: the feature was never seen."""

    labels: tuple[str, ...]
    rarity: array[float]
    table: array[float]

    def rank(self, text: str, hints: Hints = ()) -> list[tuple[str, float]]:
        """Every label with its probability, the likeliest first. Nothing known in the text: nothing."""
        features = _weighted(_counts(text, hints, len(self.rarity)), self.rarity)
        if not features.rows:
            return []
        shares = _shares(_scores(self.table, features, len(self.labels)))
        return sorted(zip(self.labels, shares, strict=True), key=lambda pair: (-pair[1], pair[0]))

    def words_for(self, label: str, text: str, *, most: int = 4) -> list[str]:
        """The words of the text that speak for the label, strongest first."""
        at, labels, size = self.labels.index(label), len(self.labels), len(self.rarity)
        strength: dict[str, float] = {}
        for word in text[:READ].split():
            rows = [_row(gram, size) for gram in _grams(word)]
            strength[word] = sum(self.rarity[row] * self._lead(row, at, labels) for row in rows)
        return [word for word in sorted(strength, key=lambda word: -strength[word]) if strength[word] > 0][:most]

    def _lead(self, row: int, at: int, labels: int) -> float:
        """How far a feature favours one label before the average of all."""
        cells = self.table[row * labels : (row + 1) * labels]
        return cells[at] - sum(cells) / labels

    def dump(self) -> bytes:
        """The model as bytes, the same on every machine."""
        head = json.dumps({"labels": self.labels, "rows": len(self.rarity)}).encode()
        squeeze = zlib.compressobj(1)
        parts = (struct.pack("<I", len(head)), head, _little(self.rarity).tobytes(), _little(self.table).tobytes())
        return _FORMAT + b"".join(squeeze.compress(part) for part in parts) + squeeze.flush()

    @classmethod
    def load(cls, stored: bytes) -> Model:
        """What `dump` made. Raises Unreadable for anything else."""
        if not stored.startswith(_FORMAT):
            raise Unreadable("another version")
        try:
            raw = memoryview(zlib.decompress(stored[len(_FORMAT) :]))
            (length,) = struct.unpack_from("<I", raw)
            head = json.loads(bytes(raw[4 : 4 + length]))
            labels, rows = tuple(map(str, head["labels"])), int(head["rows"])
            cells = 4 + length + 4 * rows
            rarity, table = array("f", raw[4 + length : cells].tobytes()), array("f", raw[cells:].tobytes())
        except (zlib.error, struct.error, ValueError, KeyError, TypeError) as error:
            raise Unreadable(str(error)) from error
        if len(rarity) != rows or len(table) != rows * len(labels):
            raise Unreadable("cut short")
        return cls(labels, _little(rarity), _little(table))


def _little(cells: array[float]) -> array[float]:
    """The cells in the byte order of the stored form; where the machine has it, they themselves."""
    if sys.byteorder == "little":
        return cells
    turned = array("f", cells)
    turned.byteswap()
    return turned


def train(examples: Sequence[Example], *, seconds: float = 45.0) -> Model:
    """The model of these examples, oldest first; the same for the same examples.

    Where so many processor seconds are too few, the oldest are left out.
    """
    begun = time.thread_time()
    size = _size(examples[-SAMPLED:], len({example.label for example in examples}), of=len(examples))
    texts = _read(examples, size, ends=begun + READING_SHARE * seconds)
    examples = examples[len(examples) - len(texts) :]
    labels = tuple(sorted({example.label for example in examples}))
    place = {label: at for at, label in enumerate(labels)}
    answers = [place[example.label] for example in examples]
    rarity = _rarity(texts, size)
    for at, counts in enumerate(texts):  # in place: both at once would be a quarter of the memory
        texts[at] = _weighted(counts, rarity)
    table = _bayes(texts, answers, labels=len(labels), size=size, known=_known(rarity))
    second = _softmax(texts, answers, labels=len(labels), size=size, ends=begun + LEARNING_SHARE * seconds)
    for at, cell in enumerate(second):
        table[at] += SOFTMAX_VOICE * cell
    return Model(labels, rarity, table)


def _read(examples: Sequence[Example], size: int, *, ends: float) -> list[Features]:
    """The examples counted, as many of the newest as the time allows; at least one."""
    found: list[Features] = []
    for example in reversed(examples):
        if found and len(found) % CLOCK_EVERY == 0 and time.thread_time() > ends:
            break
        found.append(_counts(example.text, example.hints, size))
    return found[::-1]


def _known(rarity: array[float]) -> int:
    return sum(1 for rare in rarity if rare)


# --- features -------------------------------------------------------------------------------------------------------


def _grams(word: str) -> Iterator[str]:
    """Runs of one to three characters within a word; its ends are marked."""
    marked = f" {word.casefold()} "
    for length in range(1, LONGEST_GRAM + 1):
        for at in range(len(marked) - length + 1):
            if length > 1 or marked[at] != " ":
                yield marked[at : at + length]


def _row(feature: str, size: int) -> int:
    return zlib.crc32(feature.encode()) & (size - 1)


def _counts(text: str, hints: Hints, size: int) -> Features:
    """Rows with how often each stands in the text, damped, and the hints behind, as negative weights."""
    found = Counter(_row(gram, size) for word in text[:READ].split() for gram in _grams(word))
    rows, weights = array("I", found), array("f", (1 + math.log(many) for many in found.values()))
    for name, strength in hints:
        rows.append(_row(f"\0{name}", size))
        weights.append(-strength)
    return Features(rows, weights)


def _size(sample: Sequence[Example], labels: int, *, of: int) -> int:
    """Rows enough that few features share one, and no more than the table may have."""
    distinct = {gram for example in sample for word in example.text[:READ].split() for gram in _grams(word)}
    wanted = 2 * len(distinct) * math.sqrt(of / max(1, len(sample)))
    most = min(MOST_ROWS, MOST_CELLS // max(1, labels))
    size = FEWEST_ROWS
    while size < wanted and 2 * size <= most:
        size *= 2
    return size


def _rarity(counted: Sequence[Features], size: int) -> array[float]:
    spread = Counter(row for features in counted for row in features.rows)
    rarity = array("f", bytes(4 * size))
    for row, many in spread.items():
        if many >= FEWEST_TEXTS:
            rarity[row] = math.log((1 + len(counted)) / (1 + many)) + 1
    return rarity


def _weighted(counts: Features, rarity: array[float]) -> Features:
    """Known features, rare ones heavier. Text and hints each get their share of the length."""
    known = [(row, weight) for row, weight in zip(*counts, strict=True) if rarity[row]]
    text = [(row, weight * rarity[row]) for row, weight in known if weight > 0]
    hints = [(row, -weight) for row, weight in known if weight < 0]
    kept = _of_length(text, 1.0) + _of_length(hints, HINT_WEIGHT)
    return Features(array("I", (row for row, _weight in kept)), array("f", (weight for _row, weight in kept)))


def _of_length(pairs: list[tuple[int, float]], length: float) -> list[tuple[int, float]]:
    norm = math.sqrt(sum(weight * weight for _row, weight in pairs)) or 1.0
    return [(row, weight * length / norm) for row, weight in pairs]


# --- weights --------------------------------------------------------------------------------------------------------


def _scores(table: array[float], features: Features, labels: int) -> list[float]:
    scores = [0.0] * labels
    for row, weight in zip(*features, strict=True):
        at = row * labels
        scores = [score + weight * cell for score, cell in zip(scores, table[at : at + labels], strict=True)]
    return scores


def _shares(scores: Sequence[float]) -> list[float]:
    """Scores as probabilities."""
    highest = max(scores)
    powers = [math.exp(score - highest) for score in scores]
    total = sum(powers)
    return [power / total for power in powers]


def _softmax(texts: Sequence[Features], answers: Sequence[int], *, labels: int, size: int, ends: float) -> array[float]:
    """Every text pulls its features towards its label, less each time; the same order for the same number of texts."""
    table = array("f", bytes(4 * labels * size))
    turns = [at for turn in range(PASSES) for at in random.Random(turn).sample(range(len(texts)), len(texts))]
    for done, at in enumerate(turns):
        if done % CLOCK_EVERY == 0 and time.thread_time() > ends:
            break
        step = FIRST_STEP + (LAST_STEP - FIRST_STEP) * done / len(turns)
        pull = [-step * share for share in _shares(_scores(table, texts[at], labels))]
        pull[answers[at]] += step
        for row, weight in zip(*texts[at], strict=True):
            begin, end = row * labels, (row + 1) * labels
            table[begin:end] = array(
                "f", [cell + weight * force for cell, force in zip(table[begin:end], pull, strict=True)]
            )
    return table


def _bayes(texts: Iterable[Features], answers: Iterable[int], *, labels: int, size: int, known: int) -> array[float]:
    """Complement naive Bayes: a cell is how rarely the feature stands in the texts of the other labels."""
    table = array("f", bytes(4 * labels * size))
    mass = [0.0] * labels
    for features, answer in zip(texts, answers, strict=True):
        for row, weight in zip(*features, strict=True):
            table[row * labels + answer] += weight
        mass[answer] += sum(features.weights)
    others = [math.log(sum(mass) - own + SMOOTHING * known) for own in mass]
    for at in range(0, len(table), labels):
        cells = table[at : at + labels]
        total = sum(cells)
        if total:
            logs = [other - math.log(total - own + SMOOTHING) for other, own in zip(others, cells, strict=True)]
            mean = sum(logs) / labels
            table[at : at + labels] = array("f", (SHARPNESS * (cell - mean) for cell in logs))
    return table
