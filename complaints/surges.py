"""Perhaps an incident (사안일 수 있음): many citizens write about one matter within hours, more than is usual then.

Compared by complaints.similar, and only within a district or place, as there. Usual is what came that was alike in the
same hours of the two weeks before. The desk only suggests, once, and is quiet about what somebody has decided or what
an open incident is about already. Only writer of Surge.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from complaints import incidents, similar, workflow
from complaints.models import Complaint, Incident, IncidentComplaint, Status, Surge
from departments import gazetteer
from departments.models import Department

State = Surge.State
#: Within these hours, from so many different citizens.
WINDOW, LEAST = timedelta(hours=3), 5
#: So many standard deviations above what is usual (a Poisson count has the square root of its mean).
ABOVE = 3.0
BACK_DAYS = 14
DAY = timedelta(days=1)
#: Alike to what was told or decided within this time: nothing is told anew. Older suggestions are not shown any more.
QUIET = timedelta(hours=12)
#: A surge shows when its newest complaint comes in: it is looked around such, in a flood around the newest of them.
SEEDS_WITHIN, SEEDS_MAX = timedelta(minutes=10), 40


@dataclass(frozen=True, slots=True)
class Line:
    """What is compared of a complaint. `fresh`: came within the window and is in no incident."""

    pk: int
    text: str
    district: int | None
    author: int | None
    received_at: datetime
    fresh: bool


@dataclass(slots=True)
class Cluster:
    """`members`: fresh ones, the seed first; `alike`: everything that is like the seed, whenever it came."""

    members: list[Line]
    alike: set[int] = field(default_factory=set)
    usual: float = 0.0

    @property
    def citizens(self) -> int:
        """One who writes five times is one; who is not known counts for himself."""
        return len({line.author or -line.pk for line in self.members})


def is_enough(citizens: int, usual: float) -> bool:
    """Is that a surge? At least LEAST citizens, and more than chance makes of what is usual."""
    return citizens >= LEAST and citizens > usual + ABOVE * math.sqrt(usual)


def find(*, now: datetime) -> list[Surge]:
    """Look at the last hours; new suggestions, if any. What an open one lacks is added to it."""
    since = now - WINDOW
    tied = _tied()
    fresh = Complaint.objects.filter(received_at__gt=since, received_at__lte=now).exclude(status=Status.DISMISSED)
    if fresh.exclude(pk__in=tied).count() < LEAST:
        return []
    told = _told(now)
    new = []
    for cluster in _clusters(_lines(now, tied), now):
        known = [told[pk] for pk in cluster.alike if pk in told]
        still_open = next((surge for surge in known if surge.state == State.OPEN), None)
        if still_open is not None:
            still_open.complaints.add(*(line.pk for line in cluster.members))
        elif not known and not cluster.alike & tied:
            new.append(_tell(cluster, now))
    return new


def _tell(cluster: Cluster, now: datetime) -> Surge:
    with transaction.atomic():
        surge = Surge.objects.create(seed_id=cluster.members[0].pk, found_at=now, usual=cluster.usual)
        surge.complaints.set([line.pk for line in cluster.members])
    return surge


def _tied() -> set[int]:
    """Complaints of incidents under way."""
    links = IncidentComplaint.objects.filter(left_at=None, incident__state=Incident.State.OPEN)
    return set(links.values_list("complaint_id", flat=True))


def _told(now: datetime) -> dict[int, Surge]:
    """The complaints of what was told not long ago."""
    recent = Surge.objects.filter(found_at__gt=now - QUIET).prefetch_related("complaints")
    return {complaint.pk: surge for surge in recent for complaint in surge.complaints.all()}


# --- likeness -------------------------------------------------------------------------------------------------------


def _lines(now: datetime, tied: set[int]) -> list[Line]:
    """The newest of two weeks."""
    rows = Complaint.objects.filter(received_at__gt=now - BACK_DAYS * DAY, received_at__lte=now)
    rows = rows.exclude(status=Status.DISMISSED).order_by("-received_at", "-id")
    values = rows.values_list("pk", "text", "district_id", "author_id", "received_at")[: similar.COMPARED]
    since = now - WINDOW
    return [Line(*row, fresh=row[4] > since and row[0] not in tied) for row in values]


def _clusters(lines: Sequence[Line], now: datetime) -> list[Cluster]:
    """The surges among them; none shares a complaint with another."""
    seeds = [at for at, line in enumerate(lines) if line.fresh and line.received_at > now - SEEDS_WITHIN]
    if not seeds:
        return []
    index, places = similar.Index([line.text for line in lines]), gazetteer.current()
    taken: set[int] = set()
    kept = []
    for at in seeds[:SEEDS_MAX]:
        if lines[at].pk in taken:
            continue
        cluster = _around(at, lines, index, places, now)
        if is_enough(cluster.citizens, cluster.usual) and not cluster.alike & taken:
            taken |= cluster.alike
            kept.append(cluster)
    return kept


def _around(
    at: int, lines: Sequence[Line], index: similar.Index, places: gazetteer.Gazetteer, now: datetime
) -> Cluster:
    """Everything that is like the line `at` and about the same place."""
    seed = lines[at]
    near = [lines[other] for other, _score in index.alike(seed.text, at_least=similar.SAME_ISSUE, without=at)]
    alike = [line for line in near if _same_place(seed, line, places)]
    earlier = sum(_same_hours(line, now) for line in alike)
    days = max(1, min(BACK_DAYS, (now - lines[-1].received_at) // DAY))
    members = [seed, *(line for line in alike if line.fresh)]
    return Cluster(members, {seed.pk, *(line.pk for line in alike)}, earlier / days)


def _same_place(one: Line, other: Line, places: gazetteer.Gazetteer) -> bool:
    if one.district is not None and one.district == other.district:
        return True
    return bool(_names(one.text, places) & _names(other.text, places))


def _names(text: str, places: gazetteer.Gazetteer) -> set[str]:
    return {hit.name for hit in places.find(text) if hit.sure}


def _same_hours(line: Line, now: datetime) -> bool:
    """Did it come at this time of the day, on an earlier day?"""
    age = now - line.received_at
    return age >= DAY - timedelta(seconds=1) and age % DAY < WINDOW


# --- what officers make of it ---------------------------------------------------------------------------------------


def shown(*, now: datetime) -> QuerySet[Surge]:
    """What is suggested now, the newest first."""
    recent = Surge.objects.filter(state=State.OPEN, found_at__gt=now - QUIET)
    return recent.select_related("seed")


def free(surge: Surge) -> QuerySet[Complaint]:
    """Its complaints that can still be tied, the oldest first."""
    tied = IncidentComplaint.objects.filter(left_at=None).values("complaint")
    rows = surge.complaints.exclude(pk__in=tied).exclude(status=Status.DISMISSED)
    return rows.select_related("account", "author").order_by("received_at", "id")


def of(complaint: Complaint, *, now: datetime) -> Surge | None:
    """The suggestion that this complaint belongs to, while more than it alone can be tied."""
    found = shown(now=now).filter(complaints=complaint).first()
    return found if found is not None and free(found).count() > 1 else None


def join(surge: Surge, *, title: str, department: Department | None, by: User, now: datetime) -> Incident:
    """Make an incident of it, with all that can be tied. Raises incidents.NotPossible, the workflow's errors."""
    with transaction.atomic():
        row = _taken(surge)
        incident = incidents.begin(title, by=by, now=now, department=department)
        if not incidents.gather(incident, free(row), by=by, now=now):
            raise incidents.NotPossible(_("None of these complaints can be tied any more."))
        decided = {"state": State.JOINED, "decided_by": by, "decided_at": now}
        Surge.objects.filter(pk=row.pk).update(incident=incident, **decided)
    return incident


def dismiss(surge: Surge, *, by: User, now: datetime) -> None:
    """It is no incident; nothing like it is suggested for hours. Raises the workflow's errors."""
    with transaction.atomic():
        incidents.may_lead(by)
        row = _taken(surge)
        Surge.objects.filter(pk=row.pk).update(state=State.DISMISSED, decided_by=by, decided_at=now)


def _taken(surge: Surge) -> Surge:
    """Still undecided, and nobody else's until the transaction ends. Raises Conflict."""
    row = Surge.objects.select_for_update(of=("self",)).select_related("seed").get(pk=surge.pk)
    if row.state != State.OPEN:
        raise workflow.Conflict(row.seed.number)
    return row
