"""Alarms on their way: in the desk at once, by mail and to the city's messenger as rows that go out once, with retries.

Only writer of Alert. A row is leased before anything leaves; what was under way when a worker died goes out again with
the same name (Message-ID, X-Desk-Delivery), by which the other side knows it: an alarm lost is worse than one told
twice. What became needless meanwhile is dropped unsent.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import QuerySet

from complaints import alarm_mail, alarm_messenger, errands, handing, mails
from complaints.models import Alert, Complaint, Escalation, Promise
from complaints.models.alert import PROMISED, Stage

Way, State = Alert.Way, Alert.State
LEASE = timedelta(minutes=1)
BATCH = 50


def write(row: Escalation, people: Sequence[User], *, hook: bool, send_at: datetime, now: datetime) -> None:
    """A row for each person and way, in the caller's transaction; `send_at`: not before, of what leaves the desk."""
    rows = [alert for user in people for alert in _to_person(row, user, send_at=send_at, now=now)]
    if hook and settings.ALERT_WEBHOOK_URL:
        rows.append(_alert(row, Way.HOOK, None, send_at=send_at, now=now))
    Alert.objects.bulk_create(rows)


def _to_person(row: Escalation, user: User, *, send_at: datetime, now: datetime) -> Iterator[Alert]:
    here = _alert(row, Way.APP, user, send_at=now, now=now)
    here.state, here.sent_at, here.next_attempt_at = State.SENT, now, None
    yield here
    if settings.MAIL_ENABLED and user.email:
        yield _alert(row, Way.MAIL, user, send_at=send_at, now=now)


def _alert(row: Escalation, way: Alert.Way, user: User | None, *, send_at: datetime, now: datetime) -> Alert:
    return Alert(
        key=f"{row.pk}:{way.lower()}:{user.pk if user else ''}",
        way=way,
        user=user,
        complaint=row.complaint,
        emergency=row.emergency,
        stage=row.stage,
        due_at=row.due_at,
        created_at=now,
        next_attempt_at=send_at,
    )


# --- out --------------------------------------------------------------------------------------------------------------


def due(now: datetime) -> QuerySet[Alert]:
    """What has to leave now, emergencies first; a lease that ran out is due again."""
    return errands.due(Alert.objects.all(), now).order_by("-emergency", "next_attempt_at", "id")


def send_due(*, now: datetime) -> int:
    """Send what is due; how many left."""
    rows = due(now).select_related("complaint", "complaint__department", "user")[:BATCH]
    return sum(_send(row, now) for row in rows)


def _send(row: Alert, now: datetime) -> bool:
    """Claimed by one worker, sent outside of any transaction, and what came of it written down."""
    if not errands.claim(row, lease=LEASE, now=now):
        return False
    if not _is_needed(row):
        return errands.settle(row, State.DROPPED, now=now)
    try:
        (alarm_messenger if row.way == Way.HOOK else alarm_mail).send(row, now=now)
    except (mails.NotSent, alarm_messenger.NotSent) as error:
        return errands.failed(row, str(error), now=now)
    return errands.settle(row, State.SENT, now=now)


def _is_needed(row: Alert) -> bool:
    """Is it still so? An answer, an extension may have come in between; what tells of something done goes anyway."""
    if row.stage in (Stage.REMINDER, Stage.REPLIED):
        return True
    if row.stage == Stage.AGENCY:
        return row.complaint.status in handing.AT_DESK
    if row.stage == Stage.TRANSFER:
        return handing.is_open(row.complaint)
    if row.stage in (Stage.CONSULT, Stage.UNHEARD):
        return row.complaint.consultations.filter(state="ASKED", due_at=row.due_at).exists()
    if row.stage in PROMISED:
        return Promise.objects.owed().filter(complaint=row.complaint, due_at=row.due_at).exists()
    due_at = row.complaint.emergency_due_at if row.emergency else row.complaint.due_at
    return row.complaint.next_due_at is not None and due_at == row.due_at


# --- in the desk ----------------------------------------------------------------------------------------------------


def unread(user: User) -> int:
    """How many of those are new; counted to a hundred."""
    return shown_to(user).filter(read_at=None).order_by()[:100].count()


def shown_to(user: User) -> QuerySet[Alert]:
    """What this person was told in the desk and may still see, the newest first."""
    seen = Complaint.objects.visible_to(user)
    rows = Alert.objects.filter(user=user, way=Way.APP, complaint__in=seen)
    return rows.select_related("complaint__account", "complaint__department")


def read(user: User, *, now: datetime, up_to: int) -> None:
    """Seen, up to this one; what came after the list was shown stays new."""
    Alert.objects.filter(user=user, way=Way.APP, read_at=None, pk__lte=up_to).update(read_at=now)
