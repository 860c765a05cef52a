"""The opinions under a talk go to a policy department, and what it takes up comes back (반영 계획).

Writer of OpinionBrief and OpinionMail, with complaints.opinion_reminders. A summary is kept as it was sent; a newer one
to the same department takes its place there, and one that went to the wrong department is taken back (회수).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Count, F, Max, Q, QuerySet
from django.utils.translation import gettext as _

from channels_sns import broadcasts
from channels_sns.adapters.text import nfc
from channels_sns.models import Broadcast
from channels_sns.models.broadcast import Kind
from complaints import opinion_mail, opinions, privacy, promises
from complaints.models import Opinion, OpinionBrief, OpinionMail
from complaints.models.opinion_brief import OpinionBriefQuerySet
from departments import directory, working_time
from departments.models import Department, Role
from departments.working_time import KST

RELATED = ("broadcast", "department", "sent_by", "read_by", "answered_by", "withdrawn_by")
#: So many working days an answer may take, where nobody chooses another day; nobody is asked for later than AHEAD.
ANSWER_DAYS, AHEAD, DAY = 5, timedelta(days=365), timedelta(days=1)


class NotPossible(Exception):
    """Nothing was sent or answered; the text says why."""


# --- the officer ------------------------------------------------------------------------------------------------------


def send(
    talk: Broadcast, department: Department, *, by: User, now: datetime, note: str = "", until: date | None = None
) -> OpinionBrief:
    """Tell the department what citizens think, and its people by mail; `until`: the day by which an answer is asked
    for. Raises NotPossible: nothing new, too long, no such day.

    Two at once, or a double click: the second finds nothing new.
    """
    answer_by = _end_of(until, now) if until else None
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
            number=_next_number(talk, department),
            summary=opinions.frozen(opinions.summed(rows)),
            digest=digest,
            upto=rows[-1].pk,
            note=note,
            answer_by=answer_by,
            sent_by=by,
            sent_at=now,
        )
        _queue_mails(brief, now)
    return brief


def suggested_day(now: datetime) -> date:
    """By when an answer is asked for where the officer chooses no other day."""
    tomorrow = datetime.combine(now.astimezone(KST).date() + DAY, time(), KST)
    return working_time.calendar_for().add_working_days(tomorrow, ANSWER_DAYS).astimezone(KST).date()


def _end_of(day: date, now: datetime) -> datetime:
    today = now.astimezone(KST).date()
    if not today <= day <= today + AHEAD:
        raise NotPossible(_("An answer is asked for by today or later, within a year. Please choose another day."))
    return promises.due_on(day, now=now)


def _newest(talk: Broadcast, department: Department) -> OpinionBrief | None:
    """What it was told last and was not taken back; whoever sends, takes back or answers meanwhile waits until this
    transaction ends."""
    _lock(talk)
    told = OpinionBrief.objects.filter(broadcast=talk, department=department, withdrawn_at=None)
    return told.order_by("number").last()


def _lock(talk: Broadcast) -> None:
    Broadcast.objects.select_for_update().get(pk=talk.pk)


def _next_number(talk: Broadcast, department: Department) -> int:
    """What was taken back keeps its number."""
    told = OpinionBrief.objects.filter(broadcast=talk, department=department)
    return (told.aggregate(most=Max("number"))["most"] or 0) + 1


def withdraw(brief: OpinionBrief, *, by: User, now: datetime, reason: str) -> None:
    """Take it back from a department that it should not have gone to; it stays recorded, with what was answered.
    Raises NotPossible.

    A mail that has not left yet never does; who may have one already is told by a short mail.
    """
    _refuse_reason(reason)
    with transaction.atomic():
        _lock(brief.broadcast)
        brief.refresh_from_db()
        if brief.withdrawn_at is not None:
            raise NotPossible(_("This summary has been taken back already."))
        if opinions.stands_in_result(brief):
            said = _("The answer of %(name)s stands in the result. While that is a draft, take it out there first.")
            raise NotPossible(said % {"name": brief.department.name})
        brief.withdrawn_by, brief.withdrawn_at, brief.withdrawn_for = by, now, reason
        brief.save(update_fields=["withdrawn_by", "withdrawn_at", "withdrawn_for"])
        opinion_mail.call_back(brief, now=now)


def _refuse_reason(reason: str) -> None:
    if not reason:
        raise NotPossible(_("Please say why it is taken back."))
    if len(reason) > OpinionBrief.REASON_MAX:
        raise NotPossible(_("The reason is too long: %(most)d signs at most.") % {"most": OpinionBrief.REASON_MAX})


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
    first = Q(mails__kind=OpinionMail.Kind.BRIEF)
    sent = first & Q(mails__state=OpinionMail.State.SENT)
    found = _seen(OpinionBrief.objects.filter(broadcast=talk)).annotate(
        mails_all=Count("mails", filter=first), mails_sent=Count("mails", filter=sent)
    )
    return list(found.order_by("-sent_at", "-id"))


def silent(*, now: datetime) -> list[OpinionBrief]:
    """What no department answered by the day asked for, the longest ago first; not where the result is posted."""
    posted = Broadcast.objects.filter(followed_by__kind=Kind.TALK, followed_by__state=Broadcast.State.RELEASED)
    late = OpinionBrief.objects.asked().filter(answer_by__lte=now).exclude(broadcast__in=posted)
    return list(late.order_by("answer_by", "id"))


def put_into(result: Broadcast, brief: OpinionBrief, *, by: User, now: datetime) -> bool:
    """The answer into a draft of the result that does not hold it yet. Raises broadcasts.NotPossible, Conflict."""
    words = opinions.plan_words(brief)
    with transaction.atomic():
        _lock(brief.broadcast)
        brief.refresh_from_db(fields=["withdrawn_at"])
        taken_back = brief.withdrawn_at is not None
        if taken_back or result.state != Broadcast.State.DRAFT or not brief.answer or words in result.text:
            return False
        broadcasts.change(result, version=result.version, by=by, now=now, text=f"{result.text}\n\n{words}")
    return True


# --- the department ---------------------------------------------------------------------------------------------------


def visible_to(user: User) -> OpinionBriefQuerySet:
    """What this person's departments were told, also what was taken back; each `replaced` where a newer one came."""
    return _seen(OpinionBrief.objects.filter(department__in=directory.department_ids_of(user)))


def waiting_for(user: User) -> QuerySet[OpinionBrief]:
    """Of these, what waits for an answer: first what is asked for by a day, then the oldest."""
    return visible_to(user).asked().order_by(F("answer_by").asc(nulls_last=True), "sent_at", "id")


def _seen(rows: OpinionBriefQuerySet) -> OpinionBriefQuerySet:
    return rows.select_related(*RELATED).with_replaced()


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
        brief.refresh_from_db(fields=["withdrawn_at"])
        if brief.withdrawn_at is not None:
            raise NotPossible(_("The SNS officer has taken this summary back. No answer is needed."))
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
