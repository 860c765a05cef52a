"""An alarm in words: without anything that a citizen wrote, for it leaves the desk."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from complaints import reckoning_words
from complaints.models import Alert
from complaints.models.alert import Stage


def subject(row: Alert) -> str:
    """“긴급 B26-004217: 기한 11-24 22:30”."""
    said = {"number": row.complaint.number, "what": headline(row)}
    return _("[TokTok Busan] %(number)s: %(what)s") % said


def headline(row: Alert) -> str:
    """What has happened, in a few words."""
    if row.emergency:
        said = {
            Stage.BEGUN: _("emergency received"),
            Stage.SOON: _("emergency: half of the time is over"),
            Stage.DUE: _("emergency: not answered in time"),
            Stage.LATE: _("emergency: still not answered"),
        }
        return said[Stage(row.stage)]
    return {
        Stage.SOON: _("due soon"),
        Stage.DUE: _("not answered in time"),
        Stage.LATE: _("long overdue"),
        Stage.REMINDER: _("letter of reminder"),
        Stage.CONSULT: _("another department asks for cooperation"),
        Stage.UNHEARD: _("cooperation: no answer in time"),
        Stage.REPLIED: _("cooperation: answered or declined"),
        Stage.TRANSFER: _("time to hand it over has passed"),
        Stage.AGENCY: _("time to transfer it to another agency has passed"),
        Stage.PR_SOON: _("the outcome of a promise is due soon"),
        Stage.PR_DUE: _("the outcome of a promise was not told in time"),
        Stage.PR_LATE: _("the outcome of a promise is long overdue"),
    }[Stage(row.stage)]


def body(row: Alert) -> str:
    """Number, department, due time, address; no word of the citizen."""
    department = row.complaint.department.name if row.complaint.department else _("no department yet")
    reminded = row.stage == Stage.REMINDER
    lines = [
        headline(row),
        _("Complaint: %(number)s") % {"number": row.complaint.number},
        _("Department: %(name)s") % {"name": department},
        _("Due: %(when)s") % {"when": moment(row.due_at)},
        *([_("Please handle it without delay and tell the citizen the result (법 제25조).")] if reminded else []),
        address(row),
    ]
    return "\n".join(lines) + "\n"


def moment(at: datetime) -> str:
    return reckoning_words.moment(at)


def address(row: Alert) -> str:
    """Where the complaint is looked at, by who may."""
    path = reverse("admin:complaints_complaint_change", args=[row.complaint_id])
    return f"{settings.PUBLIC_URL.rstrip('/')}{path}"
