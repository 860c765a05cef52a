"""How good a ranking is: train on the older decisions, ask about the newer ones, count."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from complaints.learning import Example, train

#: The newest part of the decisions is what a model is asked about.
NEWEST_SHARE = 0.2
#: Hands the examples through, perhaps with a bar.
Watch: TypeAlias = Callable[[Sequence[Example]], Iterable[Example]]


@dataclass(frozen=True, slots=True)
class Figures:
    """How often a ranking is right: at once, among the first three, and fairly over the labels (macro-F1)."""

    n: int
    top1: float
    top3: float
    macro_f1: float


def measured(ranked: Sequence[Sequence[str]], answers: Sequence[str]) -> Figures:
    """The figures of rankings (likeliest label first, maybe empty) beside the right answers."""
    n = len(answers)
    pairs = list(zip(ranked, answers, strict=True))
    tally: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for labels, answer in pairs:
        first = labels[0] if labels else ""
        tally[answer]["asked"] += 1
        tally[first]["given"] += 1
        tally[answer]["right"] += first == answer
    asked = [one for one in tally.values() if one["asked"]]
    f1 = sum(2 * one["right"] / (one["asked"] + one["given"]) for one in asked) / max(1, len(asked))
    top1 = sum(answer in labels[:1] for labels, answer in pairs) / max(1, n)
    top3 = sum(answer in labels[:3] for labels, answer in pairs) / max(1, n)
    return Figures(n, round(top1, 4), round(top3, 4), round(f1, 4))


@dataclass(frozen=True, slots=True)
class Trial:
    """What a trial showed; `seconds` of training and `ms` for one answer, both of the processor."""

    figures: Figures
    trained_on: int
    seconds: float
    ms: float


def divided(examples: Sequence[Example]) -> tuple[Sequence[Example], Sequence[Example]]:
    """The older four fifths and the newest fifth."""
    cut = len(examples) - max(1, int(len(examples) * NEWEST_SHARE))
    return examples[:cut], examples[cut:]


def tried(older: Sequence[Example], newer: Sequence[Example], *, seconds: float, watch: Watch = iter) -> Trial:
    """Train on `older` for at most so many processor seconds, then ask about `newer`."""
    begun = time.thread_time()
    model = train(older, seconds=seconds)
    trained = time.thread_time()
    ranked = [[label for label, _share in model.rank(example.text, example.hints)] for example in watch(newer)]
    spent = time.thread_time() - trained
    figures = measured(ranked, [example.label for example in newer])
    return Trial(figures, len(older), round(trained - begun, 2), round(spent * 1000 / max(1, len(newer)), 3))
