"""Perhaps an incident: a burst is told once, an ordinary day never; what is decided stays quiet."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User

from channels_sns.models import Account
from complaints import incidents, surges, tasks, workflow
from complaints.models import Complaint, Surge
from departments.models import District, Role
from tests.make import NOON, make_account, make_complaint, make_department, make_district, make_person

pytestmark = pytest.mark.django_db

#: One matter in several words, and an ordinary day of others.
LEAK = (
    "해운대 좌동 수도관이 터져 도로에 물이 넘칩니다", "좌동 사거리 수도관 터져서 물이 넘쳐요 도로 침수",
    "좌동 도로 수도관 파열 물이 넘치고 있어요", "수도관이 터졌나봐요 좌동 도로에 물이 넘칩니다",
    "좌동에 수도관이 터져 물바다 도로가 넘칩니다", "좌동 수도관 터짐 도로 물이 넘침 빨리요",
)  # fmt: skip
OTHERS = (
    "버스 정류장 의자가 부서졌어요", "공원 화장실 문이 잠기지 않습니다", "길고양이 급식소 문의드립니다",
    "현수막이 너무 많습니다", "도서관 주차장이 좁아요", "횡단보도 신호가 너무 짧아요", "바닷가 쓰레기통이 넘칩니다",
    "축제 소음이 심합니다",
)  # fmt: skip


@pytest.fixture
def account() -> Account:
    return make_account()


@pytest.fixture
def district() -> District:
    return make_district("해운대구")


@pytest.fixture
def officer() -> User:
    return make_person(Role.OFFICER)


def came(account: Account, text: str, author: int, *, minutes: float = 2, **values: Any) -> Complaint:
    """So many minutes ago, from citizen number `author`."""
    at = NOON - timedelta(minutes=minutes)
    return make_complaint(text, account=account, author=str(author), received_at=at, **values)


def ordinary_days(account: Account, district: District, days: int = 4) -> None:
    for day in range(days):
        for number, text in enumerate(OTHERS):
            minutes = day * 1440 + 20 * number + 1
            came(account, text, 1000 + 10 * day + number, minutes=minutes, district=district)


def burst(account: Account, district: District, *, first: int = 0, minutes: float = 5) -> list[Complaint]:
    return [
        came(account, text, first + number, minutes=minutes + number, district=district)
        for number, text in enumerate(LEAK)
    ]


def test_an_ordinary_day_is_quiet(account: Account, district: District) -> None:
    ordinary_days(account, district)
    assert surges.find(now=NOON) == []
    assert not Surge.objects.exists()


def test_a_burst_is_told_once(account: Account, district: District) -> None:
    ordinary_days(account, district, days=2)
    leak = burst(account, district)
    (found,) = surges.find(now=NOON)
    assert set(surges.free(found)) == set(leak)
    assert "좌동" in incidents.title_offered(found.seed)
    assert surges.find(now=NOON) == []
    late = came(account, "좌동 수도관 터져 도로에 물이 계속 넘칩니다", 99, minutes=0, district=district)
    assert surges.find(now=NOON) == [], "what comes later joins the suggestion"
    assert late in surges.free(found)
    assert Surge.objects.count() == 1


def test_the_same_in_other_places_is_no_burst(account: Account) -> None:
    for number, text in enumerate(LEAK):
        came(account, text.replace("해운대 ", "").replace("좌동", ""), number, district=make_district(f"{number}구"))
    assert surges.find(now=NOON) == []


def test_one_citizen_who_writes_often_is_no_burst(account: Account, district: District) -> None:
    for number, text in enumerate(LEAK):
        came(account, text, 7, minutes=5 + number, district=district)
    assert surges.find(now=NOON) == []


def test_what_comes_every_day_at_this_hour_is_usual(account: Account, district: District) -> None:
    for day in range(1, 15):
        for number in range(4):
            came(account, LEAK[number], 100 * day + number, minutes=1440 * day + number, district=district)
    burst(account, district)
    assert surges.find(now=NOON) == [], "six where four are usual"


@pytest.mark.parametrize(
    ("citizens", "usual", "enough"),
    [(4, 0, False), (5, 0, True), (6, 2, False), (7, 2, True), (5, 1, True), (4, 1, False)],
)
def test_what_is_enough(citizens: int, usual: float, enough: bool) -> None:
    assert surges.is_enough(citizens, usual) is enough


def test_old_dismissed_and_set_aside_ones_do_not_count(account: Account, district: District) -> None:
    burst(account, district, minutes=181)
    assert surges.find(now=NOON) == []
    for number, text in enumerate(LEAK):
        came(account, text, 50 + number, district=district, status="DISMISSED")
    assert surges.find(now=NOON) == []


def test_what_was_said_to_be_none_stays_quiet(account: Account, district: District, officer: User) -> None:
    burst(account, district)
    (found,) = surges.find(now=NOON)
    surges.dismiss(found, by=officer, now=NOON)
    burst(account, district, first=20, minutes=1)
    assert surges.find(now=NOON) == []
    with pytest.raises(workflow.Conflict):
        surges.dismiss(found, by=officer, now=NOON)
    with pytest.raises(workflow.MoveNotAllowed):
        surges.dismiss(found, by=make_person(Role.HEAD), now=NOON)


def test_joined_they_are_an_incident_and_what_follows_is_offered_that(
    account: Account, district: District, officer: User
) -> None:
    leak = burst(account, district)
    (found,) = surges.find(now=NOON)
    water = make_department("수질정책과")
    incident = surges.join(found, title="좌동 누수", department=water, by=officer, now=NOON)
    tied = set(incident.members.values_list("complaint_id", flat=True))
    assert tied == set(found.complaints.values_list("pk", flat=True)) <= {one.pk for one in leak}
    assert {one.department for one in Complaint.objects.filter(pk__in=tied)} == {water}
    burst(account, district, first=20, minutes=1)
    assert surges.find(now=NOON) == []
    with pytest.raises(workflow.Conflict):
        surges.join(found, title="또", department=None, by=officer, now=NOON)


def test_an_open_incident_keeps_it_quiet(account: Account, district: District, officer: User) -> None:
    first, *_rest = burst(account, district)
    incidents.begin_with(first, title="누수", department=None, by=officer, version=first.version, now=NOON)
    assert surges.find(now=NOON) == []


def test_what_was_tied_by_hand_meanwhile_leaves_nothing_to_tie(
    account: Account, district: District, officer: User
) -> None:
    leak = burst(account, district)
    (found,) = surges.find(now=NOON)
    assert surges.of(leak[0], now=NOON) == found
    incidents.gather(incidents.begin("누수", by=officer, now=NOON), leak, by=officer, now=NOON)
    assert surges.of(leak[0], now=NOON) is None
    with pytest.raises(incidents.NotPossible):
        surges.join(found, title="누수", department=None, by=officer, now=NOON)
    assert Surge.objects.get().state == "OPEN"


def test_the_clock_looks() -> None:
    tasks.find_surges()
    assert not Surge.objects.exists()
