"""I1: each post that a network served is stored in one known state, or is a dead letter with a reason."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from channels_sns.models import DeadLetter, InboundPost
from complaints.invariants.violation import GRACE, Violation

State = InboundPost.State


def every_post_has_its_place(now: datetime) -> Iterator[Violation]:
    """Nothing waits unseen, what was registered is in a complaint, what was set aside says why."""
    posts = InboundPost.objects.order_by("id")
    wrong = {
        _("waits to be registered for more than ten minutes"): Q(state=State.WAITING, arrived_at__lt=now - GRACE),
        _("is registered but belongs to no complaint"): Q(state=State.REGISTERED, complaint_link=None),
        _("was collected, but under no broadcast"): Q(state=State.COLLECTED, under=None),
        _("was set aside without a reason"): Q(state=State.IGNORED, state_reason=""),
        _("is in no known state"): ~Q(state__in=State.values),
    }
    for text, condition in wrong.items():
        for pk in posts.filter(condition).values_list("pk", flat=True):
            yield Violation("I1", f"post {pk}", text)
    for pk in DeadLetter.objects.filter(error="").values_list("pk", flat=True):
        yield Violation("I1", f"dead letter {pk}", _("has no reason"))
