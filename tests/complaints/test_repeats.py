"""반복민원: suggested, linked by a person, closed only after three filings and two results; of many, never so."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from complaints import incidents, repeats, replies, workflow
from complaints.models import Complaint, Repetition, Reply
from departments.models import Role
from tests.complaints.admin.desk import client_of, page_of
from tests.make import NOON, make_account, make_complaint, make_department, make_person

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
TEXT = "광안리 공중화장실 조명이 너무 어둡습니다 바꿔 주세요"


class Case:
    """A citizen who wrote the same thing three times; the first two were answered."""

    def __init__(self, *, told: int = 2, filed: int = 2) -> None:
        self.account, self.tour = make_account(), make_department()
        self.officer, self.head = make_person(Role.OFFICER), make_person(Role.HEAD, self.tour)
        self.earlier = [self.file(f"{TEXT} {number}", days=30 - number, status="COMPLETED") for number in range(filed)]
        for complaint in self.earlier[:told]:
            self.tell(complaint, complaint.received_at + DAY)
        self.complaint = self.file(TEXT, days=1, status="IN_PROGRESS", department=self.tour, accepted_at=NOON)

    def file(self, text: str, *, days: int, author: str = "7", **values: Any) -> Complaint:
        return make_complaint(text, account=self.account, author=author, received_at=NOON - days * DAY, **values)

    def tell(self, complaint: Complaint, at: Any) -> None:
        Reply.objects.create(
            complaint=complaint, number=1, text="바꾸겠습니다", state="SENT", drafted_by=self.officer, drafted_at=at,
            approved_by=self.officer, approved_at=at, settled_at=at,
        )  # fmt: skip

    def link_all(self) -> None:
        for complaint in self.earlier:
            repeats.link(self.complaint, complaint.pk, by=self.officer, now=NOON)
        self.complaint.refresh_from_db()

    def close(self, by: User | None = None, **values: Any) -> Reply:
        known = {"version": self.complaint.version, "now": NOON, "reason": "새로운 내용 없음", "text": "종결합니다"}
        return repeats.close(self.complaint, by=by or self.officer, **{**known, **values})

    def suggested(self) -> set[int]:
        return {one.complaint.pk for one in repeats.candidates(self.complaint, among=Complaint.objects.all())}


def test_only_earlier_ones_of_the_same_citizen_that_read_alike_are_suggested() -> None:
    case = Case()
    case.file(TEXT, days=20, author="8")
    case.file("서면 지하철역 엘리베이터 고장", days=20)
    case.file(TEXT, days=0)
    assert case.suggested() == {complaint.pk for complaint in case.earlier}
    first = repeats.candidates(case.complaint, among=Complaint.objects.all())[0]
    assert "공중화장실" in first.words
    repeats.link(case.complaint, case.earlier[0].pk, by=case.officer, now=NOON)
    assert case.suggested() == {case.earlier[1].pk}
    Complaint.objects.filter(pk=case.complaint.pk).update(author=None)
    case.complaint.refresh_from_db()
    assert case.suggested() == set()


def test_a_person_links_and_takes_it_back_and_each_stands_in_the_history() -> None:
    case = Case()
    staff = make_person(Role.STAFF, case.tour)
    with pytest.raises(workflow.MoveNotAllowed):
        repeats.link(case.complaint, case.earlier[0].pk, by=staff, now=NOON)
    with pytest.raises(workflow.MoveNotAllowed):
        repeats.unlink(case.complaint, case.earlier[0].pk, by=staff, now=NOON)
    repeats.link(case.complaint, case.earlier[0].pk, by=case.officer, now=NOON)
    repeats.link(case.complaint, case.earlier[0].pk, by=case.officer, now=NOON)
    assert Repetition.objects.count() == 1
    repeats.unlink(case.complaint, case.earlier[0].pk, by=case.officer, now=NOON)
    repeats.unlink(case.complaint, case.earlier[0].pk, by=case.officer, now=NOON)
    assert list(case.complaint.events.values_list("move", flat=True)) == ["repeat", "unrepeat"]
    for wrong in (case.complaint, case.file(TEXT, days=5, author="9"), case.file(TEXT, days=0)):
        with pytest.raises(repeats.NotPossible):
            repeats.link(case.complaint, wrong.pk, by=case.officer, now=NOON)


def test_three_filings_and_two_results_told_before_may_be_closed_with_a_notice() -> None:
    case = Case()
    case.link_all()
    reply = case.close()
    assert (case.complaint.status, reply.kind, reply.text) == ("COMPLETED", "NOTICE", "종결합니다")
    assert "새로운 내용 없음" in case.complaint.close_reason
    assert "repeat_close" in set(case.complaint.events.values_list("move", flat=True))


@pytest.mark.parametrize(("filed", "told"), [(1, 1), (2, 1), (3, 0), (0, 0)])
def test_less_is_not_enough(filed: int, told: int) -> None:
    case = Case(filed=filed, told=told)
    case.link_all()
    with pytest.raises(repeats.NotPossible):
        case.close()
    case.complaint.refresh_from_db()
    assert case.complaint.status == "IN_PROGRESS"


def test_a_result_told_after_this_one_came_does_not_count() -> None:
    case = Case(told=1)
    case.tell(case.earlier[1], NOON)
    case.link_all()
    with pytest.raises(repeats.NotPossible):
        case.close()


def test_what_concerns_many_is_not_closed_so_and_strangers_close_nothing() -> None:
    case = Case()
    case.link_all()
    with pytest.raises(workflow.MoveNotAllowed):
        case.close(make_person(Role.STAFF, case.tour))
    with pytest.raises(workflow.MoveNotAllowed):
        repeats.set_many(
            case.complaint, by=make_person(Role.MANAGER), version=case.complaint.version, now=NOON, many=True, note=""
        )
    repeats.set_many(case.complaint, by=case.head, version=case.complaint.version, now=NOON, many=True, note="연명부")
    with pytest.raises(repeats.NotPossible):
        case.close()
    repeats.set_many(case.complaint, by=case.head, version=case.complaint.version, now=NOON, many=False, note="")
    with pytest.raises(replies.NotPossible):
        case.close(text=" ")
    case.complaint.refresh_from_db()
    assert case.close(case.head).kind == "NOTICE"


def test_an_assigned_one_is_closed_too_and_two_at_once_close_once() -> None:
    case = Case()
    case.link_all()
    Complaint.objects.filter(pk=case.complaint.pk).update(status="ASSIGNED")
    stale = Complaint.objects.get(pk=case.complaint.pk)
    case.complaint.refresh_from_db()
    case.close()
    with pytest.raises((workflow.Conflict, workflow.MoveNotAllowed)):
        repeats.close(stale, by=case.officer, version=stale.version, now=NOON, reason="x", text="x")


# --- on the page ----------------------------------------------------------------------------------------------------


def test_the_page_suggests_links_and_closes() -> None:
    case = Case()
    client = client_of(case.officer)

    def post(name: str, **values: Any) -> Any:
        version = Complaint.objects.get(pk=case.complaint.pk).version
        return client.post(page_of(case.complaint, "repeat", name), {"version": version, **values})

    page = client.get(page_of(case.complaint)).content.decode()
    assert "공중화장실" in page
    assert "반복민원 종결" not in page
    for complaint in case.earlier:
        assert post("link", earlier=complaint.pk).status_code == 302
    page = client.get(page_of(case.complaint)).content.decode()
    assert "3회 제출, 결과 통지 2회" in page
    assert "반복민원 종결" in page
    for name, values in (("link", {"earlier": "x"}), ("close-repeated", {"reason": ""})):
        assert post(name, **values).status_code == 400
    kept = post("close-repeated", reason="", notice="고쳐 쓴 통지").content.decode()
    assert "고쳐 쓴 통지" in kept
    assert post("burn").status_code == 409
    assert post("unlink", earlier=case.earlier[0].pk).status_code == 302
    assert post("link", earlier=case.earlier[0].pk).status_code == 302
    assert post("many", many="yes").status_code == 302
    assert "민원조정위원회" in client.get(page_of(case.complaint)).content.decode()
    assert post("many", many="no").status_code == 302
    assert post("close-repeated", reason="같은 내용", notice="종결합니다").status_code == 302
    assert Complaint.objects.get(pk=case.complaint.pk).status == "COMPLETED"
    staff = client_of(make_person(Role.STAFF, make_department()))
    assert staff.post(page_of(case.complaint, "repeat", "link"), {"earlier": "1"}).status_code == 404


def test_an_incident_of_five_citizens_may_be_one_of_many() -> None:
    case = Case(filed=0, told=0)
    incident = incidents.begin("화장실", by=case.officer, now=timezone.now())
    members = [case.complaint, *(case.file(TEXT, days=1, author=str(n)) for n in range(20, 23))]
    incidents.gather(incident, members, by=case.officer, now=timezone.now())
    client = client_of(case.officer)
    said = "다수인관련민원일 수 있습니다"
    assert said not in client.get(page_of(case.complaint)).content.decode()
    last = case.file(TEXT, days=1, author="30")
    incidents.gather(incident, [last], by=case.officer, now=timezone.now())
    assert said in client.get(page_of(case.complaint)).content.decode()
    assert said in client.get(f"/admin/complaints/incident/{incident.pk}/change/").content.decode()


def test_the_page_costs_the_same_for_any_number_of_filings() -> None:
    case = Case()
    client = client_of(case.officer)

    def cost() -> int:
        client.get(page_of(case.complaint))
        with CaptureQueriesContext(connection) as queries:
            client.get(page_of(case.complaint))
        return len(queries)

    repeats.link(case.complaint, case.earlier[0].pk, by=case.officer, now=NOON)
    for days in range(10, 15):  # more than the page names: from there on they are counted
        case.file(TEXT, days=days)
    one = cost()
    for days in range(5, 9):
        more = case.file(TEXT, days=days)
        repeats.link(case.complaint, more.pk, by=case.officer, now=NOON)
        case.file(TEXT, days=days)
    assert cost() == one
