"""Tags (꼬리표): words of the desk's own on complaints, to find them together again. Only writer of Tag, ComplaintTag.

A tag says nothing about the status, so it takes no version: two people who tag at once both do. Every tag stands in the
complaint's history with its name, put on and taken off.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from complaints import permissions, steps
from complaints.models import Complaint, ComplaintTag, Tag

#: On one complaint; more are no help to anybody.
MOST = 8


class NotPossible(Exception):
    """Nothing was done; the text says why, for people."""


def may_tag(user: User, complaint: Complaint) -> bool:
    """Who works on it."""
    return permissions.officer_or_holder(user, complaint)


def names_of(complaint_ids: Collection[int]) -> dict[int, list[Tag]]:
    """The tags of each complaint, in the order of their coming; one query."""
    found: defaultdict[int, list[Tag]] = defaultdict(list)
    for row in ComplaintTag.objects.filter(complaint__in=complaint_ids).select_related("tag").order_by("id"):
        found[row.complaint_id].append(row.tag)
    return found


def in_use() -> QuerySet[Tag]:
    """Those that are on some complaint."""
    return Tag.objects.filter(Exists(ComplaintTag.objects.filter(tag=OuterRef("pk"))))


def put(complaint: Complaint, name: str, *, by: User, now: datetime) -> bool:
    """Put the tag of that name on, a new one if need be; False: it was there. Raises NotPossible, MoveNotAllowed."""
    _check(by, complaint)
    with transaction.atomic():
        tag = _named(name)
        if ComplaintTag.objects.filter(complaint=complaint, tag=tag).exists():
            return False
        if ComplaintTag.objects.filter(complaint=complaint).count() >= MOST:
            raise NotPossible(_("A complaint takes %(most)d tags.") % {"most": MOST})
        try:
            with transaction.atomic():
                ComplaintTag.objects.create(complaint=complaint, tag=tag, by=by, at=now)
        except IntegrityError:
            return False  # somebody else put it on just now
        steps.record(complaint, "tag", by=by, now=now, note=tag.name, department_id=complaint.department_id)
    return True


def take_off(complaint: Complaint, tag_id: int, *, by: User, now: datetime) -> bool:
    """Take it off; False: it was not there. Raises MoveNotAllowed."""
    _check(by, complaint)
    with transaction.atomic():
        row = ComplaintTag.objects.filter(complaint=complaint, tag=tag_id).select_related("tag").first()
        if row is None or not ComplaintTag.objects.filter(pk=row.pk).delete()[0]:
            return False
        steps.record(complaint, "untag", by=by, now=now, note=row.tag.name, department_id=complaint.department_id)
    return True


def cleaned(name: str) -> str:
    """As it is kept: one line, no # in front."""
    words = " ".join(unicodedata.normalize("NFC", name).replace("\x00", "").split())
    return words.lstrip("#").strip()


def _named(name: str) -> Tag:
    name = cleaned(name)
    if not name:
        raise NotPossible(_("Please write the tag."))
    if len(name) > Tag.NAME_MAX:
        raise NotPossible(_("A tag has %(most)d characters at most.") % {"most": Tag.NAME_MAX})
    known = Tag.objects.filter(name__iexact=name).first()
    if known is not None:
        return known
    try:
        with transaction.atomic():
            return Tag.objects.create(name=name)
    except IntegrityError:
        return Tag.objects.get(name__iexact=name)


def _check(by: User, complaint: Complaint) -> None:
    if not may_tag(by, complaint):
        raise steps.MoveNotAllowed("tag")
