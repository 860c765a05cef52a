"""The notices that the law wants beside the answer: each a step on the complaint and a post on the citizen's channel.

Everybody can read them, so they name the department and its telephone and nobody's name (영 제31조 asks for who is in
charge; a public thread is no place for an official's name). Who may let an answer out may let a notice out.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from itertools import islice, takewhile

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Max, Q
from django.utils import translation
from django.utils.translation import gettext as _

from complaints import clocks, deadlines, notices, permissions, reckoning_words, replies, workflow
from complaints.legal_kinds import INTERIM_DAYS
from complaints.models import Complaint, HoldCode, Reply, Status
from complaints.models.complaint import CLOSED
from departments.working_time import KST

Kind = Reply.Kind
#: 영 제24조: asked twice at most, the second time for at most ten days; for the first the law leaves the length open.
SUPPLEMENTS_MAX, FIRST_DAYS_MAX, SECOND_DAYS_MAX = 2, 30, 10
#: The event of an interim notice, by which the desk knows when the last one went out.
INTERIM = "interim"


def may_notify(user: User, complaint: Complaint) -> bool:
    """An officer, or the head of the department that holds it, while something is still to be done."""
    return permissions.approver(user, complaint) and complaint.status not in CLOSED


def check_right(user: User, complaint: Complaint) -> None:
    """Raises workflow.MoveNotAllowed; replies.NotPossible where four eyes are asked for and these are the same two."""
    if not may_notify(user, complaint):
        raise workflow.MoveNotAllowed("notice")
    if settings.FOUR_EYES and complaint.assignee_id == user.pk:
        raise replies.NotPossible(_("Somebody else must let out a notice on what you work on."))


# --- interim notices (영 제23조) ---------------------------------------------------------------------------------


def owed_since(complaint: Complaint, last_sent: datetime | None, *, today: date) -> date | None:
    """Since when an interim notice is owed: 30 days have passed, or 30 more, and none was sent from that day on."""
    days = list(takewhile(lambda day: day <= today, deadlines.interim_notices(complaint.received_at)))
    if not days or (last_sent is not None and last_sent.astimezone(KST).date() >= days[-1]):
        return None
    return days[-1]


def interim_owed(user: User, *, now: datetime, limit: int = 200) -> Iterator[tuple[Complaint, date]]:
    """The open complaints that `user` sees and that are owed a notice, the oldest first."""
    old = Complaint.objects.visible_to(user).open().filter(received_at__lt=now - INTERIM_DAYS * deadlines.DAY)
    told = Max("events__at", filter=Q(events__move=INTERIM))
    rows = old.annotate(told_at=told).select_related("department", "account").order_by("received_at", "id")
    today = now.astimezone(KST).date()
    found = ((row, owed_since(row, vars(row)["told_at"], today=today)) for row in rows.iterator(chunk_size=limit))
    yield from islice(((row, since) for row, since in found if since is not None), limit)


def interim_text(complaint: Complaint) -> str:
    """What the citizen is told, in his language."""
    with translation.override(complaint.answer_language):
        said = {"number": complaint.number, "who": _in_charge(complaint)}
        return _("Your complaint %(number)s is still being worked on by %(who)s. We will answer here.") % said


def interim(complaint: Complaint, *, by: User, version: int, now: datetime, text: str) -> Reply:
    """Tell the citizen that it is still being worked on. Raises replies.NotPossible and the workflow's errors."""
    check_right(by, complaint)
    return notices.say(complaint, Kind.NOTICE, text, by=by, now=now, event=INTERIM, version=version)


def last_interim(complaint: Complaint) -> datetime | None:
    """When the citizen was told last."""
    told = complaint.events.filter(move=INTERIM).order_by("-id").values_list("at", flat=True)
    return told.first()


# --- extensions (영 제21조) -----------------------------------------------------------------------------------------


def extension_text(complaint: Complaint, *, due_at: datetime, reason: str) -> str:
    """Reason and expected date, in the citizen's language (별지 제5호서식)."""
    with translation.override(complaint.answer_language):
        said = {"number": complaint.number, "when": reckoning_words.moment(due_at), "reason": reason}
        said |= {"who": _in_charge(complaint)}
        return (
            _(
                "The time for your complaint %(number)s is extended until %(when)s. Reason: %(reason)s. "
                "In charge: %(who)s."
            )
            % said
        )


def extend(
    complaint: Complaint, *, by: User, version: int, now: datetime, amount: int, reason: str, consent: bool = False
) -> Reply:
    """Extend the period and tell the citizen why and until when, or neither.

    Raises clocks.NotAllowedByLaw, replies.NotPossible and the workflow's errors."""
    check_right(by, complaint)
    changes = clocks.extended(complaint, amount=amount, consent=consent, now=now)
    text = extension_text(complaint, due_at=changes["due_at"], reason=reason)
    return notices.say(complaint, Kind.NOTICE, text, by=by, now=now, event="extend", version=version, **changes)


# --- supplements (법 제22조, 영 제24조, 규칙 제9조) -------------------------------------------------------------


def supplements_of(complaint: Complaint) -> int:
    """How often the citizen was asked to supplement in this round."""
    since = deadlines.since_of(complaint)
    return complaint.holds.filter(code=HoldCode.SUPPLEMENT, began_at__gte=since).count()


def supplement_text(complaint: Complaint, *, what: str, until: date) -> str:
    """What is missing and by when, in the citizen's language. Personal data never go into a public thread."""
    with translation.override(complaint.answer_language):
        said = {"number": complaint.number, "what": what, "day": reckoning_words.day(until)}
        said |= {"who": _in_charge(complaint)}
        return (
            _(
                "For your complaint %(number)s we need: %(what)s. Please tell us by %(day)s. Send personal data only "
                "by private message. In charge: %(who)s."
            )
            % said
        )


def ask_supplement(complaint: Complaint, *, by: User, version: int, now: datetime, what: str, days: int) -> Reply:
    """Ask for what is missing: the clock stands still until it arrives. A second time for at most ten days.

    Raises clocks.NotAllowedByLaw, replies.NotPossible and the workflow's errors."""
    with transaction.atomic():
        check_right(by, complaint)
        asked = supplements_of(complaint)
        if asked >= SUPPLEMENTS_MAX or not 1 <= days <= (SECOND_DAYS_MAX if asked else FIRST_DAYS_MAX):
            raise clocks.NotAllowedByLaw("supplement")
        if complaint.status == Status.RECEIVED:
            workflow.triage(complaint, by=by, version=version, now=now)
            version = complaint.version
        until = deadlines.supplement_until(now, days)
        clocks.hold(complaint, by=by, version=version, now=now, code=HoldCode.SUPPLEMENT, reason=what, until=until)
        text = supplement_text(complaint, what=what, until=until)
        return notices.say(complaint, Kind.NOTICE, text, by=by, now=now, event="supplement")


def give_more_time(complaint: Complaint, *, by: User, version: int, now: datetime, days: int) -> Reply:
    """The citizen asked for more time to supplement, at most twice; he is told the new day (영 제24조③).

    Raises clocks.NotAllowedByLaw, replies.NotPossible and the workflow's errors."""
    with transaction.atomic():
        check_right(by, complaint)
        waiting = complaint.holds.filter(ended_at=None).first()
        if waiting is None or not 1 <= days <= FIRST_DAYS_MAX:
            raise clocks.NotAllowedByLaw("more time")
        until = deadlines.supplement_until(now, days)
        clocks.more_time(waiting, until=until)
        with translation.override(complaint.answer_language):
            said = {"number": complaint.number, "day": reckoning_words.day(until)}
            text = _("For your complaint %(number)s you have more time, until %(day)s.") % said
        return notices.say(complaint, Kind.NOTICE, text, by=by, now=now, event="more_time", version=version)


# --- statutory applications (법 제8조, 제17조) ---------------------------------------------------------------------


def redirect_text(complaint: Complaint) -> str:
    """What a citizen is told whose matter belongs to the formal counter, in his language."""
    with translation.override(complaint.answer_language):
        return _(
            "What you ask for is a statutory application (a permit, certificate or registration). We cannot accept it "
            "on social networks. Please apply at Government24, e-People or the nearest public service counter."
        )


def redirect(complaint: Complaint, *, by: User, version: int, now: datetime, text: str) -> Reply:
    """Tell the citizen the way to the formal counter and set the complaint aside; should he write again, it comes back.

    Raises replies.NotPossible and the workflow's errors."""
    reason = _("Statutory application: led to the formal counter")
    with transaction.atomic():
        check_right(by, complaint)
        if complaint.status == Status.ASSIGNED:
            workflow.start(complaint, by=by, version=version, now=now)
            version = complaint.version
        end = workflow.dismiss if complaint.status in (Status.RECEIVED, Status.TRIAGED) else replies.close
        end(complaint, by=by, version=version, now=now, reason=reason)
        return notices.say(complaint, Kind.NOTICE, text, by=by, now=now, event="redirect")


def _in_charge(complaint: Complaint) -> str:
    """Department and telephone; the desk itself while no department has it."""
    department = complaint.department
    if department is None:
        return _("the city's SNS desk")
    return f"{department.name} ({department.phone})" if department.phone else department.name
