"""Two posts of one account within minutes are told, whatever state they are in."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from channels_sns import broadcasts, spacing
from channels_sns.models import Account, Broadcast
from departments.models import Role
from tests.broadcasting import approve, make_draft
from tests.make import NOON, make_account, make_person

pytestmark = pytest.mark.django_db


def at(minutes: int, *accounts: Account) -> Broadcast:
    return make_draft(accounts, publish_at=NOON + timedelta(hours=1, minutes=minutes))


def told(broadcast: Broadcast) -> list[tuple[int, int]]:
    return [(one.other.pk, one.minutes) for one in spacing.clashes([broadcast]).get(broadcast.pk, [])]


def test_near_on_one_account_is_told_to_both() -> None:
    account = make_account()
    one, two = at(0, account), approve(at(9, account, make_account("facebook")))
    assert (told(one), told(two)) == ([(two.pk, 9)], [(one.pk, 9)])


def test_ten_minutes_or_another_account_is_far_enough() -> None:
    account = make_account()
    one = at(0, account)
    at(10, account)
    at(1, make_account())
    assert told(one) == []


def test_given_up_or_without_a_time_is_in_nobodys_way() -> None:
    account = make_account()
    one, gone = at(0, account), at(1, account)
    make_draft([account])
    broadcasts.cancel(gone, by=make_person(Role.OFFICER), version=1, now=NOON)
    assert (told(one), told(gone)) == ([], [])


def test_three_of_a_moment_are_all_told_in_one_query(django_assert_num_queries: Any) -> None:
    account = make_account()
    rows = [at(minutes, account) for minutes in (0, 3, 12)]
    with django_assert_num_queries(1):
        found = spacing.clashes(rows)
    assert [[clash.minutes for clash in found.get(row.pk, [])] for row in rows] == [[3], [3, 9], [9]]
