"""Followers: what the networks said and what was brought from elsewhere, as one series an account and a total."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from channels_sns import follower_figures, followers
from channels_sns.models import Account, FollowerFigure, MetricSample
from tests.make import NOON, make_account

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)


def sample(account: Account, days_ago: int, value: int) -> None:
    at = NOON - timedelta(days=days_ago)
    MetricSample.objects.create(account=account, name="followers", value=value, sampled_at=at)


def load(text: str) -> follower_figures.Imported:
    return follower_figures.load(text.encode(), source="old.csv", now=NOON)


def points(series: followers.Series) -> list[tuple[str, int, bool]]:
    return [(str(point.day), point.followers, point.imported) for point in series.points]


def test_the_last_sample_of_a_day_counts_and_the_total_carries_the_silent_on() -> None:
    x, facebook = make_account("x"), make_account("facebook")
    sample(x, 1, 100)
    MetricSample.objects.create(account=x, name="followers", value=110, sampled_at=NOON - timedelta(hours=20))
    sample(x, 0, 120)
    sample(facebook, 1, 1000)
    found = followers.read(now=NOON)
    assert points(found.of(x)) == [("2026-11-23", 110, False), ("2026-11-24", 120, False)]
    assert points(found.total) == [("2026-11-23", 1110, False), ("2026-11-24", 1120, False)]
    assert found.total.growth(1) == 10
    assert found.total.growth(30) is None


def test_who_is_silent_for_long_no_longer_counts() -> None:
    x, facebook = make_account("x"), make_account("facebook")
    sample(x, 0, 100)
    sample(facebook, 15, 1000)
    latest = followers.read(now=NOON).total.latest
    assert latest is not None
    assert latest.followers == 100


def test_the_twenty_thousand_of_2012() -> None:
    facebook = make_account("facebook")
    sample(facebook, 0, 50_001)
    done = load('date,account,followers\n2012-11-30,total,20000\n2012-11-30,facebook,"10,000"\n2012-11-29,me2day,900\n')
    assert (done.new, done.changed, done.same) == (3, 0, 0)
    found = followers.read(now=NOON)
    assert points(found.total) == [
        ("2012-11-29", 900, True), ("2012-11-30", 20000, True), ("2026-11-24", 50001, False),
    ]  # fmt: skip
    assert found.total.milestones() == [
        (50_000, TODAY), (20_000, date(2012, 11, 30)), (10_000, date(2012, 11, 30)), (5_000, date(2012, 11, 30)),
        (1_000, date(2012, 11, 30)),
    ]  # fmt: skip
    assert {one.network for one in found.parts if not one.account} == {"facebook", "me2day"}
    assert found.of(make_account("x")).latest is None


def test_a_networks_numbers_end_where_its_accounts_begin() -> None:
    facebook = make_account("facebook")
    load(f"date,account,followers\n2026-11-22,facebook,900\n2026-11-23,#{facebook.pk},950\n")
    sample(facebook, 0, 1000)
    assert points(followers.read(now=NOON).total) == [
        ("2026-11-22", 900, True), ("2026-11-23", 950, True), ("2026-11-24", 1000, False),
    ]  # fmt: skip


def test_what_the_desk_heard_itself_stands_before_what_was_brought() -> None:
    x = make_account("x", handle="busan")
    sample(x, 0, 100)
    load("날짜,계정,팔로워\n2026.11.24,X:@Busan,99\n")
    assert points(followers.read(now=NOON).of(x)) == [("2026-11-24", 100, False)]


def test_again_changes_nothing_and_another_number_changes_one() -> None:
    text = "date,account,followers\n2012-11-30,total,20000\n"
    load(text)
    assert load(text).same == 1
    assert load(text.replace("20000", "20001")).changed == 1
    assert FollowerFigure.objects.get().followers == 20001
    assert (
        follower_figures.load("날짜,계정,친구\n2012-11-30,합계,20001\n".encode("cp949"), source="", now=NOON).same == 1
    )


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        ("date,followers\n2012-11-30,1\n", 1),
        ("date,account,followers\n", 1),
        ("date,account,followers\n\n30.11.2012,total,1\n", 3),
        ("date,account,followers\n2012-02-30,total,1\n", 2),
        ("date,account,followers\n2026-11-25,total,1\n", 2),
        ("date,account,followers\n2012-11-30,myspace,1\n", 2),
        ("date,account,followers\n2012-11-30,total,-1\n", 2),
        ("date,account,followers\n2012-11-30,total,٣\n", 2),
        ("date,account,followers\n2012-11-30,total\n", 2),
        ("date,account,followers\n2012-11-30,total,1\n2012-11-30,total,2\n", 3),
        ('date,account,followers\n2012-11-30,"total,1\n', 2),
    ],
)
def test_a_wrong_line_refuses_the_whole_file_and_is_named(text: str, line: int) -> None:
    with pytest.raises(follower_figures.Refused) as refused:
        load(text.replace("\n2012-11-30,total,1\n2", "\n2012-11-30,total,1\n2"))
    assert [number for number, _words in refused.value.problems] == [line]
    assert not FollowerFigure.objects.exists()


def test_neither_utf8_nor_cp949() -> None:
    with pytest.raises(follower_figures.Refused):
        follower_figures.load(b"\xff\xff\xff", source="", now=NOON)
