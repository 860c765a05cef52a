"""What the pages of incidents show to one person: the list, and one incident with its complaints and its history."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.contrib.auth.models import User
from django.db.models import Count, Max, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from channels_sns.models import Account
from complaints import privacy, repeats
from complaints.models import Complaint, Incident, IncidentComplaint, IncidentEvent, Status
from complaints.pages import rows, words
from complaints.pages.names import departments, network_word
from complaints.pages.people import person_name
from departments import directory
from departments.models import Role

PAGE = 50
STEPS_SHOWN = 40
MEMBERS = Q(members__left_at=None)


@dataclass(frozen=True, slots=True)
class Line:
    """One incident of the list."""

    url: str
    title: str
    state: str
    state_label: str
    department: str
    count_text: str
    channels: str
    opened: str
    last: str


@dataclass(frozen=True, slots=True)
class Step:
    """A line of the history; many joins of one moment are one line."""

    stamp: str
    what: str
    who: str
    number: str
    note: str


@dataclass(frozen=True, slots=True)
class IncidentPage:
    """The template's view of an incident. `may_lead`: this person ties, splits and closes."""

    incident: Incident
    title: str
    state_label: str
    department: str
    opened: str
    closed: str
    may_lead: bool
    masked: bool
    count: int
    by_status: list[tuple[str, str, int]]
    authors: int
    by_channel: list[tuple[str, int]]
    rows: list[rows.Row]
    before: int
    after: int
    steps: list[Step]
    departments: list[tuple[int, str, str]]

    @property
    def of_many(self) -> int:
        """So many citizens that it may be a complaint of many (법 제2조6호); else 0."""
        return self.authors if self.authors >= repeats.MANY else 0


def may_lead(user: User) -> bool:
    return directory.has_role(user, Role.OFFICER)


# --- the list -------------------------------------------------------------------------------------------------------


def lines_of(user: User, *, state: str, page: int, now: datetime) -> tuple[list[Line], bool]:
    """A page of the list, the newest first, and whether there is another; in three queries."""
    found = Incident.objects.visible_to(user).filter(state=state).select_related("department")
    counted = found.annotate(count=Count("members", filter=MEMBERS), last=Max("members__joined_at", filter=MEMBERS))
    shown = list(counted[(page - 1) * PAGE : page * PAGE + 1])
    channels = _channels([incident.pk for incident in shown[:PAGE]])
    masked = privacy.is_masked_for(user)
    return [_line(one, channels[one.pk], masked=masked, now=now) for one in shown[:PAGE]], len(shown) > PAGE


def _line(incident: Incident, channels: list[str], *, masked: bool, now: datetime) -> Line:
    counts = vars(incident)
    return Line(
        url=reverse("admin:complaints_incident_change", args=[incident.pk]),
        title=shown_title(incident, masked=masked),
        state=incident.state,
        state_label=incident.get_state_display(),
        department=incident.department.name if incident.department else "",
        count_text=complaints_text(counts["count"]),
        channels=", ".join(channels),
        opened=words.ago(incident.opened_at, now=now),
        last=words.ago(counts["last"], now=now) if counts["last"] else "",
    )


def complaints_text(number: int) -> str:
    return ngettext("%(n)s complaint", "%(n)s complaints", number) % {"n": f"{number:,}"}


def _channels(ids: list[int]) -> dict[int, list[str]]:
    """The networks on which each incident came in, the busiest first."""
    tied = IncidentComplaint.objects.filter(incident__in=ids, left_at=None)
    counted = tied.values_list("incident_id", "complaint__account__kind").annotate(many=Count("pk")).order_by("-many")
    found: defaultdict[int, list[str]] = defaultdict(list)
    for pk, kind, _many in counted:
        found[pk].append(network_word(Account(kind=kind)))
    return found


# --- one incident ---------------------------------------------------------------------------------------------------


def page_of(incident: Incident, user: User, *, page: int, now: datetime) -> IncidentPage:
    """Everything the page of `incident` (found through visible_to) shows, in a fixed number of queries."""
    masked, lead = privacy.is_masked_for(user), may_lead(user)
    members = members_of(incident, user)
    found = list(rows.for_list(members).order_by("-received_at", "-id")[(page - 1) * PAGE : page * PAGE + 1])
    by_status = list(members.order_by().values_list("status").annotate(many=Count("pk")))
    return IncidentPage(
        incident=incident,
        title=shown_title(incident, masked=masked),
        state_label=incident.get_state_display(),
        department=incident.department.name if incident.department else "",
        opened=words.stamp(incident.opened_at),
        closed=words.stamp(incident.closed_at) if incident.closed_at else "",
        may_lead=lead,
        masked=masked,
        count=sum(many for _status, many in by_status),
        by_status=_by_status(dict(by_status)),
        authors=members.order_by().exclude(author=None).values("author").distinct().count(),
        by_channel=_by_channel(members),
        rows=rows.rows_of(found[:PAGE], user, now=now),
        before=page - 1,
        after=page + 1 if len(found) > PAGE else 0,
        steps=_steps(incident, masked=masked),
        departments=departments() if lead else [],
    )


def members_of(incident: Incident, user: User) -> QuerySet[Complaint]:
    """The complaints of it that this person may see."""
    tied = IncidentComplaint.objects.filter(incident=incident, left_at=None).values("complaint")
    return Complaint.objects.visible_to(user).filter(pk__in=tied)


def _by_status(counts: dict[str, int]) -> list[tuple[str, str, int]]:
    return [(status.value, str(status.label), counts[status]) for status in Status if status in counts]


def _by_channel(members: QuerySet[Complaint]) -> list[tuple[str, int]]:
    counted = members.order_by().values_list("account__kind").annotate(many=Count("pk")).order_by("-many")
    return [(network_word(Account(kind=kind)), many) for kind, many in counted]


def shown_title(incident: Incident, *, masked: bool) -> str:
    return privacy.mask_text(incident.title) if masked else incident.title


def _steps(incident: Incident, *, masked: bool) -> list[Step]:
    """The newest of the history, the oldest of them first."""
    events = incident.events.select_related("by", "complaint").order_by("-id")[: STEPS_SHOWN * 10]
    together = [list(same) for _key, same in groupby(events, key=lambda one: (one.what, one.by_id, one.at))]
    return [_step(same, masked=masked) for same in reversed(together[:STEPS_SHOWN])]


def _step(same: list[IncidentEvent], *, masked: bool) -> Step:
    event = same[-1]
    number = event.complaint.number if event.complaint and len(same) == 1 else ""
    many = complaints_text(len(same)) if len(same) > 1 else ""
    note = privacy.mask_text(event.note) if masked else event.note
    return Step(words.stamp(event.at), what_words(event.what), person_name(event.by), number or many, note)


def what_words(what: str) -> str:
    """A step of an incident in the past tense; an unknown one by its own name."""
    said = {
        "begin": _("incident opened"),
        "change": _("title or department changed"),
        "join": _("tied to the incident"),
        "split": _("split off"),
        "release": _("reply released"),
        "unrelease": _("release undone"),
        "extend": _("reply released to those tied since"),
        "stop": _("reply stopped, what waited is taken back"),
        "close": _("incident closed"),
        "reopen": _("incident reopened"),
    }
    return said.get(what, what)


def numbers_in(typed: str) -> Iterable[str]:
    """Receipt numbers as people type them, between anything."""
    return [word.upper() for word in typed.replace(",", " ").split()][:PAGE]
