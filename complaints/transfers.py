"""이송: a complaint goes to an agency outside the city hall or to a 구·군 office, and the citizen is told where.

The law gives eight office hours for that and wants the citizen to know (영 제13조). The notice stands under his own
post; both happen, or neither. What he should not read stays in the reason, which only colleagues see.
"""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from complaints import josa, notices, workflow
from complaints.models import Complaint, Reply
from departments.models import Agency

#: The event of the notice, beside that of the transfer.
EVENT = "told_transfer"


def notice_text(complaint: Complaint, agency: Agency, *, words: str = "") -> str:
    """What the citizen reads, in his language; a hotline only if somebody has rung it."""
    with translation.override(complaint.answer_language):
        name = agency.name if complaint.answer_language == "ko" else agency.name_en or agency.name
        said = _("We have passed your complaint on to %(agency)s. From here on %(agency)s is in charge and answers.")
        text = josa.filled(said, {"agency": name})
        if agency.hotline_verified:
            text += " " + _("Telephone: %(phone)s.") % {"phone": agency.hotline}
    return f"{text} {words}".strip()


def transfer(
    complaint: Complaint, *, by: User, version: int, now: datetime, agency: Agency, reason: str, words: str = ""
) -> Reply:
    """Hand it over and tell the citizen. `words`: what the officer adds for him, in public.

    Raises replies.NotPossible and the workflow's errors.
    """
    text = notice_text(complaint, agency, words=words)
    with transaction.atomic():
        workflow.transfer(complaint, by=by, version=version, now=now, agency=agency, reason=reason)
        return notices.say(complaint, Reply.Kind.NOTICE, text, by=by, now=now, event=EVENT)
