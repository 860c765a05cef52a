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
from complaints.desk.item import find
from complaints.pages import presence, tabs, together

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
        "also": together.here_words(open_one, user, now=now) if open_one else "",
        "moved": together.meanwhile(open_one, user, event=event) if open_one else "",
    }


def _fresh_words(fresh: int) -> str:
    if fresh > COUNTED:
        return _("More than %(n)d new complaints") % {"n": COUNTED}
    return ngettext("%(n)d new complaint", "%(n)d new complaints", fresh) % {"n": fresh} if fresh else ""


def etag_of(answer: dict[str, Any]) -> str:
    """The same answer has the same name."""
    text = json.dumps(answer, sort_keys=True, ensure_ascii=False)
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'
