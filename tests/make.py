"""make_*: one believable row each, everything optional. Every floor of the house has its own section."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from django.contrib.auth.models import User

from channels_sns.models import Account, Author, InboundPost
from complaints import receipts, searchdocs
from complaints.models import Complaint, ComplaintPost, Promise, Reply, Verdict
from complaints.models.complaint import CLOSED, HELD
from departments import directory
from departments.models import Agency, Department, District, Role

_serial = count(1)
#: A Tuesday in Busan, twelve o'clock.
NOON = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)

# --- departments ---------------------------------------------------------------------------------------------------


def make_department(name: str = "관광정책과", **values: Any) -> Department:
    """A department under its own code; one of the same name and code is reused."""
    code = values.pop("code", f"D{next(_serial)}")
    return Department.objects.create(code=code, name=name, **values)


def make_district(name: str = "해운대구", **values: Any) -> District:
    """A district of Busan."""
    return District.objects.create(
        code=values.pop("code", str(next(_serial))), name=name, **{"lat": 35.16, "lon": 129.16, **values}
    )


def make_person(role: Role | None = None, department: Department | None = None, **values: Any) -> User:
    """Somebody with at most one role; the password is "people-1". Only staff and heads get a department."""
    username = values.pop("username", f"person{next(_serial)}")
    user = User.objects.create_user(username, password="people-1", **{"is_staff": True, **values})
    in_department = role in (Role.STAFF, Role.HEAD)
    department = (department or make_department()) if in_department else None
    if role is not None:
        directory.grant(user, role, department)
    return user


def make_agency(name: str = "부산광역시경찰청", **values: Any) -> Agency:
    """An agency outside the city hall."""
    return Agency.objects.create(code=values.pop("code", f"A{next(_serial)}"), name=name, **values)


# --- channels_sns --------------------------------------------------------------------------------------------------


def make_account(kind: str = "x", **values: Any) -> Account:
    """The city's account on a network, connected since the morning."""
    serial = next(_serial)
    known = {"handle": f"busan{serial}", "base_url": "https://n.example", "external_id": f"c{serial}"}
    return Account.objects.create(kind=kind, **{**known, "connected_at": NOON - timedelta(hours=3), **values})


def make_author(account: Account, external_id: str = "7", **values: Any) -> Author:
    """A citizen on that network; the same id is the same row."""
    known = {"handle": f"citizen{external_id}", **values}
    return Author.objects.get_or_create(account=account, external_id=external_id, defaults=known)[0]


def make_post(account: Account, text: str = "가로등이 꺼졌습니다", *, author: str = "7", **values: Any) -> InboundPost:
    """A post on the shelf, waiting; `author` is an id on the network, "" for nobody known."""
    known: dict[str, Any] = {
        "external_id": f"p{next(_serial)}",
        "kind": "mention",
        "state": InboundPost.State.WAITING,
        "posted_at": NOON - timedelta(minutes=1),
        "arrived_at": NOON,
    }
    who = make_author(account, author) if author else None
    return InboundPost.objects.create(account=account, text=text, author=who, **(known | values))


# --- complaints ----------------------------------------------------------------------------------------------------


def make_complaint(
    text: str = "가로등이 꺼졌습니다", *, account: Account | None = None, author: str = "7", **values: Any
) -> Complaint:
    """A complaint with the post that opened it; what its status needs is added."""
    account = account or make_account()
    post = make_post(account, text, author=author, state=InboundPost.State.REGISTERED)
    known: dict[str, Any] = {
        "number": receipts.number_of(2026, 50_000 + next(_serial)),
        "received_at": post.arrived_at,
        "due_at": post.arrived_at + timedelta(hours=4),
        **_needs(str(values.get("status", ""))),
    }
    complaint = Complaint.objects.create(account=account, author=post.author, text=text, **(known | values))
    ComplaintPost.objects.create(complaint=complaint, post=post, joined_at=post.arrived_at, opened=True)
    searchdocs.refresh([complaint.pk], now=post.arrived_at)
    return complaint


def _needs(status: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if status in HELD:
        found["department"] = make_department()
    if status in CLOSED:
        found["closed_at"] = NOON
    if status == "TRANSFERRED":
        found["agency"] = make_agency()
    if status == "ON_HOLD":
        found["held_from"] = "TRIAGED"
    return found


def make_promise(complaint: Complaint, words: str = "안내판을 바꾸겠습니다", **values: Any) -> Promise:
    """Owed since the complaint's answer of noon, due at the end of the day; `values` go to the promise."""
    by, number = make_person(), complaint.replies.count() + 1
    answer = {"drafted_by": by, "drafted_at": NOON, "approved_by": by, "approved_at": NOON, "state": "SENT"}
    reply = Reply.objects.create(complaint=complaint, number=number, text=words, **answer)
    known = {"state": "OPEN", "promised_at": NOON, "due_at": NOON + timedelta(hours=6)}
    known |= {"department": complaint.department, "words": words}
    return Promise.objects.create(complaint=complaint, reply=reply, **(known | values))


def make_verdict(reply: Reply, **values: Any) -> Verdict:
    """Nothing was said yet of this answer, which stood at noon; `values` go to the verdict."""
    known = {"complaint": reply.complaint, "department": reply.complaint.department, "answered_at": NOON}
    return Verdict.objects.create(reply=reply, **(known | values))
