"""A complaint whose posted answer promised something, and what may become of the promise."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from complaints import outcomes, promises, replies, settlement
from complaints.models import Complaint, Promise, Reply
from departments.models import Role
from tests.complaints.fates import assigned, rows_of, send
from tests.make import NOON, make_person

SEOUL = ZoneInfo("Asia/Seoul")
PROMISE = "현장을 확인한 뒤 안내판을 바꾸겠습니다."
DONE = "안내판을 바꾸었습니다. 알려 주셔서 감사합니다."
#: The seventh working day after Tuesday 24 November: the suggestion for PROMISE.
DUE = datetime(2026, 12, 3, 18, 0, tzinfo=SEOUL)


def answered(text: str = PROMISE, *, wish: promises.Wish | None = None, now: datetime = NOON, **values: Any) -> Reply:
    """The answer lies in the outbox."""
    return answer(assigned(**values), text, wish=wish, now=now)


def answer(
    complaint: Complaint, text: str = PROMISE, *, wish: promises.Wish | None = None, now: datetime = NOON
) -> Reply:
    officer = make_person(Role.OFFICER)
    replies.draft(complaint, text=text, by=officer, version=complaint.version, now=now, wish=wish)
    return replies.approve(complaint, by=officer, version=complaint.version, now=now)


def stands(reply: Reply, *, now: datetime) -> None:
    """It stands on the network since `now`."""
    for row in rows_of(reply.outbox_key):
        send(row, now=now)
    settlement.settle(now=now + timedelta(seconds=1))


def promised(text: str = PROMISE, *, now: datetime = NOON, **values: Any) -> Promise:
    """The citizen has read it."""
    reply = answered(text, now=now, **values)
    stands(reply, now=now)
    return fresh(reply)


def fresh(reply: Reply) -> Promise:
    return Promise.objects.select_related("complaint__account", "outcome").get(reply=reply)


def told(row: Promise, text: str = DONE, *, now: datetime, **values: Any) -> Reply:
    """The outcome lies in the outbox."""
    by = make_person(Role.OFFICER)
    return outcomes.tell(row, by=by, version=row.complaint.version, now=now, text=text, **values)
