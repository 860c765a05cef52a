"""I2 and I3: the outbox, and the replies that it carries."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.db.models import Count, Max
from django.utils.translation import gettext as _

from channels_sns.models import OutboundPost
from complaints.invariants.violation import GRACE, Violation
from complaints.models import Reply

Row = OutboundPost.State
State = Reply.State
OVERDUE = timedelta(seconds=30)
#: Reply state → the row states it may mean, where it is not a matter of all rows.
GOING = {Row.QUEUED, Row.SENDING, Row.UNSURE}
REFUSED = {Row.FAILED, Row.BLOCKED}


def every_reply_stands_once(now: datetime) -> Iterator[Violation]:
    """One row a part, one post a row, and the reply says what its rows say."""
    yield from _rows()
    yield from _shared_posts()
    yield from _replies(now)


def nobody_sends_for_ever(now: datetime) -> Iterator[Violation]:
    """A sender that died is noticed when its lease ends."""
    stuck = OutboundPost.objects.filter(state=Row.SENDING, lease_until__lt=now - OVERDUE)
    for key in stuck.order_by("created_at").values_list("key", flat=True):
        yield Violation("I3", f"outgoing post {key}", _("is being sent although its lease is over"))


def _rows() -> Iterator[Violation]:
    for row in OutboundPost.objects.order_by("key").iterator(chunk_size=2000):
        name = f"outgoing post {row.key}"
        if hashlib.sha256(row.text.encode()).hexdigest() != row.text_sha256:
            yield Violation("I2", name, _("is not the text that was approved"))
        if not row.key.endswith(f":{row.part}"):
            yield Violation("I2", name, _("is another part than its key says"))
        if row.state == Row.SENT and not row.external_id and not _sent_by_a_person(row):
            yield Violation("I2", name, _("was posted, but nobody knows under which id"))


def _sent_by_a_person(row: OutboundPost) -> bool:
    """An officer saw it standing and said so: then there is no id, only a name."""
    return row.history.filter(to_state=Row.SENT).exclude(by="").exists()


def _shared_posts() -> Iterator[Violation]:
    """Two rows cannot be one and the same post on the network."""
    sent = OutboundPost.objects.exclude(external_id="").values("account_id", "external_id")
    for pair in sent.annotate(rows=Count("pk")).filter(rows__gt=1).order_by("account_id", "external_id"):
        same = {name: pair[name] for name in ("account_id", "external_id")}
        keys = ", ".join(OutboundPost.objects.filter(**same).order_by("key").values_list("key", flat=True))
        yield Violation("I2", f"outgoing posts {keys}", _("stand under one and the same id"))


def _replies(now: datetime) -> Iterator[Violation]:
    found: dict[int, list[OutboundPost]] = defaultdict(list)
    rows = OutboundPost.objects.filter(key__startswith="reply:").annotate(changed_at=Max("history__at"))
    for row in rows.order_by("part").iterator(chunk_size=2000):
        found[_reply_id(row.key)].append(row)
    for reply in Reply.objects.order_by("id").iterator(chunk_size=2000):
        of_reply = found.pop(reply.pk, [])
        text = _disagreement(reply, of_reply, settled=_is_old(of_reply, now))
        if text:
            yield Violation("I2", f"reply {reply.pk} of complaint {reply.complaint_id}", text)
    for pk in found:
        yield Violation("I2", f"outgoing post reply:{pk}", _("belongs to no reply"))


def _reply_id(key: str) -> int:
    number = key.split(":")[1]
    return int(number) if number.isdecimal() else 0


def _is_old(rows: Sequence[OutboundPost], now: datetime) -> bool:
    """Has the settlement had time to read these rows?"""
    moments = [row.changed_at for row in rows]  # type: ignore[attr-defined]
    return all(moment is None or moment < now - GRACE for moment in moments)


def _disagreement(reply: Reply, rows: Sequence[OutboundPost], *, settled: bool) -> str:
    """In which way the reply and its rows contradict each other; "": not at all."""
    states = {row.state for row in rows}
    if reply.state == State.DRAFT:
        return _("is a draft, but already in the outbox") if rows else ""
    if [row.part for row in rows] != list(range(1, reply.parts + 1)):
        return _("does not have one row in the outbox for each part")
    if reply.state == State.SENT and states != {Row.SENT}:
        return _("is called posted, but not all of it was")
    if reply.state == State.RECALLED and states & GOING:
        return _("was recalled, but may still go out")
    if not settled:
        return ""
    if reply.state in (State.APPROVED, State.UNSURE) and not states & GOING:
        return _("is called under way, but nothing of it is")
    if reply.state == State.FAILED and not states & REFUSED:
        return _("is called not posted, but no part was refused")
    return ""
