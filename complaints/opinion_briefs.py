"""The opinions under a talk go to a policy department, and what it takes up comes back (반영 계획).

Only writer of OpinionBrief; of OpinionMail with complaints.opinion_mail. A summary is kept as it was sent; a newer one
to the same department takes its place there.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from channels_sns import broadcasts
from channels_sns.adapters.text import nfc
from channels_sns.models import Broadcast
from complaints import opinions, privacy
from complaints.models import Opinion, OpinionBrief, OpinionMail
from departments import directory
from departments.models import Department, Role

RELATED = ("broadcast", "department", "sent_by", "read_by", "answered_by")


class NotPossible(Exception):
    """Nothing was sent or answered; the text says why."""


# --- the officer ------------------------------------------------------------------------------------------------------


def send(talk: Broadcast, department: Department, *, by: User, now: datetime, note: str = "") -> OpinionBrief:
    """Tell the department what citizens think, and its people by mail. Raises NotPossible: nothing new, too long.

    Two at once, or a double click: the second finds nothing new.
    """
    if len(note) > OpinionBrief.NOTE_MAX:
        raise NotPossible(_("The note is too long: %(most)d signs at most.") % {"most": OpinionBrief.NOTE_MAX})
    with transaction.atomic():
        before = _newest(talk, department)
        rows = list(opinions.of(talk).order_by("id"))
        if not rows:
            raise NotPossible(_("There is no opinion yet that could be sent."))
        digest = _digest(rows)
        if before is not None and before.digest == digest:
            said = {"name": department.name}
            raise NotPossible(_("%(name)s has this summary already: nothing has changed since it was sent.") % said)
        brief = OpinionBrief.objects.create(
            broadcast=talk,
            department=department,
            number=before.number + 1 if before else 1,
            summary=opinions.frozen(opinions.summed(rows)),
            digest=digest,
            upto=rows[-1].pk,
            note=note,
            sent_by=by,
            sent_at=now,
        )
        _queue_mails(brief, now)
    return brief


def _newest(talk: Broadcast, department: Department) -> OpinionBrief | None:
    """What it was told last; whoever sends or answers meanwhile waits until this transaction ends."""
    Broadcast.objects.select_for_update().get(pk=talk.pk)
    return OpinionBrief.objects.filter(broadcast=talk, department=department).order_by("number").last()


def _digest(rows: Sequence[Opinion]) -> str:
    """Other opinions, other words or another stance: another digest."""
    told = [(row.pk, opinions.stance_of(row).value, row.post.text) for row in rows]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def _queue_mails(brief: OpinionBrief, now: datetime) -> None:
    if not settings.MAIL_ENABLED:
        return
    people = people_of(brief.department, now=now).exclude(email="")
    mails = [OpinionMail(brief=brief, user=user, next_attempt_at=now) for user in people]
    OpinionMail.objects.bulk_create(mails)


def people_of(department: Department, *, now: datetime) -> QuerySet[User]:
    """Who of the department can open it."""
    return directory.people(Role.STAFF, Role.HEAD, department=department, now=now)


def of(talk: Broadcast) -> list[OpinionBrief]:
    """All that was sent of this talk, the newest first, each with `mails_sent` of `mails_all`, `replaced` if it was."""
    sent = Count("mails", filter=Q(mails__state=OpinionMail.State.SENT))
    found = _seen(OpinionBrief.objects.filter(broadcast=talk)).annotate(mails_all=Count("mails"), mails_sent=sent)
    return list(found.order_by("-sent_at", "-id"))


def put_into(result: Broadcast, brief: OpinionBrief, *, by: User, now: datetime) -> bool:
    """The answer into a draft of the result that does not hold it yet. Raises broadcasts.NotPossible, Conflict."""
    words = opinions.plan_words(brief)
    if result.state != Broadcast.State.DRAFT or not brief.answer or words in result.text:
        return False
    broadcasts.change(result, version=result.version, by=by, now=now, text=f"{result.text}\n\n{words}")
    return True


# --- the department ---------------------------------------------------------------------------------------------------


def visible_to(user: User) -> QuerySet[OpinionBrief]:
    """What this person's departments were told; each `replaced` where a newer one came."""
    return _seen(OpinionBrief.objects.filter(department__in=directory.department_ids_of(user)))


def waiting_for(user: User) -> QuerySet[OpinionBrief]:
    """Of these, what waits for an answer, the oldest first."""
    return visible_to(user).filter(~_is_replaced(), answered_at=None)


def _seen(rows: QuerySet[OpinionBrief]) -> QuerySet[OpinionBrief]:
    return rows.select_related(*RELATED).annotate(replaced=_is_replaced())


def _is_replaced() -> Exists:
    same = OpinionBrief.objects.filter(broadcast=OuterRef("broadcast"), department=OuterRef("department"))
    return Exists(same.filter(number__gt=OuterRef("number")))


def opinions_of(brief: OpinionBrief) -> QuerySet[Opinion]:
    """Those that it sums up and that are opinions still."""
    return opinions.of(brief.broadcast).filter(pk__lte=brief.upto).order_by("id")


def note_read(brief: OpinionBrief, *, by: User, now: datetime) -> None:
    """Somebody of the department has opened it; the first time counts."""
    OpinionBrief.objects.filter(pk=brief.pk, read_at=None).update(read_by=by, read_at=now)


def answer(brief: OpinionBrief, *, by: User, now: datetime, text: str) -> None:
    """What the department takes up, once. It will stand in public. Raises NotPossible."""
    text = nfc(text)
    _refuse_unfit(text)
    with transaction.atomic():
        newest = _newest(brief.broadcast, brief.department)
        if newest != brief:
            raise NotPossible(_("A newer summary of this talk has come meanwhile. Please answer that one."))
        unanswered = OpinionBrief.objects.filter(pk=brief.pk, answered_at=None)
        if not unanswered.update(answer=text, answered_by=by, answered_at=now):
            raise NotPossible(_("Somebody of your department has answered already; that answer stands."))
    brief.refresh_from_db()


def _refuse_unfit(text: str) -> None:
    if not text:
        raise NotPossible(_("Please write what is taken up, or why it is not."))
    if len(text) > OpinionBrief.ANSWER_MAX:
        said = {"most": OpinionBrief.ANSWER_MAX, "many": len(text)}
        raise NotPossible(_("The answer has %(many)d signs: %(most)d at most, for it stands under the talk.") % said)
    if found := privacy.personal_data(text):
        what = {"what": privacy.in_words(found)}
        raise NotPossible(_("The answer will stand in public. Please take out: %(what)s.") % what)
