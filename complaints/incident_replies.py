"""The answer to all citizens of an incident: written once, looked at citizen by citizen, released, taken back.

Writes IncidentReply, and of IncidentDelivery what people decide: who gets none. A release puts nothing into the outbox
yet: for a minute (DESK_INCIDENT_GRACE_SECONDS) it can be undone as a whole, then complaints.releasing carries it out
line by line. Until an answer is released its text may change; afterwards everybody gets the text that was approved.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from channels_sns.adapters.text import nfc
from complaints import incidents, releasing, replies, workflow
from complaints.models import Complaint, Incident, IncidentDelivery, IncidentReply
from complaints.replies import NotPossible
from departments import directory
from departments.models import Role

State, Kind = IncidentReply.State, IncidentReply.Kind
TEXT_MAX = 20_000


def may_write(user: User, incident: Incident) -> bool:
    """An officer, or somebody of the department in charge."""
    return directory.has_role(user, Role.OFFICER) or incident.department_id in directory.department_ids_of(user)


def may_release(user: User, incident: Incident) -> bool:
    """An officer, or the head of the department in charge."""
    if directory.has_role(user, Role.OFFICER):
        return True
    return incident.department is not None and directory.heads(user, incident.department)


# --- writing --------------------------------------------------------------------------------------------------------


def begin(incident: Incident, *, by: User, now: datetime) -> IncidentReply:
    """The draft that is being written, or a new one. Raises replies.NotPossible, workflow.MoveNotAllowed."""
    _check(may_write(by, incident))
    last = incident.replies.order_by("-number").first()
    if last is not None and last.state == State.DRAFT:
        return last
    number = last.number + 1 if last else 1
    try:
        with transaction.atomic():
            return IncidentReply.objects.create(incident=incident, number=number, drafted_by=by, drafted_at=now)
    except IntegrityError:
        return IncidentReply.objects.get(incident=incident, number=number)


def save(
    reply: IncidentReply, *, text: str, text_en: str, kind: str, by: User, version: int, now: datetime
) -> IncidentReply:
    """The texts as they are now. Raises replies.NotPossible, and the workflow's errors."""
    _check(may_write(by, reply.incident))
    with transaction.atomic():
        row = _locked(reply, version)
        if row.state == State.RELEASED:
            raise NotPossible(_("It is released. Take it back before you change the text."))
        for words in (text, text_en):
            replies.refuse_personal_data(words)
        row.text, row.text_en = nfc(text.strip())[:TEXT_MAX], nfc(text_en.strip())[:TEXT_MAX]
        if not row.text:
            raise NotPossible(_("The reply is empty."))
        if row.state == State.DRAFT:
            row.kind = Kind(kind) if kind in Kind.values else row.kind
        row.drafted_by, row.drafted_at, row.version = by, now, row.version + 1
        row.save()
    return row


def skip(reply: IncidentReply, complaints: Iterable[Complaint], *, by: User, now: datetime) -> int:
    """These citizens get none; how many had none yet. Raises workflow.MoveNotAllowed."""
    _check(may_write(by, reply.incident))
    with transaction.atomic():
        row = _locked(reply)
        _add_lines(row, complaints)
        waiting = IncidentDelivery.objects.filter(incident_reply=row, complaint__in=list(complaints), reply=None)
        return waiting.filter(skipped="").update(skipped=releasing.BY_PERSON)


def unskip(reply: IncidentReply, complaints: Iterable[Complaint], *, by: User, now: datetime) -> int:
    """They get it after all, whoever left them out; how many. Raises workflow.MoveNotAllowed."""
    _check(may_write(by, reply.incident))
    with transaction.atomic():
        row = _locked(reply)
        left_out = IncidentDelivery.objects.filter(incident_reply=row, complaint__in=list(complaints), reply=None)
        return left_out.exclude(skipped="").update(skipped="")


# --- releasing ------------------------------------------------------------------------------------------------------


def release(reply: IncidentReply, *, by: User, version: int, now: datetime) -> IncidentReply:
    """Let it go out to every citizen of the incident but those left out; nothing leaves before the grace is over.

    After a stop it goes on with who has none standing. Raises replies.NotPossible, and the workflow's errors.
    """
    _check(may_release(by, reply.incident))
    with transaction.atomic():
        row = _locked(reply, version)
        _check_ready(row, by)
        row.state, row.stopping, row.approved_by, row.approved_at = State.RELEASED, False, by, now
        row.release_at, row.version = now + settings.INCIDENT_GRACE, row.version + 1
        row.save()
        _add_lines(row, members_of(row.incident))
        releasing.forget_taken_back(row)
        incidents.record(row.incident, "release", by=by, now=now, note=row.text)
    return row


def _check_ready(row: IncidentReply, by: User) -> None:
    if row.state == State.RELEASED:
        raise NotPossible(_("It is released already."))
    if not row.text:
        raise NotPossible(_("The reply is empty."))
    for words in (row.text, row.text_en):
        replies.refuse_gaps(words)
        replies.refuse_personal_data(words)
    _check_eyes(row, by)


def _check_eyes(row: IncidentReply, by: User) -> None:
    if settings.FOUR_EYES and row.drafted_by_id == by.pk:
        raise NotPossible(_("Somebody else must approve a reply that you wrote."))


def extend(reply: IncidentReply, *, by: User, version: int, now: datetime) -> int:
    """The same text to those who were tied since the release, too; how many. Raises as `release`."""
    _check(may_release(by, reply.incident))
    with transaction.atomic():
        row = _locked(reply, version)
        if row.state != State.RELEASED:
            raise NotPossible(_("It is not released."))
        _check_eyes(row, by)
        before = row.deliveries.count()
        _add_lines(row, members_of(row.incident))
        many = row.deliveries.count() - before
        row.approved_by, row.approved_at, row.release_at = by, now, now + settings.INCIDENT_GRACE
        row.version += 1
        row.save()
        incidents.record(row.incident, "extend", by=by, now=now, note=str(many))
    return many


def stop(reply: IncidentReply, *, by: User, version: int, now: datetime) -> IncidentReply:
    """Undo: within the grace it is a draft again and nothing left; later, whatever still waits is taken back.

    Raises replies.NotPossible, and the workflow's errors.
    """
    _check(may_release(by, reply.incident))
    with transaction.atomic():
        row = _locked(reply, version)
        if row.state != State.RELEASED:
            raise NotPossible(_("It is not released."))
        begun = row.deliveries.exclude(reply=None).exists()
        if begun or row.incident.replies.filter(state=State.DRAFT).exists():
            row.state, row.stopping = State.STOPPED, begun
        else:
            row.state, row.approved_by, row.approved_at, row.release_at = State.DRAFT, None, None, None
        row.version += 1
        row.save()
        incidents.record(row.incident, "stop" if begun else "unrelease", by=by, now=now)
    if begun:
        releasing.take_back(row, by=by.get_username(), now=now)
    return row


# --- the one way ----------------------------------------------------------------------------------------------------


def members_of(incident: Incident) -> list[Complaint]:
    """Its complaints as they are tied now, the oldest first."""
    tied = incident.members.filter(left_at=None).values("complaint")
    return list(Complaint.objects.filter(pk__in=tied).only("pk").order_by("pk"))


def _add_lines(row: IncidentReply, complaints: Iterable[Complaint]) -> None:
    """A line for each that has none: once, whoever asks, however often."""
    lines = [IncidentDelivery(incident_reply=row, complaint=complaint) for complaint in complaints]
    IncidentDelivery.objects.bulk_create(lines, ignore_conflicts=True)


def _locked(reply: IncidentReply, version: int | None = None) -> IncidentReply:
    """The row as it is now, nobody else's until the transaction ends. Raises workflow.Conflict."""
    rows = IncidentReply.objects.select_related("incident__department").select_for_update(of=("self",))
    row = rows.get(pk=reply.pk)
    if version is not None and row.version != version:
        raise workflow.Conflict(str(row))
    return row


def _check(allowed: bool) -> None:
    if not allowed:
        raise workflow.MoveNotAllowed("incident reply")
