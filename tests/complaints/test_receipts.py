"""Receipt numbers: in order, never twice, and a slip of the tongue is noticed."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from complaints import receipts
from complaints.models import ReceiptCounter
from tests.make import NOON

NUMBERS = st.builds(receipts.number_of, st.integers(2012, 2099), st.integers(1, 9_999_999))


def wrong_digits(number: str) -> list[str]:
    places = [place for place, char in enumerate(number) if char.isdigit()]
    return [
        number[:place] + digit + number[place + 1 :]
        for place in places
        for digit in "0123456789"
        if digit != number[place]
    ]


def swapped(number: str) -> list[str]:
    """Neighbours exchanged, over the dash too, as one hears them."""
    digits = number[1:].replace("-", "")
    found = []
    for place in range(len(digits) - 1):
        one, other = digits[place], digits[place + 1]
        if one != other:
            turned = digits[:place] + other + one + digits[place + 2 :]
            found.append(f"B{turned[:2]}-{turned[2:]}")
    return found


@given(NUMBERS)
def test_every_wrong_digit_and_every_swap_of_neighbours_is_noticed(number: str) -> None:
    assert receipts.is_valid(number)
    assert not [wrong for wrong in (*wrong_digits(number), *swapped(number)) if receipts.is_valid(wrong)]


def test_known_numbers() -> None:
    assert receipts.check_digit("572") == "4", "the published example"
    assert receipts.number_of(2026, 421) == "B26-00421" + receipts.check_digit("2600421")
    assert len(receipts.number_of(2026, 99_999)) == len("B26-999990")
    assert len(receipts.number_of(2026, 100_000)) == len("B26-1000000")


@pytest.mark.parametrize("text", ["", "B26-", "B26-12345", "b26-004210", " B26-004210", "B26-00421０", "B26-004210\n"])
def test_what_is_not_written_like_a_number_is_none(text: str) -> None:
    assert not receipts.is_valid(text)


@pytest.mark.django_db
def test_numbers_are_drawn_in_order_and_grow_beyond_five_digits() -> None:
    ReceiptCounter.objects.create(year=2026, last=99_998)
    drawn = receipts.draw(3, now=NOON)
    assert [number[4:-1] for number in drawn] == ["99999", "100000", "100001"]
    assert all(map(receipts.is_valid, drawn))
    assert receipts.draw(0, now=NOON) == []
    assert receipts.draw(1, now=NOON)[0][4:-1] == "100002"


@pytest.mark.django_db
def test_the_year_changes_at_midnight_in_busan() -> None:
    before, after = datetime(2026, 12, 31, 14, 59, 59, tzinfo=UTC), datetime(2026, 12, 31, 15, tzinfo=UTC)
    assert receipts.draw(1, now=before)[0].startswith("B26-00001")
    assert receipts.draw(1, now=after)[0].startswith("B27-00001")
    assert receipts.draw(1, now=before)[0].startswith("B26-00002")


@pytest.mark.needs_pg
@pytest.mark.django_db(transaction=True)
def test_many_at_once_draw_no_number_twice() -> None:
    drawn: list[str] = []
    ready = threading.Barrier(8)

    def draw() -> None:
        ready.wait(10)
        for _round in range(5):
            drawn.extend(receipts.draw(3, now=NOON))
        connection.close()

    threads = [threading.Thread(target=draw) for _n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(drawn) == [receipts.number_of(2026, serial) for serial in range(1, 121)]
