"""The model itself: what it learns, how it is stored, and its figures on petitions."""

from __future__ import annotations

import csv
import sys
import zlib
from array import array

import pytest

from complaints import learning, trials
from complaints.learning import Example, Model, Unreadable
from tests.shared_material import shared

WORDS = {
    "도로": ("보도블록", "아스팔트", "가드레일"),
    "조명": ("가로등", "보안등", "조명탑"),
    "공원": ("놀이터", "산책로", "벤치"),
}
ENDS = ("이 망가졌어요", "을 고쳐주세요", "에 문제가 있습니다", " 신고합니다", "이 위험해요")


def lessons(times: int = 3) -> list[Example]:
    every = [Example(word + end, label) for label, words in WORDS.items() for word in words for end in ENDS]
    return every * times


def test_it_learns_whose_words_are_whose() -> None:
    model = learning.train(lessons())
    assert [model.rank(f"우리 동네 {word}")[0][0] for words in WORDS.values() for word in words] == [
        label for label, words in WORDS.items() for _word in words
    ]
    ranked = model.rank("가로등이 꺼졌습니다")
    assert sum(share for _label, share in ranked) == pytest.approx(1)
    assert model.words_for("조명", "저기 가로등이 꺼졌습니다")[0] == "가로등이"
    assert model.rank("zzz") == []


def test_the_same_examples_make_the_same_model_and_it_survives_storing() -> None:
    stored = learning.train(lessons()).dump()
    assert learning.train(lessons()).dump() == stored
    assert Model.load(stored).rank("벤치가 낡았어요") == learning.train(lessons()).rank("벤치가 낡았어요")


def test_hints_decide_where_the_text_says_nothing() -> None:
    known = [Example("고쳐주세요 부탁합니다", label, ((f"keywords:{label}", 2.0),)) for label in ("1", "2")] * 20
    model = learning.train(known)
    assert model.rank("고쳐주세요", (("keywords:2", 1.0),))[0][0] == "2"
    assert model.rank("고쳐주세요", (("keywords:1", 1.0),))[0][0] == "1"


def test_without_time_the_newest_are_learned() -> None:
    known = [Example("옛날 이야기", "old")] * 300 + [Example("오늘 이야기", "new")] * learning.CLOCK_EVERY
    assert learning.train(known, seconds=0.0).labels == ("new",)
    assert learning.train(known).labels == ("new", "old")


@pytest.mark.parametrize("bad", [b"", b"pickle", b"desk-model-1\nxx", b"desk-model-1\n" + zlib.compress(b"\xff")])
def test_what_is_no_model_is_refused(bad: bytes) -> None:
    with pytest.raises(Unreadable):
        Model.load(bad)


def test_a_model_cut_short_is_refused() -> None:
    stored = learning.train(lessons()).dump()
    raw = zlib.decompress(stored[len(learning._FORMAT) :])
    with pytest.raises(Unreadable):
        Model.load(learning._FORMAT + zlib.compress(raw[:-8]))


def test_the_stored_bytes_do_not_depend_on_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    cells = array("f", [1.5, -2.0])
    monkeypatch.setattr(sys, "byteorder", "big")
    assert learning._little(learning._little(cells)) == cells
    assert learning._little(cells) != cells


def test_the_figures_are_counted_right() -> None:
    figures = trials.measured([["a", "b"], ["b", "a", "c"], [], ["c"]], ["a", "c", "a", "b"])
    assert (figures.n, figures.top1, figures.top3) == (4, 0.25, 0.5)
    assert figures.macro_f1 == pytest.approx(2 / 3 / 3, abs=1e-4)


@pytest.mark.slow
@pytest.mark.unmeasured
def test_petitions_find_their_class() -> None:
    """17 classes; the stratified split of the file. The whole measure, also by time: python -m bench routing."""
    with shared("data", "petition_titles_45k.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    parts = [
        [Example(row["title"], row["category"]) for row in rows if row["split"] == part] for part in ("train", "test")
    ]
    trial = trials.tried(*parts, seconds=55)
    print(f"\npetitions: {trial}")
    assert trial.figures.top1 >= 0.5
    assert trial.figures.top3 >= 0.735
    assert trial.seconds <= 60
    assert trial.ms <= 5
