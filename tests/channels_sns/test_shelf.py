"""Versions of one post, posts that arrive twice at once, posts that cannot be stored."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError

from channels_sns import budget, inbox, shelf
from channels_sns.adapters.contract import IncomingPost, QuotaExhausted
from channels_sns.models import Account, DeadLetter, InboundPost, PostVersion
from tests.channels_sns.scripted import NOON, Script, later, make_incoming, make_page, make_scripted_account, script

pytestmark = pytest.mark.django_db
__all__ = ["script"]

FIRST = make_incoming("10", "처음")
SECOND = make_incoming("20", "고침", earlier_ids=("10",))
THIRD = make_incoming("30", "끝", earlier_ids=("10", "20"))


def put(account: Account, *posts: IncomingPost, now: datetime = NOON) -> shelf.Counts:
    return shelf.put(account, posts, now=now)


@pytest.mark.parametrize("order", [(FIRST, SECOND, THIRD), (THIRD, SECOND, FIRST), (SECOND, THIRD, FIRST)])
def test_all_versions_in_one_page_are_one_post(order: tuple[IncomingPost, ...]) -> None:
    account = make_scripted_account()
    counts = put(account, *order)
    assert (counts.new, counts.changed) == (1, 2)
    post = InboundPost.objects.get()
    assert (post.external_id, post.text) == ("10", "끝")
    assert list(PostVersion.objects.order_by("id").values_list("text", flat=True)) == ["처음", "고침", "끝"]


@pytest.mark.parametrize("late", [FIRST, SECOND])
def test_a_version_that_comes_late_does_not_undo_a_later_one(late: IncomingPost) -> None:
    account = make_scripted_account()
    for post in (FIRST, THIRD, late):
        put(account, post)
    assert InboundPost.objects.get().text == "끝"


def test_an_edit_taken_back_under_the_same_id_is_an_edit() -> None:
    account = make_scripted_account()
    for text in ("처음", "고침", "처음"):
        put(account, make_incoming("10", text))
    assert InboundPost.objects.get().text == "처음"
    assert PostVersion.objects.count() == 3


def test_a_later_version_of_a_post_that_could_not_be_stored_is_stored() -> None:
    account = make_scripted_account()
    naive = make_incoming("10", "처음", posted_at=datetime(2026, 11, 24, 3, 0))  # noqa: DTZ001 - the fault itself
    counts = put(account, naive, SECOND)
    assert (counts.dead, counts.new) == (1, 1)
    assert InboundPost.objects.get().external_id == "20"
    assert DeadLetter.objects.get().external_id == "10"


def test_a_post_pushed_while_it_is_polled_is_no_dead_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    account = make_scripted_account()
    known = shelf._known

    def pushed_meanwhile(account: Account, posts: Any) -> dict[str, InboundPost]:
        seen = known(account, posts)
        monkeypatch.setattr(shelf, "_known", known)
        put(account, FIRST)
        return seen

    monkeypatch.setattr(shelf, "_known", pushed_meanwhile)
    counts = put(account, FIRST, make_incoming("11", "다른 글"))
    assert (counts.new, counts.known, counts.dead) == (1, 1, 0)
    assert not DeadLetter.objects.exists()
    assert InboundPost.objects.count() == 2


@pytest.mark.parametrize("before", [[], [IntegrityError("somebody was faster")]])
def test_a_database_in_trouble_buries_nothing(monkeypatch: pytest.MonkeyPatch, before: list[Exception]) -> None:
    """Locked, out of space, timed out: the whole page comes again, with its cursor unmoved."""
    account = make_scripted_account()
    errors = [*before, OperationalError("database is locked")]

    def refuse(*_all: Any) -> int:
        raise errors.pop(0)

    monkeypatch.setattr(shelf, "_insert_all", refuse)
    with pytest.raises(OperationalError):
        put(account, FIRST)
    assert not DeadLetter.objects.exists()


def test_a_resident_number_is_not_kept_in_a_dead_letter_either() -> None:
    account = make_scripted_account()
    put(account, make_incoming("", "주민 900101-1234567"))
    assert "900101-*******" in bytes(DeadLetter.objects.get().raw).decode()


def test_known_posts_cost_no_query_each(django_assert_max_num_queries: Any) -> None:
    account = make_scripted_account()
    page = [make_incoming(str(number)) for number in range(50)]
    put(account, *page)
    with django_assert_max_num_queries(3):
        assert put(account, *page).known == 50


# --- the poll around it ---------------------------------------------------------------------------------------------


def test_a_poll_that_breaks_our_code_backs_off_and_is_shown(script: Script) -> None:
    account = make_scripted_account(cursor={"since": "3"})
    script.pages = [make_page(FIRST, cursor={"since": "10"}), KeyError("meta")]
    result = inbox.collect(account, now=NOON)
    account.refresh_from_db()
    assert "KeyError" in result.error
    assert (account.failures, account.cursor, account.lease_token) == (1, {"since": "10"}, None)
    assert account.pk not in inbox.due_accounts(NOON)


def test_a_lost_database_is_not_the_networks_fault(script: Script) -> None:
    account = make_scripted_account()
    script.pages = [OperationalError("gone")]
    with pytest.raises(OperationalError):
        inbox.collect(account, now=NOON)
    account.refresh_from_db()
    assert (account.failures, account.lease_token) == (0, None)


def test_a_long_walk_ends_before_its_lease_and_goes_on_next_time(
    script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = make_scripted_account()
    monkeypatch.setattr(inbox, "WALK_MAX", timedelta(0))
    script.pages = [make_page(FIRST), make_page(make_incoming("11"))]
    assert inbox.collect(account, now=NOON).pages == 1
    account.refresh_from_db()
    assert inbox.collect(account, now=later(60)).new == 1
    assert InboundPost.objects.count() == 2


def test_a_quota_that_reopens_in_thirty_years_is_asked_about_within_a_day(script: Script) -> None:
    account = make_scripted_account()
    script.pages = [QuotaExhausted("cap", retry_at=NOON + timedelta(days=9999))]
    inbox.collect(account, now=NOON)
    assert inbox.due_accounts(NOON + timedelta(hours=25)) == [account.pk]


def test_an_account_where_something_happened_is_polled_next() -> None:
    account = make_scripted_account(next_poll_at=later(900))
    assert inbox.due_accounts(NOON) == []
    inbox.poll_now(account, now=NOON)
    assert inbox.due_accounts(NOON) == [account.pk]


def test_reading_stops_for_a_while_where_the_budget_is_kept_for_replies(
    script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = make_scripted_account()
    spent = budget.Left("USD/day", "USD", Decimal(40), Decimal(50), 0.2, NOON + timedelta(hours=5))
    monkeypatch.setattr(budget, "stopped", lambda account, lane, now: spent if lane == "mention" else None)
    script.pages = [make_page(FIRST)]
    result = inbox.collect(account, now=NOON)
    account.refresh_from_db()
    assert "USD/day" in result.error
    assert (account.failures, len(script.pages), account.next_poll_at) == (0, 1, NOON + inbox.BUDGET_PAUSE)
