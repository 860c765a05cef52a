"""Satisfaction on a complaint's page: what the citizen's words say of each answer, and an officer's correction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.urls import reverse
from django.utils.translation import gettext as _

from complaints import privacy, steps, verdicts
from complaints.models import Complaint, Verdict
from complaints.pages import hands, words
from complaints.pages.people import person_name

#: Its badge has the colour of a thing in that state.
TONES = {"SATISFIED": "SENT", "NEITHER": "RECALLED", "NOT": "FAILED", "MIXED": "UNSURE", "": "RECALLED"}


@dataclass(frozen=True, slots=True)
class Line:
    """One answer. `by_lists`: what the words say. `decided`: who corrected that and when. `choices`: (value, label)."""

    url: str
    version: int
    answered: str
    tone: str
    label: str
    by_lists: str
    decided: str
    chosen: str
    choices: list[tuple[str, str]]
    is_undecided: bool


def desk_of(complaint: Complaint, user: User) -> list[Line]:
    """The newest first, of answers after which the citizen wrote; without private ones for who was only asked."""
    found = list(complaint.verdicts.select_related("decided_by", "reply").order_by("-answered_at", "-id"))
    if found and privacy.is_only_asked(complaint, user):
        found = [row for row in found if not row.reply.private]
    written = verdicts.written_by_him(complaint) if found else []
    may_decide = verdicts.may_decide(user, complaint)
    return [
        _line(row, complaint, may_decide=may_decide) for row in found if row.said or verdicts.was_heard(row, written)
    ]


def _line(row: Verdict, complaint: Complaint, *, may_decide: bool) -> Line:
    return Line(
        url=reverse("admin:complaints_complaint_verdict", args=[complaint.pk, row.pk]),
        version=row.version,
        answered=words.stamp(row.answered_at),
        tone=TONES[row.counts],
        label=str(Verdict.Said(row.counts).label) if row.counts else _("nothing that counts"),
        by_lists=_by_lists(row),
        decided=_decided(row),
        chosen=row.decided,
        choices=_choices() if may_decide else [],
        is_undecided=row.counts == Verdict.Said.MIXED,
    )


def _choices() -> list[tuple[str, str]]:
    return [("", _("as the words say")), *((word.value, str(word.label)) for word in Verdict.Decided)]


def _by_lists(row: Verdict) -> str:
    if not row.said or row.said_at is None:
        return _("The lists found no word on it.")
    said = {"words": row.words, "label": Verdict.Said(row.said).label, "when": words.stamp(row.said_at)}
    if row.mark:
        return _("By “%(words)s”, written %(when)s: %(label)s (mark %(mark)d of 5).") % {**said, "mark": row.mark}
    return _("By “%(words)s”, written %(when)s: %(label)s.") % said


def _decided(row: Verdict) -> str:
    if not row.decided or row.decided_at is None:
        return ""
    said = {"who": person_name(row.decided_by), "when": words.stamp(row.decided_at)}
    return _("Corrected by %(who)s, %(when)s: %(label)s.") % {**said, "label": Verdict.Decided(row.decided).label}


def decide(row: Verdict, posted: Any, *, by: User, now: datetime) -> str:
    """Correct or strike; what was done, in words. Raises hands.Refused."""
    version = hands.number_of(posted, "version")
    try:
        verdicts.decide(row, posted.get("verdict", "?"), by=by, now=now, version=version)
    except verdicts.NotPossible as error:
        raise hands.Refused(str(error)) from error
    except steps.Conflict as error:
        raise hands.Refused from error
    return _("Kept. It counts for statistics only.")
