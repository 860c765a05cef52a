"""One worker at a time, and a turn always ends."""

from __future__ import annotations

from datetime import timedelta

import pytest

from channels_sns.models.turn import Turn
from channels_sns.turns import turn
from tests.channels_sns.scripted import NOON, later
from tests.elsewhere import held_elsewhere

pytestmark = pytest.mark.django_db

LENGTH = timedelta(seconds=5)


def test_one_has_the_turn_and_gives_it_back() -> None:
    Turn.objects.create(name="sweep", until=later(5))
    with held_elsewhere("turn", "sweep"):
        with turn("sweep", now=later(1), length=LENGTH) as theirs:
            assert not theirs
        with turn("photos", now=later(1), length=LENGTH) as another:
            assert another
    with turn("sweep", now=later(1), length=LENGTH) as mine:
        assert mine
        assert Turn.objects.get(name="sweep").until == later(6)
    assert Turn.objects.get(name="sweep").until == later(1)


def test_a_turn_ends_with_its_worker() -> None:
    Turn.objects.create(name="sweep", until=later(5))
    with turn("sweep", now=NOON, length=LENGTH) as mine:
        assert mine


def test_an_error_leaves_the_turn_free() -> None:
    with pytest.raises(ZeroDivisionError), turn("sweep", now=NOON, length=LENGTH):
        _ = 1 / 0
    with turn("sweep", now=NOON, length=LENGTH) as mine:
        assert mine


def test_the_turn_of_one_that_hangs_lapses() -> None:
    Turn.objects.create(name="sweep", until=later(5))
    with held_elsewhere("turn", "sweep"):
        with turn("sweep", now=later(4.9), length=LENGTH) as early:
            assert not early
        with turn("sweep", now=later(5), length=LENGTH) as late:
            assert late


def test_who_overran_does_not_end_the_turn_of_the_next() -> None:
    with turn("sweep", now=NOON, length=LENGTH) as slow:
        assert slow
        Turn.objects.filter(name="sweep").update(until=later(11))  # lapsed, and taken by somebody else
    with held_elsewhere("turn", "sweep"), turn("sweep", now=later(6), length=LENGTH) as third:
        assert not third
