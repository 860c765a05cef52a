"""The tags of a complaint on its pages: put on, taken off, offered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from complaints import tags, workflow
from complaints.models import Complaint, Tag
from complaints.pages import hands, moves, names


@dataclass(frozen=True, slots=True)
class TagDesk:
    """`known`: names that are in use, to choose from."""

    tags: list[Tag]
    may_tag: bool
    known: list[str]


def desk_of(complaint: Complaint, user: User) -> TagDesk:
    may = tags.may_tag(user, complaint)
    known = [name for _pk, name in names.tags()] if may else []
    return TagDesk(tags.names_of([complaint.pk]).get(complaint.pk, []), may, known)


def act(complaint: Complaint, posted: Any, *, by: User, now: datetime) -> str:
    """Take off the tag whose button was pressed, or put on the one that was typed; what was done. Raises Refused."""
    try:
        if removed := hands.number_of(posted, "remove"):
            tags.take_off(complaint, removed, by=by, now=now)
            return _("The tag is taken off.")
        name = moves.typed_text(posted, "tag")
        if not tags.put(complaint, name, by=by, now=now):
            return _("It has this tag already.")
    except tags.NotPossible as error:
        raise hands.Refused(str(error)) from error
    except workflow.MoveNotAllowed as error:
        raise hands.Refused from error
    return _("Tagged: %(name)s.") % {"name": tags.cleaned(name)}
