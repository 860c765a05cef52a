"""The same matter again (같은 민원): a complaint is set aside as a copy of the one that leads; nothing counts twice.

The copy keeps its number, its thread and its history. What is written under it later joins the leading one
(complaints.conversations); when that one is answered, the copy is news again if somebody else wrote it, and its citizen
can get the same answer (complaints.same_answer). Complaints of many about one matter belong to an incident instead.
"""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from complaints import steps, workflow
from complaints.models import Complaint, Status


class NotPossible(Exception):
    """The text says why, for the person who tried."""


def merge(complaint: Complaint, *, by: User, version: int, now: datetime, leading: str) -> None:
    """`complaint` is the same as the one of that receipt number. Raises NotPossible, and the workflow's errors."""
    found = _leading(complaint, leading, by)
    with transaction.atomic():
        _lock(complaint, found)
        _check(complaint, found)
        workflow.merge(complaint, by=by, version=version, now=now, leading=found)


def _leading(complaint: Complaint, number: str, by: User) -> Complaint:
    """The one that leads: of a copy its own. Raises NotPossible."""
    seen = Complaint.objects.visible_to(by).select_related("duplicate_of")
    found = seen.filter(number=number.strip().upper()).first()
    if found is None:
        raise NotPossible(_("There is no complaint of the number %(number)s.") % {"number": number[:20]})
    return found.duplicate_of or found


def _lock(*complaints: Complaint) -> None:
    """Two who merge two complaints into each other wait for one another."""
    list(Complaint.objects.select_for_update().filter(pk__in=[one.pk for one in complaints]).order_by("pk"))


def _check(complaint: Complaint, leading: Complaint) -> None:
    found = Complaint.objects.get(pk=leading.pk)
    if found.pk == complaint.pk:
        raise NotPossible(_("That is this very complaint. Please name the one it is the same as."))
    if found.status == Status.DISMISSED:
        raise NotPossible(_("%(number)s is not a complaint, so it cannot lead.") % {"number": found.number})
    if copies_of(complaint).exists():
        words = _("Others were set aside as the same as %(number)s. It leads them, so it cannot be set aside itself.")
        raise NotPossible(words % {"number": complaint.number})


def copies_of(leading: Complaint) -> QuerySet[Complaint]:
    """What was set aside as the same, oldest first."""
    return Complaint.objects.filter(duplicate_of=leading).order_by("pk")


def tell_copies(leading: Complaint, *, now: datetime) -> int:
    """The leading one was answered: copies of other citizens are news, for nobody has told those; how many."""
    others = copies_of(leading).exclude(author=leading.author)
    for copy in others:
        steps.touch(copy, "led", by=None, now=now, note=leading.number, news_at=now)
    return len(others)
