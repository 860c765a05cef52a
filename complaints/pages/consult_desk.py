"""협조 on the page of a complaint: what was asked and answered, for how long it lay there, and the forms for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.urls import reverse
from django.utils.translation import gettext as _

from complaints import consultations, permissions, privacy
from complaints.models import Complaint, Consultation
from complaints.pages import clock_words, words
from complaints.pages.ledger_rows import length
from complaints.pages.names import departments
from complaints.pages.people import person_name
from departments import directory
from departments.working_time import Calendar

State = Consultation.State


@dataclass(frozen=True, slots=True)
class Term:
    """Until when; `hours` as the form says it."""

    hours: int
    label: str


@dataclass(frozen=True, slots=True)
class Line:
    """One request. `due`: its own clock while it waits. `longer`: until when the asked department may move it.

    `typed`: what a refused form had."""

    number: int
    url: str
    complaint: str
    holder: str
    department: str
    wish: str
    question: str
    asked: str
    asked_by: str
    state: str
    state_label: str
    due: clock_words.Due | None
    answer: str
    settled: str
    settled_by: str
    working: str
    wall: str
    may_answer: bool = False
    may_withdraw: bool = False
    longer: tuple[Term, ...] = ()
    typed: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ConsultDesk:
    """`waits`: this person's department was asked and has not answered. `own`: he holds it, or is of the desk."""

    lines: list[Line]
    waits: bool
    may_ask: bool
    departments: list[tuple[str, str]] = field(default_factory=list)
    terms: list[Term] = field(default_factory=list)
    typed: dict[str, str] = field(default_factory=dict)


def desk_of(
    complaint: Complaint, user: User, *, now: datetime, calendar: Calendar, typed: dict[str, str], masked: bool
) -> ConsultDesk:
    """For this person: all of it; of a department that was only asked, what it was asked."""
    found = complaint.consultations.prefetch_related("department", "holder", "asked_by", "settled_by")  # mostly none
    if privacy.is_only_asked(complaint, user):
        found = found.filter(department__in=directory.department_ids_of(user))
    rows, may_ask = list(found), consultations.may_ask(user, complaint)
    lines = [line_of(row, now=now, calendar=calendar, masked=masked, user=user, typed=typed) for row in rows]
    return ConsultDesk(
        lines=lines,
        waits=any(line.may_answer for line in lines),
        may_ask=may_ask,
        departments=_others(complaint) if may_ask else [],
        terms=_terms(consultations.terms(complaint, now=now, calendar=calendar)) if may_ask else [],
        typed=typed if typed.get("move") == "ask" else {},
    )


def line_of(
    row: Consultation,
    *,
    now: datetime,
    calendar: Calendar,
    masked: bool,
    user: User | None = None,
    typed: dict[str, str] | None = None,
) -> Line:
    """One request in words; with what `user` may do to it."""
    waits = row.state == State.ASKED
    until = row.settled_at or now
    answers = user is not None and consultations.is_asked(user, row)
    said = typed or {}
    return Line(
        number=row.number,
        url=reverse("admin:complaints_complaint_change", args=[row.complaint_id]),
        complaint=row.complaint.number,
        holder=row.holder.name,
        department=row.department.name,
        wish=row.get_wish_display(),
        question=_shown(row.question, masked),
        asked=words.stamp(row.asked_at),
        asked_by=person_name(row.asked_by),
        state=row.state,
        state_label=row.get_state_display(),
        due=clock_words.legal(row.due_at, now=now, calendar=calendar) if waits else None,
        answer=_shown(row.answer, masked),
        settled=words.stamp(row.settled_at) if row.settled_at else "",
        settled_by=person_name(row.settled_by) if row.settled_at else "",
        working=length(_worked(row, until, calendar)),
        wall=length(max(timedelta(0), until - row.asked_at)),
        may_answer=answers,
        may_withdraw=user is not None and waits and permissions.officer_or_holder(user, row.complaint),
        longer=tuple(_terms(consultations.longer(row, now=now, calendar=calendar))) if answers else (),
        typed=said if said.get("request") == str(row.number) else {},
    )


def _worked(row: Consultation, until: datetime, calendar: Calendar) -> timedelta:
    if row.working_seconds is not None:
        return timedelta(seconds=row.working_seconds)
    return calendar.working_time_between(row.asked_at, max(row.asked_at, until))


def _shown(text: str, masked: bool) -> str:
    return privacy.mask_text(text) if masked else text


def _terms(found: Iterable[tuple[int, datetime]]) -> list[Term]:
    return [Term(hours, _term(hours, until)) for hours, until in found]


def _term(hours: int, until: datetime) -> str:
    said: dict[str, Any] = {"when": words.stamp(until)}
    if not hours:
        return _("as long as the complaint has time → %(when)s") % said
    return _("%(length)s → %(when)s") % {**said, "length": clock_words.office_time(timedelta(hours=hours))}


def _others(complaint: Complaint) -> list[tuple[str, str]]:
    """Every department of today but the one that has it."""
    return [(str(pk), name) for pk, name, _bureau in departments() if pk != complaint.department_id]
