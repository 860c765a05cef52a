"""Promises on a complaint's page: what the text in the editor promises, what was promised, and its outcome."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from complaints import outcomes, promises, reckoning_words
from complaints.models import Complaint, Promise, Reply
from complaints.pages import clock_words, words
from complaints.pages.people import person_name
from complaints.promises import Choice
from departments.working_time import KST, Calendar

State = Promise.State
TICK = timedelta(microseconds=1)
#: Its badge has the colour of a thing in that state.
TONES = {"WRITTEN": "APPROVED", "OPEN": "IN_PROGRESS", "KEPT": "SENT", "WITHDRAWN": "RECALLED"}


@dataclass(frozen=True, slots=True)
class Field:
    """In the editor: what the writer chose, the day he set ("": the suggested one), what the words say."""

    choice: str
    until: str
    today: str
    says: str
    opened: bool


def field_of(draft: Reply | None, text: str, *, now: datetime, calendar: Calendar, typed: dict[str, str]) -> Field:
    """For the editor with this text in it; what was typed into a refused form stands there again."""
    found = promises.suggestion(text, now=now, calendar=calendar)
    row: Promise | None = getattr(draft, "promise", None)
    today, kept = _today(now), _day_of(row) if row else ""
    if kept < today or kept == found.day.isoformat():
        kept = ""  # over, or what is suggested anyway
    choice = typed.get("promise") or _choice(row, found)
    return Field(
        choice=choice,
        until=typed.get("promise_due", kept),
        today=today,
        says=says(found),
        opened=bool(found.words) or choice != Choice.AUTO,
    )


def _today(now: datetime) -> str:
    return now.astimezone(KST).date().isoformat()


def _choice(row: Promise | None, found: promises.Suggestion) -> Choice:
    if row is None:
        return Choice.AUTO
    if row.state == State.NONE:
        return Choice.NO
    return Choice.AUTO if found.words else Choice.YES


def _day_of(row: Promise) -> str:
    return (row.due_at - TICK).astimezone(KST).date().isoformat() if row.due_at else ""


def says(found: promises.Suggestion) -> str:
    """“…검토하겠습니다”: promised, and until when the outcome would be owed."""
    if not found.words:
        return _("The text promises nothing, as far as its words tell.")
    said = {"words": found.words, "day": reckoning_words.day(found.day)}
    return _("This promises something: “%(words)s” Until %(day)s, if you set no other day.") % said


@dataclass(frozen=True, slots=True)
class Line:
    """One promise. `dues`: as long as it is owed. `told`: what became of it, in words. `forms`: may be settled here."""

    key: str
    words: str
    state: str
    state_label: str
    promised: str
    dues: tuple[clock_words.Due, ...]
    told: str
    reason: str
    asked: str
    forms: bool
    private: bool
    tell_url: str
    withdraw_url: str


@dataclass(frozen=True, slots=True)
class PromiseDesk:
    """The newest first. `today`: the first day until which anew may be promised."""

    today: str
    lines: list[Line] = field(default_factory=list)


def desk_of(complaint: Complaint, user: User, *, now: datetime, calendar: Calendar, private: bool) -> PromiseDesk:
    """What was promised under this complaint, and who may tell its outcome; two queries at most.

    Without `private` only what everybody can read under the citizen's post.
    """
    going_out = Q(state=State.WRITTEN, reply__state__in=outcomes.UNDER_WAY)
    shown = complaint.promises.filter(Q(promised_at__isnull=False) | going_out)
    if not private:
        shown = shown.filter(reply__private=False)
    rows = list(shown.prefetch_related("reply", "outcome", "withdrawn_by").order_by("-id"))
    if not rows:
        return PromiseDesk(_today(now))
    may_tell = outcomes.may_tell(user, complaint)
    return PromiseDesk(_today(now), [_line(row, may_tell=may_tell, now=now, calendar=calendar) for row in rows])


def _line(row: Promise, *, may_tell: bool, now: datetime, calendar: Calendar) -> Line:
    owed, awaited = row.state == State.OPEN, row.state in (State.OPEN, State.WRITTEN)
    args = [row.complaint_id, row.pk]
    return Line(
        key=str(row.pk),
        words=row.words,
        state=TONES[row.state],
        state_label=label_of(row),
        promised=words.stamp(row.promised_at) if row.promised_at else "",
        dues=(due_of(row, now=now, calendar=calendar),) if awaited else (),
        told=_told(row),
        reason=row.reason,
        asked=asked_words(row),
        forms=owed and may_tell and not outcomes.is_under_way(row),
        private=row.reply.private,
        tell_url=reverse("admin:complaints_complaint_promise", args=[*args, "tell"]),
        withdraw_url=reverse("admin:complaints_complaint_promise", args=[*args, "withdraw"]),
    )


def due_of(row: Promise, *, now: datetime, calendar: Calendar) -> clock_words.Due:
    """“3일 남음”, “2일 초과”."""
    return clock_words.legal(row.due_at or now, now=now, calendar=calendar, in_days=True)


def label_of(row: Promise) -> str:
    """Kept in time or late, withdrawn, owed."""
    if row.state == State.KEPT:
        return _("kept in time") if row.in_time else _("kept late")
    return str(State(row.state).label)


def asked_words(row: Promise) -> str:
    """“시민이 2번 재촉”; nothing where he did not."""
    if not row.asked:
        return ""
    return ngettext("the citizen asked %(n)d time", "the citizen asked %(n)d times", row.asked) % {"n": row.asked}


def _told(row: Promise) -> str:
    if row.state == State.KEPT and row.kept_at and row.due_at:
        said = {"when": words.stamp(row.kept_at), "due": words.stamp(row.due_at)}
        return _("Outcome posted %(when)s; promised until %(due)s.") % said
    if row.state == State.WITHDRAWN and row.withdrawn_at:
        said = {"when": words.stamp(row.withdrawn_at), "who": person_name(row.withdrawn_by)}
        return _("Withdrawn %(when)s by %(who)s.") % said
    if row.outcome is not None:
        return _not_posted(row.outcome)
    return ""


def _not_posted(outcome: Reply) -> str:
    """The outcome was written, but it does not stand there yet, or not at all."""
    if outcome.state in outcomes.UNDER_WAY:
        return _("The outcome is being posted.")
    return _("The outcome was not posted. %(why)s") % {"why": outcome.problem}
