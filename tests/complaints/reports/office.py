"""A small November at the desk, played by the real steps, and its numbers counted by hand on paper."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

from django.contrib.auth.models import User

from channels_sns.models import Account
from complaints import deadlines, workflow
from complaints.models import Complaint
from departments.models import Department, Role
from tests.make import make_account, make_author, make_department, make_person

KST = timezone(timedelta(hours=9))


def at(text: str) -> datetime:
    """ "11-02 09:10" or "11-02 10:30:20" of 2026 in Busan."""
    stamp = text if text.count(":") == 2 else f"{text}:00"
    return datetime.strptime(f"2026-{stamp}", "%Y-%m-%d %H:%M:%S").replace(tzinfo=KST)


class Office:
    """An officer, two departments, the city's account on X."""

    def __init__(self) -> None:
        self.officer = make_person(Role.OFFICER)
        self.tour, self.road = (
            make_department("관광정책과", code="TOUR-R"),
            make_department("도로계획과", code="ROAD-R"),
        )
        self.staff = make_person(Role.STAFF, self.tour)
        self.account: Account = make_account("x", name="부산시 X")

    def receive(self, when: str, *, author: str = "7", account: Account | None = None) -> Complaint:
        account = account or self.account
        new = Complaint(
            account=account,
            author=make_author(account, author),
            text="안내판이 거꾸로입니다",
            received_at=at(when),
            due_at=deadlines.first_answer_due(at(when)),
        )
        return workflow.register([new], now=at(when))[0]

    def step(self, complaint: Complaint, when: str, move: str, *, by: User | None = None, **more: Any) -> None:
        """One step of complaints.workflow by the officer, or by `by`."""
        who = {"by": by or self.officer, "version": complaint.version}
        getattr(workflow, move)(complaint, now=at(when), **(who if move != "complete" else {}), **more)

    def assign(self, complaint: Complaint, when: str, department: Department) -> None:
        self.step(complaint, when, "assign", department=department)

    def answer(self, complaint: Complaint, *, start: str, approved: str, stands: str, settled: str) -> None:
        """Begun, approved, posted, noticed."""
        self.step(complaint, start, "start")
        self.step(complaint, approved, "answer")
        self.step(complaint, settled, "complete", at=at(stands))


def make_hand_counted() -> Office:
    """Six complaints: two answered, one dismissed, one on hold, one bounced, closed and reopened, one our own."""
    office = Office()
    quick = office.receive("11-02 09:00")
    office.assign(quick, "11-02 09:10", office.tour)
    office.answer(quick, start="11-02 09:30", approved="11-02 10:30", stands="11-02 10:30:20", settled="11-02 10:30:30")
    weekend = office.receive("11-06 17:00")
    office.assign(weekend, "11-09 09:30", office.tour)
    office.answer(weekend, start="11-09 10:00", approved="11-09 11:50", stands="11-09 12:30", settled="11-09 12:30")
    office.step(office.receive("11-10 10:00"), "11-10 10:30", "dismiss", reason="광고")
    held = office.receive("11-11 14:00")
    office.assign(held, "11-11 14:30", office.road)
    office.step(held, "11-11 15:00", "hold", reason="사진 요청")
    bounced = office.receive("11-12 09:00")
    office.assign(bounced, "11-12 09:20", office.tour)
    office.step(bounced, "11-12 11:20", "send_back", by=office.staff, reason="도로 업무")
    office.assign(bounced, "11-12 13:30", office.road)
    office.step(bounced, "11-12 13:40", "start")
    office.step(bounced, "11-12 16:00", "close", reason="전화로 안내")
    office.step(bounced, "11-13 09:00", "reopen", reason="다시 문의")
    office.receive("11-16 09:00", author=office.account.external_id)
    return office


#: Figure → its numbers on 2026-12-24 12:00 in Busan.
HAND: dict[str, dict[str, int | None]] = {
    "FIRST_TOUCH": {
        "n": 4, "open": 0, "left": 0, "excluded": 2, "dismissed": 1, "own": 1,
        "wall_median": 1200, "wall_p90": 232_200, "working_median": 1200, "working_p90": 5400,
    },
    "FIRST_RESPONSE": {
        "n": 2, "within": 1, "late": 1, "open": 1, "overdue": 1, "left": 1, "excluded": 2, "oldest_seconds": 3_708_000,
        "wall_median": 5420, "wall_p90": 243_000, "working_median": 5420, "working_p90": 14_400,
    },
    "RESPONSE_AGAIN": {
        "n": 0, "open": 1, "overdue": 1, "excluded": 0, "oldest_seconds": 3_553_200, "wall_median": None,
    },
    "RESOLUTION": {
        "n": 3, "reopened": 1, "open": 2, "left": 0, "excluded": 2, "oldest_seconds": 3_708_000,
        "wall_median": 25_200, "wall_p90": 243_000, "working_median": 14_400, "working_p90": 21_600,
    },
    "IN_DEPARTMENT": {
        "n": 4, "open": 1, "excluded": 0, "oldest_seconds": 3_706_200,
        "wall_median": 7200, "wall_p90": 10_800, "working_median": 7200, "working_p90": 9000,
    },
    "DELIVERY": {
        "n": 2, "open": 0, "left": 0,
        "wall_median": 20, "wall_p90": 2400, "working_median": 20, "working_p90": 600,
    },
    "WAITING": {"n": 0, "open": 1, "oldest_seconds": 3_704_400},
}  # fmt: skip
