"""Incidents: many complaints about one matter are tied together, and split again. Only writer of Incident and its rows.

A complaint keeps its own thread, number, clock and answer; the incident only says that they belong together. Tying goes
through complaints.workflow, so that it stands in the complaint's own history; a complaint that nobody holds is assigned
to the incident's department in the same step, which the officer's next undo takes back as a whole.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from complaints import similar, workflow
from complaints.models import Complaint, ComplaintEvent, Incident, IncidentComplaint, IncidentEvent, Status
from departments import directory
from departments.models import Department, Role

State = Incident.State
TITLE_MAX, OFFERED_MAX = 120, 40
#: Nobody holds it: it goes to the incident's department.
FREE = (Status.RECEIVED, Status.TRIAGED)
#: So many are offered for one complaint; the keys 1 to 3 take one.
OFFERED = 3


class NotPossible(Exception):
    """The text says why, for the person who tried."""


@dataclass(frozen=True, slots=True)
class Nearby:
    """An incident that a complaint may belong to: what both name and say, nothing where it is only recent."""

    incident: Incident
    places: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


def of(complaint: Complaint) -> Incident | None:
    """The incident that this complaint belongs to now."""
    link = IncidentComplaint.objects.filter(complaint=complaint, left_at=None).select_related("incident").first()
    return link.incident if link else None


def near(complaint: Complaint, user: User, *, now: datetime) -> list[Nearby]:
    """Open incidents for this complaint: those with a complaint like it first, then the newest."""
    seen = Incident.objects.visible_to(user).open()
    tied = IncidentComplaint.objects.filter(left_at=None, incident__in=seen).values("complaint")
    alike = similar.candidates(complaint, now=now, among=Complaint.objects.filter(pk__in=tied))
    links = IncidentComplaint.objects.filter(complaint__in=[one.complaint.pk for one in alike], left_at=None)
    incident_of = {link.complaint_id: link.incident for link in links.select_related("incident__department")}
    found: dict[int, Nearby] = {}
    for one in alike:
        if incident := incident_of.get(one.complaint.pk):
            found.setdefault(incident.pk, Nearby(incident, one.places, one.words))
    for incident in seen.exclude(pk__in=found).select_related("department")[:OFFERED]:
        found[incident.pk] = Nearby(incident)
    return list(found.values())[:OFFERED]


# --- by people, and by the desk itself (`by` None) ------------------------------------------------------------------


def begin(title: str, *, by: User | None, now: datetime, department: Department | None = None) -> Incident:
    """A new incident, still without complaints. Raises NotPossible, workflow.MoveNotAllowed."""
    _check(by)
    with transaction.atomic():
        incident = Incident.objects.create(title=_title(title), department=department, opened_by=by, opened_at=now)
        record(incident, "begin", by=by, now=now)
    return incident


def begin_with(
    complaint: Complaint, *, title: str, department: Department | None, by: User, version: int, now: datetime
) -> Incident:
    """A new incident with its first complaint, or nothing. Raises NotPossible, and the workflow's errors."""
    with transaction.atomic():
        incident = begin(title, by=by, now=now, department=department)
        join(incident, complaint, by=by, version=version, now=now)
    return incident


def change(
    incident: Incident, *, title: str, department: Department | None, by: User, version: int, now: datetime
) -> None:
    """Another title, another department in charge; complaints that nobody holds go there.

    Raises NotPossible, and the workflow's errors.
    """
    _check(by)
    with transaction.atomic():
        row = _locked(incident, version)
        moved = row.department_id != (department.pk if department else None)
        row.title, row.department, row.version = _title(title), department, row.version + 1
        row.save()
        record(row, "change", by=by, now=now, note=f"{row.title} · {department.name}" if department else row.title)
        for complaint in _free_members(row) if moved else ():
            _give(complaint, department, by=by, now=now)
    incident.refresh_from_db()


def join(incident: Incident, complaint: Complaint, *, by: User | None, version: int | None, now: datetime) -> None:
    """Tie one complaint to it. Raises NotPossible, and the workflow's errors."""
    _check(by)
    with transaction.atomic():
        _tie(_open(incident), complaint, by=by, version=version, now=now)


def gather(incident: Incident, complaints: Iterable[Complaint], *, by: User | None, now: datetime) -> list[Complaint]:
    """Tie those of many that can be tied; which ones were. Raises NotPossible, workflow.MoveNotAllowed."""
    _check(by)
    tied = []
    with transaction.atomic():
        row = _open(incident)
        for complaint in sorted(complaints, key=lambda one: one.pk):
            try:
                with transaction.atomic():
                    _tie(row, complaint, by=by, version=None, now=now)
            except NotPossible:
                continue
            tied.append(complaint)
    return tied


def split(incident: Incident, complaint: Complaint, *, by: User, now: datetime) -> None:
    """It is another matter after all. Raises NotPossible, workflow.MoveNotAllowed."""
    _check(by)
    with transaction.atomic():
        row = _locked(incident)
        if not IncidentComplaint.objects.filter(incident=row, complaint=complaint, left_at=None).update(left_at=now):
            raise NotPossible(_("%(number)s does not belong to this incident.") % {"number": complaint.number})
        workflow.touch(complaint, "untie", by=by, now=now, note=row.title)
        record(row, "split", by=by, now=now, complaint=complaint)


def undo(complaint: Complaint, *, by: User, version: int, now: datetime) -> None:
    """The last step at the triage desk was a slip; if it tied the complaint to an incident, that too is taken back."""
    with transaction.atomic():
        step = ComplaintEvent.objects.filter(complaint=complaint, to_status__gt="").order_by("-id").first()
        workflow.undo(complaint, by=by, version=version, now=now)
        links = IncidentComplaint.objects.filter(complaint=complaint, left_at=None, joined_by=by)
        link = links.filter(joined_at=step.at).select_related("incident").first() if step else None
        if link is not None:
            split(link.incident, complaint, by=by, now=now)


def close(incident: Incident, *, by: User, version: int, now: datetime, note: str = "") -> None:
    """The matter is over; its complaints stay what they are. Raises NotPossible, and the workflow's errors."""
    _set_state(incident, State.CLOSED, by=by, version=version, now=now, note=note)


def reopen(incident: Incident, *, by: User, version: int, now: datetime, note: str = "") -> None:
    """It goes on after all. Raises NotPossible, and the workflow's errors."""
    _set_state(incident, State.OPEN, by=by, version=version, now=now, note=note)


# --- the one way ----------------------------------------------------------------------------------------------------


def record(
    incident: Incident, what: str, *, by: User | None, now: datetime, complaint: Complaint | None = None, note: str = ""
) -> None:
    """A line of the incident's history, in the caller's transaction."""
    IncidentEvent.objects.create(incident=incident, what=what, at=now, by=by, complaint=complaint, note=note)


def may_lead(by: User) -> None:
    """Raises workflow.MoveNotAllowed for everybody but officers."""
    _check(by)


def _check(by: User | None) -> None:
    if by is not None and not directory.has_role(by, Role.OFFICER):
        raise workflow.MoveNotAllowed("incident")


def title_offered(complaint: Complaint) -> str:
    """For an incident that begins with it: the beginning of what was written, without the city's name in front."""
    words = [word for word in complaint.text.split() if not word.startswith(("@", "http"))]
    return " ".join(words)[:OFFERED_MAX].strip()


def _title(typed: str) -> str:
    title = " ".join(typed.replace("\x00", "").split())[:TITLE_MAX]
    if not title:
        raise NotPossible(_("Please give the incident a title."))
    return title


def _locked(incident: Incident, version: int | None = None) -> Incident:
    """The row as it is now, nobody else's until the transaction ends. Raises workflow.Conflict."""
    row = Incident.objects.select_for_update().get(pk=incident.pk)
    if version is not None and row.version != version:
        raise workflow.Conflict(row.title)
    return row


def _open(incident: Incident) -> Incident:
    row = _locked(incident)
    if row.state != State.OPEN:
        raise NotPossible(_("This incident is closed. Reopen it first."))
    return row


def _tie(incident: Incident, complaint: Complaint, *, by: User | None, version: int | None, now: datetime) -> None:
    workflow.touch(complaint, "tie", by=by, version=version, now=now, note=incident.title)
    if complaint.status == Status.DISMISSED:
        raise NotPossible(_("%(number)s is not a complaint.") % {"number": complaint.number})
    try:
        with transaction.atomic():
            IncidentComplaint.objects.create(incident=incident, complaint=complaint, joined_at=now, joined_by=by)
    except IntegrityError as error:
        raise NotPossible(_("%(number)s belongs to an incident already.") % {"number": complaint.number}) from error
    record(incident, "join", by=by, now=now, complaint=complaint)
    _give(complaint, incident.department, by=by, now=now)


def _give(complaint: Complaint, department: Department | None, *, by: User | None, now: datetime) -> None:
    """To the department in charge, if nobody holds it and this person may; what is before the arbiter stays there."""
    if by is None or department is None or complaint.status not in FREE:
        return
    if any(move.name == "assign" for move in workflow.moves_for(complaint, by)):
        workflow.assign(complaint, by=by, version=complaint.version, now=now, department=department)


def _free_members(incident: Incident) -> list[Complaint]:
    tied = IncidentComplaint.objects.filter(incident=incident, left_at=None).values("complaint")
    return list(Complaint.objects.filter(pk__in=tied, status__in=FREE).order_by("pk"))


def _set_state(incident: Incident, state: str, *, by: User, version: int, now: datetime, note: str) -> None:
    _check(by)
    with transaction.atomic():
        row = _locked(incident, version)
        if row.state == state:
            raise NotPossible(_("This incident is already so."))
        closed_at = now if state == State.CLOSED else None
        Incident.objects.filter(pk=row.pk).update(state=state, closed_at=closed_at, version=F("version") + 1)
        record(row, "close" if closed_at else "reopen", by=by, now=now, note=note)
    incident.refresh_from_db()
