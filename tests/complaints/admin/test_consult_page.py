"""협조 in the browser's words: asked, answered, declined, taken back; what was typed stays; strangers see nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from complaints import replies, workflow
from complaints.models import Complaint, Consultation
from departments.models import Role
from tests.complaints.admin.desk import LIST, client_as, make_row, page_of
from tests.make import make_department, make_person, make_promise

pytestmark = pytest.mark.django_db
TRAY, LEDGER = "/admin/tray/", "/admin/hand-over/"


class Case:
    def __init__(self) -> None:
        self.tour, self.road = make_department("관광정책과"), make_department("도로계획과")
        self.complaint: Complaint = make_row(
            "표지판 010-1234-5678로 전화 주세요",
            status="IN_PROGRESS",
            department=self.tour,
            accepted_at=timezone.now(),
            due_at=timezone.now() + timedelta(days=30),
        )
        self.holder = client_as(Role.STAFF, self.tour)
        self.asked = client_as(Role.STAFF, self.road)

    def post(self, client: Client, name: str, **values: Any) -> Any:
        return client.post(page_of(self.complaint, "consult", name), values)

    def ask(self, **values: Any) -> Any:
        known = {"department": self.road.pk, "wish": "WORK", "question": "<b>표지판</b>을 옮겨 주세요", "hours": "0"}
        return self.post(self.holder, "ask", **(known | values))


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_asked_and_answered_on_the_page_and_in_the_trays() -> None:
    case = Case()
    assert 'value="OPINION"' in text_of(case.holder, page_of(case.complaint))
    assert case.ask().status_code == 302
    tray = text_of(case.asked, TRAY)
    assert 'id="asked"' in tray
    assert "&lt;b&gt;표지판&lt;/b&gt;을 옮겨 주세요" in tray
    assert "도로계획과에 협조를 요청함" in text_of(case.holder, TRAY)
    page = text_of(case.asked, page_of(case.complaint))
    assert page.index('id="consult"') < page.index('id="decide"')
    assert "<b>표지판" not in page
    assert case.post(case.asked, "answer", request="1", answer="옮겼습니다").status_code == 302
    assert case.post(case.asked, "answer", request="1", answer="옮겼습니다").status_code == 409
    assert "옮겼습니다" in text_of(case.holder, page_of(case.complaint))
    assert 'id="asked"' not in text_of(case.asked, TRAY)
    for client in (client_as(Role.OFFICER), client_as(Role.HEAD, case.road)):
        assert "다른 부서에서 요청받은 협조" in text_of(client, f"{LEDGER}?department={case.road.pk}")
    assert "요청받은 협조" not in text_of(client_as(Role.HEAD), LEDGER)


def test_the_asked_see_the_matter_and_neither_the_person_nor_what_colleagues_wrote() -> None:
    case, staff = Case(), make_person(Role.STAFF, make_department())
    workflow.note(case.complaint, by=staff, now=timezone.now(), text="민원인은 자주 전화함")
    by = make_person(Role.OFFICER)
    replies.draft(case.complaint, text="초안입니다", by=by, version=case.complaint.version, now=timezone.now())
    case.ask()
    page = text_of(case.asked, page_of(case.complaint))
    for hidden in ("010-1234-5678", "김시민", "@haeundae", "민원인은 자주 전화함", "초안입니다", 'value="OPINION"'):
        assert hidden not in page
    assert "민원인은 자주 전화함" in text_of(case.holder, page_of(case.complaint))
    assert case.complaint.number in text_of(case.asked, f"{LIST}?tab=all")
    assert case.complaint.number not in text_of(case.asked, f"{LIST}?tab=mine")
    assert case.complaint.number not in text_of(case.asked, f"{LIST}?tab=all&q=haeundae")
    assert case.complaint.number in text_of(case.holder, f"{LIST}?tab=all&q=haeundae")


def test_one_department_does_not_see_what_another_was_asked() -> None:
    case, park = Case(), make_department("공원정책과")
    case.ask()
    case.ask(department=park.pk, question="나무를 옮길 수 있습니까")
    assert "나무를 옮길" not in text_of(case.asked, page_of(case.complaint))
    assert "나무를 옮길" in text_of(client_as(Role.HEAD, park), page_of(case.complaint))


def test_nothing_typed_is_lost_and_what_is_missing_is_said() -> None:
    case = Case()
    for missing in ({"department": ""}, {"wish": "x"}, {"question": "  "}, {"hours": "3"}):
        answer = case.ask(**missing)
        assert answer.status_code == 400
    answer = case.ask(department="", question="긴 질문입니다")
    assert "긴 질문입니다" in answer.content.decode()
    case.ask()
    for name in ("answer", "decline", "more"):
        assert case.post(case.asked, name, request="1", answer=" ", hours="0").status_code == 400
    answer = case.post(case.asked, "more", request="1", answer="현장에 갑니다", hours="80")
    assert answer.status_code == 400
    assert "현장에 갑니다" in answer.content.decode()
    assert Consultation.objects.get().state == "ASKED"


def test_more_time_is_offered_and_taken() -> None:
    case = Case()
    case.ask(hours="1")
    assert "consult-more-1" in text_of(case.asked, page_of(case.complaint))
    assert case.post(case.asked, "more", request="1", answer="현장 확인", hours="4").status_code == 302
    assert "consult-more-1" not in text_of(case.asked, page_of(case.complaint))


def test_what_is_not_theirs_is_refused() -> None:
    case = Case()
    assert case.post(case.asked, "answer", request="1", answer="x").status_code == 404
    case.ask()
    assert case.post(case.holder, "answer", request="1", answer="x").status_code == 409
    assert case.post(case.asked, "withdraw", request="1").status_code == 409
    assert case.post(case.asked, "ask", department=make_department().pk, wish="WORK", question="x").status_code == 409
    for request, name in (("9", "answer"), ("99999999", "answer"), ("x", "answer"), ("1", "burn")):
        assert case.post(case.asked, name, request=request, answer="x").status_code == 409
    assert case.asked.post(page_of(case.complaint, "note"), {"note": "x"}).status_code == 403
    assert case.asked.get(page_of(case.complaint, "consult", "answer")).status_code == 302
    assert case.post(case.holder, "withdraw", request="1").status_code == 302
    assert case.post(case.asked, "decline", request="1", answer="저희 소관이 아닙니다").status_code == 409


def test_declined_with_a_reason() -> None:
    case = Case()
    case.ask()
    assert case.post(case.asked, "decline", request="1", answer="저희 소관이 아닙니다").status_code == 302
    page = text_of(case.holder, page_of(case.complaint))
    assert "저희 소관이 아닙니다" in page
    assert "협조 불가" in page


def test_page_and_trays_cost_the_same_for_any_number_of_requests() -> None:
    case = Case()

    def cost() -> list[int]:
        found = []
        for client, address in (
            (case.holder, page_of(case.complaint)), (case.asked, TRAY), (case.holder, TRAY),
            (client_as(Role.MANAGER), LEDGER),
        ):  # fmt: skip
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                text_of(client, address)
            found.append(len(queries))
        return found

    case.ask()
    one = cost()
    for _more in range(4):
        another = Case()
        another.road, another.tour = case.road, case.tour
        Complaint.objects.filter(pk=another.complaint.pk).update(department=case.tour)
        another.holder = case.holder
        another.ask()
        case.ask(department=make_department().pk)
    assert cost() == one


@pytest.mark.parametrize("private", [False, True])
def test_what_was_promised_to_the_citizen_alone_is_not_for_who_is_only_asked(private: bool) -> None:
    case = Case()
    case.ask()
    promise = make_promise(case.complaint, words="담장을 옮겨 드리겠습니다")
    promise.reply.private = private
    promise.reply.save(update_fields=["private"])
    assert "담장을 옮겨" in text_of(case.holder, page_of(case.complaint))
    assert ("담장을 옮겨" in text_of(case.asked, page_of(case.complaint))) is not private
