"""Pages of one subject: counted by hand, every number opens its list, nothing of others for a head."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from channels_sns.models import FollowerFigure, MetricSample
from complaints import clocks
from complaints.models import Complaint, Duration
from complaints.models.kinds import LegalKind
from complaints.reports import district_map, inspection, promises_kept, tallies, targets
from complaints.reports.readers import reader_of
from complaints.reports.slices import read
from complaints.reports.sources import Exact
from departments.models import Department, District, Role
from tests.complaints.admin.desk import client_as, client_of
from tests.complaints.reports.office import Office, at, make_hand_counted
from tests.complaints.reports.test_pages import HOME, NOVEMBER, body
from tests.make import make_account, make_district, make_person, make_promise

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 12, 24, 3, 0, 0, tzinfo=UTC)
LINK = re.compile(r'href="(/admin/reports/list/[^"]+)"[^>]* aria-label="[^"]*: ([^"]+)"')
PROMISES = re.compile(r'href="(/admin/reports/promises/[^"#]+)#promises"[^>]*: ([\d,]+)"')
COUNT = re.compile(r'id="count">([\d,]+)')
#: A number with words before or behind it is a count too; a length is not.
NUMBER = re.compile(r"^(?:\D+ )?([\d,]+)$|\(([\d,]+)/[\d,]+\)$|^([\d,]+) \(")


@pytest.fixture
def office() -> Office:
    office = make_hand_counted()
    Department.objects.filter(pk=office.tour.pk).update(bureau="관광마이스국")
    return office


@pytest.fixture
def manager() -> Client:
    return client_as(Role.MANAGER)


def counts_open_their_lists(client: Client, address: str) -> int:
    """How many numbers of the page lead to a list of just that length."""
    checked = set()
    for link, text in LINK.findall(body(client.get(address))):
        number = next(filter(None, (NUMBER.search(text) or re.match("", "")).groups()), None)  # type: ignore[union-attr]
        if number and link not in checked:
            checked.add(link)
            assert COUNT.search(body(client.get(unescape(link))))[1] == number, (link, text)  # type: ignore[index]
    return len(checked)


def rows_of(page: str, section: str) -> list[list[str]]:
    """The cells of the first table of a section, in words."""
    table = page[page.index(f'id="{section}"') :]
    table = table[: table.index("</table>")]
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in table.split("<tr")[2:]]
    return [[" ".join(unescape(re.sub(r"<[^>]+>", " ", cell)).split()) for cell in row] for row in cells]


def test_a_department_as_it_was(office: Office, manager: Client) -> None:
    address = f"{HOME}department/?{NOVEMBER}&department={office.tour.pk}"
    page = body(manager.get(address))
    assert "<h1>관광정책과</h1>" in page
    assert "관광마이스국</a>" in page
    assert office.road.name in page  # it gave one on to them
    assert counts_open_their_lists(manager, address) > 20


def test_what_a_department_holds_stands_with_what_is_due_first(office: Office, manager: Client) -> None:
    old = office.receive("11-20 09:00", author="late")
    office.assign(old, "11-20 09:10", office.road)
    page = body(manager.get(f"{HOME}department/?{NOVEMBER}&department={office.road.pk}"))
    held = rows_of(page, "held")
    open_ = Complaint.objects.filter(department=office.road).exclude(status="COMPLETED").order_by("next_due_at")
    assert [row[0] for row in held] == list(open_.values_list("number", flat=True))
    assert held[0][-1] != "–"


def test_a_bureau_is_its_departments_together(office: Office, manager: Client) -> None:
    Department.objects.update(bureau="관광마이스국")
    page = body(manager.get(f"{HOME}department/?{NOVEMBER}&bureau=관광마이스국"))
    assert "관광정책과" in page
    assert "도로계획과" in page


@pytest.mark.parametrize("query", ["department=999999", "bureau=없는국", "department=none"])
def test_what_is_not_there_is_not_found(office: Office, manager: Client, query: str) -> None:
    assert manager.get(f"{HOME}department/?{query}").status_code == 404


@pytest.mark.parametrize("query", ["account=999999", "network=nowhere"])
def test_a_channel_that_is_not_there_is_not_found(manager: Client, query: str) -> None:
    assert manager.get(f"{HOME}channel/?{query}").status_code == 404


def test_a_department_that_ended_names_its_successor(office: Office, manager: Client) -> None:
    day = at("11-20 00:00").date()
    Department.objects.filter(pk=office.tour.pk).update(successor=office.road, active_to=day)
    assert office.road.name in body(manager.get(f"{HOME}department/?{NOVEMBER}&department={office.tour.pk}"))
    assert office.tour.name in body(manager.get(f"{HOME}department/?{NOVEMBER}&department={office.road.pk}"))


def test_a_head_sees_his_department_and_no_city_beside_it(office: Office) -> None:
    head = client_of(make_person(Role.HEAD, office.tour))
    page = body(head.get(f"{HOME}department/?{NOVEMBER}&department={office.tour.pk}"))
    assert "<h1>관광정책과</h1>" in page
    assert office.road.name not in page
    assert body(head.get(f"{HOME}department/?{NOVEMBER}&bureau=관광마이스국"))
    assert head.get(f"{HOME}department/?{NOVEMBER}&bureau=도시혁신균형실").status_code == 404
    for page_name in ("department/", "due-times/", "hand-overs/", "channel/", "monthly/", "districts/"):
        assert office.road.name not in body(head.get(f"{HOME}{page_name}?{NOVEMBER}"))


def test_due_times_by_kind_and_department(office: Office, manager: Client) -> None:
    grave = office.receive("11-17 09:00", author="grave")
    now, who = at("11-17 09:05"), office.officer
    clocks.set_kind(grave, by=who, version=grave.version, now=now, kind=LegalKind.GRIEVANCE)
    office.assign(grave, "11-17 09:10", office.road)
    address = f"{HOME}due-times/?{NOVEMBER}"
    page = body(manager.get(address))
    assert str(LegalKind.GRIEVANCE.label) in page
    assert counts_open_their_lists(manager, address) > 20
    overdue = rows_of(page, "overdue")
    assert overdue[0][0] == Complaint.objects.get(status="ON_HOLD").number
    assert grave.number in {row[0] for row in overdue}


def test_a_figure_without_a_due_time_is_not_judged(office: Office, manager: Client) -> None:
    page = body(manager.get(f"{HOME}due-times/?{NOVEMBER}&figure=WAITING"))
    assert '<option value="FIRST_RESPONSE" selected>' in page
    assert "WAITING" not in targets.DUE


def test_who_gave_on_to_whom(office: Office, manager: Client) -> None:
    again = office.receive("11-18 09:00", author="again")
    office.assign(again, "11-18 09:10", office.tour)
    office.assign(again, "11-18 11:10", office.road)  # by the desk's hand, not sent back
    address = f"{HOME}hand-overs/?{NOVEMBER}"
    page = body(manager.get(address))
    ways = rows_of(page, "ways")
    assert [row[:2] for row in ways] == [["관광정책과", "도로계획과"]]
    assert ways[0][2].startswith("2")
    assert rows_of(page, "matrix")[0][0] == "관광정책과"
    assert counts_open_their_lists(manager, address) > 10
    only_back = body(manager.get(f"{address}&ending=send_back"))
    assert rows_of(only_back, "ways")[0][2].startswith("1")


def test_the_load_of_an_officer_by_hour(office: Office, manager: Client) -> None:
    people = rows_of(body(manager.get(f"{HOME}hand-overs/?{NOVEMBER}")), "people")
    assert len(people) == 1
    assert people[0][1 + 9] == "2"  # of those that came between nine and ten: the quick one and the bounced one


def test_a_channel_with_its_followers(office: Office, manager: Client) -> None:
    for day, count in ((1, 20_000), (10, 20_300), (24, 19_900)):
        moment = at(f"11-{day:02} 10:00")
        MetricSample.objects.create(account=office.account, name="followers", value=count, sampled_at=moment)
    MetricSample.objects.create(account=office.account, name="odd", value=7, sampled_at=at("11-03 10:00"))
    address = f"{HOME}channel/?{NOVEMBER}&account={office.account.pk}"
    page = body(manager.get(address))
    assert "19,900" in page
    assert "-100" in page
    assert "odd" in page
    assert counts_open_their_lists(manager, address) > 15
    make_account("x", name="둘째 계정")
    page = body(manager.get(f"{HOME}channel/?{NOVEMBER}&network=x"))
    assert "부산시 X" in page


def test_followers_that_were_brought_say_so(office: Office, manager: Client) -> None:
    for network, account in (("", office.account), ("x", None)):
        FollowerFigure.objects.create(
            account=account, network=network, day=date(2026, 11, 20), followers=18_000, source="f", imported_at=NOW
        )
    page = body(manager.get(f"{HOME}channel/?{NOVEMBER}&network=x"))
    assert page.count("18,000") == 2
    assert "다른 곳에서 가져옴" in page


def test_the_month_to_be_signed(office: Office, manager: Client) -> None:
    address = f"{HOME}monthly/?{NOVEMBER}"
    page = body(manager.get(address))
    assert "2026-12-05" in page
    assert counts_open_their_lists(manager, address) > 20
    weekend, held = Complaint.objects.get(received_at=at("11-06 17:00")), Complaint.objects.get(status="ON_HOLD")
    late = [row[0] for row in rows_of(page, "late")]
    assert late == ([held.number, weekend.number] if held.due_at < timezone.now() else [weekend.number])


def test_what_is_printed_says_what_it_is_narrowed_to(office: Office, manager: Client) -> None:
    page = body(manager.get(f"{HOME}monthly/?{NOVEMBER}&department={office.tour.pk}&hour=9"))
    assert re.search(r'class="report-chosen">[^<]*부서: 관광정책과 · [^<]*9시</p>', page)


def test_without_a_month_the_last_one_is_shown() -> None:
    now = at("12-03 09:00")
    asked, quarter = read({}, now=now), read({"period": "quarter", "on": "2026-11-15"}, now=now)
    assert inspection.month_of(asked, chosen=False, now=now).period.first == date(2026, 11, 1)
    assert inspection.month_of(asked, chosen=True, now=now).period.first == date(2026, 12, 1)
    assert inspection.month_of(quarter, chosen=True, now=now).period.name == "month"


def test_a_month_that_runs_is_a_draft(office: Office) -> None:
    reader, now = reader_of(make_person(Role.MANAGER)), at("11-20 09:00")
    asked = inspection.month_of(read({"on": "2026-11-15"}, now=now), chosen=True, now=now)
    assert not inspection.inspection_of(asked, reader, now=now).over
    assert inspection.inspection_of(asked, reader, now=at("12-01 00:00")).over


def test_more_late_cases_than_are_printed_are_said(
    office: Office, manager: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = office.receive("11-03 09:00", author="other")
    office.assign(other, "11-03 09:10", office.tour)
    office.answer(other, start="11-04 09:20", approved="11-04 09:30", stands="11-04 09:31", settled="11-04 09:31")
    monkeypatch.setattr(inspection, "MOST", 1)
    page = body(manager.get(f"{HOME}monthly/?{NOVEMBER}"))
    assert len(rows_of(page, "late")) == 1
    assert re.search(r"[23]건 중 1건", page)


def test_the_map_has_a_tile_for_every_district(office: Office, manager: Client) -> None:
    names = {code: f"구{number}" for number, code in enumerate(district_map.PLACES)}
    rows = [make_district(name, code=code) for code, name in names.items()]
    extra, gone = make_district("새 구", code="99990"), make_district("옛 구", code="99991")
    District.objects.filter(pk=gone.pk).update(active_to=date(2020, 1, 1))
    Duration.objects.filter(complaint=Complaint.objects.order_by("pk")[0]).update(district=rows[3])
    found = district_map.map_of(read({"on": "2026-11-15"}, now=NOW), Exact(Duration.objects.all()), now=NOW)
    places = {(tile.x, tile.y) for tile in found.tiles}
    assert len(places) == len(found.tiles) == len(rows) + 1
    assert {tile.name for tile in found.tiles} == {*names.values(), extra.name}
    assert [tile.count for tile in found.tiles if tile.count] == [1]
    assert found.unknown == 3
    assert counts_open_their_lists(manager, f"{HOME}districts/?{NOVEMBER}") > 5


def test_promises_kept_and_not(office: Office, manager: Client) -> None:
    mine, theirs = (Complaint.objects.filter(department=row)[0] for row in (office.tour, office.road))
    due, now = at("11-10 18:00"), timezone.now()
    outcome = make_promise(mine, due_at=due, promised_at=due).reply
    kept: dict[str, Any] = {"state": "KEPT", "outcome": outcome, "promised_at": due}
    make_promise(mine, due_at=due, kept_at=due, **kept)
    make_promise(mine, due_at=due, kept_at=due + timedelta(seconds=1), **kept)
    make_promise(theirs, due_at=at("11-29 18:00"), promised_at=due)
    gone: dict[str, Any] = {"state": "WITHDRAWN", "withdrawn_at": now, "withdrawn_by": office.officer, "reason": "x"}
    make_promise(theirs, due_at=at("11-11 18:00"), promised_at=due, **gone)
    make_promise(theirs, due_at=at("12-01 00:00"), promised_at=due)  # of the next month
    asked = read({"on": "2026-11-15"}, now=now)
    reader = reader_of(make_person(Role.MANAGER))
    rows = tallies.rows_of(promises_kept.TALLY, asked, office.officer, reader)
    found = tallies.counted(promises_kept.TALLY, rows, now=at("11-20 00:00"))
    assert found.counts == {"due": 5, "kept": 1, "late": 1, "overdue": 1, "owed": 1, "withdrawn": 1}
    assert found.share == pytest.approx(1 / 4)
    address = f"{HOME}promises/?{NOVEMBER}"
    checked = 0
    for link, text in PROMISES.findall(body(manager.get(address))):
        assert COUNT.search(body(manager.get(unescape(link))))[1] == text, link  # type: ignore[index]
        checked += 1
    assert checked > 10


def test_a_head_sees_promises_of_his_department_that_it_still_holds(office: Office) -> None:
    mine, gone = (
        Complaint.objects.filter(department=office.tour)[0],
        Complaint.objects.filter(department=office.road)[0],
    )
    for complaint in (mine, gone):
        make_promise(complaint, department=office.tour, due_at=at("11-10 18:00"), promised_at=at("11-09 18:00"))
    head = client_of(make_person(Role.HEAD, office.tour))
    page = body(head.get(f"{HOME}promises/?{NOVEMBER}&part=due"))
    assert mine.number in page
    assert gone.number not in page


@pytest.mark.parametrize(
    "query", ["department={d}", "bureau=관광마이스국", "network=x", "account={a}", "district=none", "legal_kind=SNS",
              "priority=NORMAL", "hour=9", "officer=none"]
)  # fmt: skip
def test_promises_are_narrowed_where_they_can_be(office: Office, manager: Client, query: str) -> None:
    make_promise(
        Complaint.objects.filter(department=office.tour)[0], due_at=at("11-10 18:00"), promised_at=at("11-09 18:00")
    )
    narrowed = query.format(d=office.tour.pk, a=office.account.pk)
    page = body(manager.get(f"{HOME}promises/?{NOVEMBER}&part=due&{narrowed}"))
    assert COUNT.search(page)[1] == "1"  # type: ignore[index]
    assert ("이 통계에는 없는 조건" in page) == query.startswith(("hour", "officer"))


def test_no_such_list_of_promises(manager: Client) -> None:
    assert manager.get(f"{HOME}promises/?part=all").status_code == 400


SUBJECTS = (
    "promises/?part=due&", "satisfaction/?part=answers&",
    "department/?department={d}&", "channel/?network=x&", "due-times/?", "hand-overs/?", "monthly/?", "districts/?",
)  # fmt: skip


@pytest.mark.parametrize("page", SUBJECTS)
def test_pages_ask_as_many_queries_for_many_complaints(page: str, manager: Client) -> None:
    office = Office()
    address = f"{HOME}{page.format(d=office.tour.pk)}{NOVEMBER}"
    make_person(Role.HEAD, office.tour)
    one = office.receive("11-02 10:00")
    office.assign(one, "11-02 10:10", office.tour)
    few = queries_of(manager, address)
    for number in range(12):
        more = office.receive(f"11-{number + 3:02} 10:00", author=f"a{number}")
        office.assign(more, f"11-{number + 3:02} 10:10", office.tour)
        if number % 2:
            office.assign(more, f"11-{number + 3:02} 11:10", office.road)
    assert queries_of(manager, address) <= few + 3
    assert few < 60


def queries_of(client: Client, address: str) -> int:
    body(client.get(address))
    with CaptureQueriesContext(connection) as captured:
        body(client.get(address))
    return len(captured)


def test_the_trend_opens_its_weeks(manager: Client) -> None:
    office = Office()
    office.receive("11-02 09:00")
    now = timezone.now()
    office.receive("11-02 09:00", author="b").durations.update(began_at=now - timedelta(minutes=1))
    address = f"{HOME}due-times/"
    assert counts_open_their_lists(manager, address) >= 1
