"""What the open page asks every ten seconds: how many are new, who is where, did the open complaint move on?"""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from complaints.desk import list as queues
from complaints.desk import presence
from complaints.desk.item import find
from complaints.models import ComplaintEvent
from complaints.pages import tabs
from complaints.pages.event_words import event_words
from complaints.pages.people import person_name

#: More new ones than this are said as “100+”.
COUNTED = 100


def pulse(choice: queues.Choice, user: User, *, known: int, ref: str, event: int, now: datetime) -> dict[str, Any]:
    """`known`: the newest complaint the list knows of; `ref`, `event`: the open one and the last event it shows."""
    fresh = queues.queue(choice, user).order_by().filter(pk__gt=known)[: COUNTED + 1].count()
    open_one = find(ref, user) if ref else None
    names = presence.names_by_complaint(user, now=now)
    return {
        "fresh": _fresh_words(fresh),
        "counts": {name: count for name, count in tabs.counts_for(user).items() if name in queues.TABS},
        "here": {str(pk): _("%(who)s is looking") % {"who": who} for pk, who in names.items()},
        "moved": _moved_on(open_one.pk, user, event) if open_one else "",
    }


def _fresh_words(fresh: int) -> str:
    if fresh > COUNTED:
        return _("More than %(n)d new complaints") % {"n": COUNTED}
    return ngettext("%(n)d new complaint", "%(n)d new complaints", fresh) % {"n": fresh} if fresh else ""


def _moved_on(complaint: int, user: User, event: int) -> str:
    """What somebody else did to it since, in words."""
    later = ComplaintEvent.objects.filter(complaint=complaint, pk__gt=event).exclude(by=user)
    newest = later.select_related("by").order_by("-id").first()
    if newest is None:
        return ""
    said = {"who": person_name(newest.by), "what": event_words(newest.move)}
    return _("Meanwhile: %(who)s, %(what)s.") % said


def etag_of(answer: dict[str, Any]) -> str:
    """The same answer has the same name."""
    text = json.dumps(answer, sort_keys=True, ensure_ascii=False)
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'
