"""The legal kind that a text speaks for: the cases that officers may read and add to, and the words as the reason."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from complaints import kind_words
from complaints.models.kinds import LegalKind

CASES = Path(__file__).with_name("kind_cases.csv")


def cases() -> list[tuple[str, str]]:
    with CASES.open(encoding="utf-8", newline="") as file:
        return [(row["text"], row["kind"]) for row in csv.DictReader(file)]


@pytest.mark.parametrize(("text", "kind"), cases())
def test_the_words_speak_for_a_kind(text: str, kind: str) -> None:
    found = kind_words.propose(text)
    assert (found.kind if found else "") == kind


def test_every_kind_but_the_plain_post_has_cases() -> None:
    assert {kind for _text, kind in cases()} == {kind for kind in LegalKind.values if kind != "SNS"} | {""}


def test_the_reason_stands_in_the_text_in_its_order() -> None:
    found = kind_words.propose("청년 월세 지원금 신청 자격이 궁금합니다")
    assert found is not None
    assert found.words == ("지원금", "궁금")
    assert kind_words.propose("") is None
