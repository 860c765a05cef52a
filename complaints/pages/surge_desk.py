"""Perhaps an incident: the suggestion as the pages show it, and what an officer answers to it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from complaints import incidents, surges, workflow
from complaints.models import Complaint, Incident, Suggestion, Surge
from complaints.pages import hands, words
from complaints.pages.moves import typed_text
from complaints.pages.names import network_word

#: So many are shown one by one.
SHOWN = 10
HOURS = int(surges.WINDOW.total_seconds() // 3600)


@dataclass(frozen=True, slots=True)
class Line:
    """One of its complaints."""

    number: str
    pk: int
    network: str
    age: str
    excerpt: str


@dataclass(frozen=True, slots=True)
class Possible:
    """A suggestion with its complaints. `department`: the one that most of them are suggested to."""

    surge: Surge
    title: str
    count: int
    hours: int
    lines: list[Line]
    department: int | None


def possible(*, now: datetime) -> list[Possible]:
    """All that stand; the few queries of each are worth it, for there is hardly ever more than one."""
    found = (_possible(surge, now) for surge in surges.shown(now=now))
    return [one for one in found if one.count > 1]


def possible_for(complaint: Complaint, *, now: datetime) -> Possible | None:
    """The one that this complaint belongs to."""
    surge = surges.of(complaint, now=now)
    return _possible(surge, now) if surge else None


def _possible(surge: Surge, now: datetime) -> Possible:
    rows = list(surges.free(surge))
    first = Suggestion.objects.filter(complaint__in=[row.pk for row in rows], rank=1)
    common = Counter(first.values_list("department_id", flat=True)).most_common(1)
    lines = [
        Line(row.number, row.pk, network_word(row.account), words.ago(row.received_at, now=now), row.text[:80])
        for row in rows[:SHOWN]
    ]
    title, department = incidents.title_offered(surge.seed), common[0][0] if common else None
    return Possible(surge, title, len(rows), HOURS, lines, department)


def join(pk: int, posted: Any, *, by: User, now: datetime) -> Incident:
    """Make an incident of the suggestion. Raises hands.Refused."""
    found = _find(pk)
    title = typed_text(posted, "title") or incidents.title_offered(found.seed)
    try:
        return surges.join(found, title=title, department=hands.department_of(posted), by=by, now=now)
    except incidents.NotPossible as error:
        raise hands.Refused(str(error)) from error
    except (workflow.Conflict, workflow.MoveNotAllowed) as error:
        raise hands.Refused(_("Somebody has decided about this already.")) from error


def dismiss(pk: int, *, by: User, now: datetime) -> None:
    """It is none. Raises hands.Refused."""
    try:
        surges.dismiss(_find(pk), by=by, now=now)
    except (workflow.Conflict, workflow.MoveNotAllowed) as error:
        raise hands.Refused(_("Somebody has decided about this already.")) from error


def _find(pk: int) -> Surge:
    found = Surge.objects.select_related("seed").filter(pk=pk).first()
    if found is None:
        raise hands.Refused(_("There is no such suggestion."))
    return found
