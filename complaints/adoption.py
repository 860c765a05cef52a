"""How good the suggested departments are in the hands of officers: which of them an assignment took."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, OuterRef, Q, Subquery

from complaints.models import ComplaintEvent, Status, Suggestion

#: What was assigned longer ago was suggested by other words and another model.
WINDOW = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Adoption:
    """Assignments by people of what nobody held: how many took the first suggestion, one of three, had none."""

    n: int
    first: int
    three: int
    unsuggested: int

    def share(self, number: int) -> float:
        return number / self.n if self.n else 0.0


def lately(*, now: datetime) -> Adoption:
    """Of the last thirty days, in one query. A complaint that was assigned twice counts twice."""
    own = Suggestion.objects.filter(complaint=OuterRef("complaint"))
    taken = own.filter(department=OuterRef("department")).values("rank")[:1]
    assigned = ComplaintEvent.objects.filter(
        move="assign",
        by__isnull=False,
        at__gt=now - WINDOW,
        at__lte=now,
        from_status__in=(Status.RECEIVED, Status.TRIAGED),
    )
    found = assigned.annotate(taken=Subquery(taken), best=Subquery(own.order_by("rank").values("rank")[:1])).aggregate(
        n=Count("pk"),
        first=Count("pk", filter=Q(taken=1)),
        three=Count("pk", filter=Q(taken__isnull=False)),
        unsuggested=Count("pk", filter=Q(best=None)),
    )
    return Adoption(**found)
