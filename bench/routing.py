"""How often what was learned is right, and how well duplicates are found, on shared texts of the country.

python -m bench routing [--data ../shared/data]
"""

from __future__ import annotations

import argparse
import csv
import os
import resource
import time
from collections.abc import Sequence
from pathlib import Path

from complaints import trials
from complaints.learning import Example

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
#: What is wanted of the learned routing (stratified split) and of the duplicates.
TOP1, TOP3, SECONDS, MS, MB, PRECISION = 0.50, 0.735, 60, 5, 150, 0.86
GROUPS_OF_PARAPHRASES = 10


def main(arguments: list[str]) -> int:
    """Print the figures; 1 if a target is missed, 2 without the data."""
    parser = argparse.ArgumentParser(prog="bench routing")
    parser.add_argument("--data", type=Path, default=DATA)
    folder = parser.parse_args(arguments).data
    petitions, paraphrases = folder / "petition_titles_45k.csv", folder / "parakqc_shared.txt"
    if not petitions.exists() or not paraphrases.exists():
        print(f"the data is not in {folder}")
        return 2
    reached = _routing(petitions)
    return int(not all([reached, _duplicates(paraphrases)]))


def _routing(path: Path) -> bool:
    """The file's stratified split is judged; the other two, by time, say how models age."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    examples = [Example(row["title"], row["category"]) for row in rows]
    reached = _trial("stratified split", *_split(rows, examples, "split"))
    _trial("first 80 %, then the rest", *trials.divided(examples))
    _trial("newest fifth of two years", *_split(rows, examples, "time_split"))
    return reached


def _split(rows: list[dict[str, str]], examples: list[Example], column: str) -> tuple[list[Example], list[Example]]:
    pairs = list(zip(rows, examples, strict=True))
    learned = [example for row, example in pairs if row[column] == "train"]
    return learned, [example for row, example in pairs if row[column] != "train"]


def _trial(name: str, older: Sequence[Example], newer: Sequence[Example]) -> bool:
    trial = trials.tried(older, newer, seconds=SECONDS)
    figures, peak = trial.figures, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{name:26} {trial.trained_on} → {figures.n}: top-1 {figures.top1:.3f}, top-3 {figures.top3:.3f}, "
        f"macro-F1 {figures.macro_f1:.3f}; {trial.seconds:.1f} s, {trial.ms:.2f} ms, {peak:.0f} MB"
    )
    cheap = trial.seconds <= SECONDS and trial.ms <= MS and peak <= MB
    return cheap and figures.top1 >= TOP1 and figures.top3 >= TOP3


def _duplicates(path: Path) -> bool:
    """Each part of 200 groups by itself; the worst of them counts."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings_for_types")
    import django

    django.setup()
    from complaints.similar import average_precision

    texts = [line.split("\t", 2)[2] for line in path.read_text(encoding="utf-8").splitlines()]
    begun = time.process_time()
    parts = [texts[at : at + 2000] for at in range(0, len(texts) - 1999, 2000)]
    found = [average_precision(part, group=GROUPS_OF_PARAPHRASES) for part in parts]
    mean, each = sum(found) / len(found), ", ".join(f"{one:.3f}" for one in found)
    print(f"{'duplicates':26} {len(texts)} texts: AP {mean:.3f} ({each}); {time.process_time() - begun:.0f} s")
    return min(found) >= PRECISION
