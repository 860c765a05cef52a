"""Posts go out, each exactly once: the only writer of OutboundPost and of its history.

QUEUED → SENDING (a lease and a lock that dies with its holder) → SENT, FAILED, BLOCKED, back to QUEUED if surely
nothing was posted, or UNSURE. An unsure post is never sent again blindly (channels_sns.readback). A reply posted twice
in public is worse than one posted late: docs/decisions/0004-outbox.md; rules R1–R6.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import Case, Exists, OuterRef, Q, QuerySet, When

from channels_sns.adapters.contract import ChannelError, OutgoingPost, ReplyTarget
from channels_sns.crash import crash_point
from channels_sns.models import Account, Attempt, Freeze, OutboundPost

State = OutboundPost.State
Lane = OutboundPost.Lane


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What goes with a text: whose turn it is, photos (`file` under MEDIA_ROOT, `alt`), from when and until when.

    `private`: only whoever is answered may see it.
    """

    lane: Lane = Lane.REPLY
    media: Sequence[Mapping[str, str]] = ()
    not_before: datetime | None = None
    not_after: datetime | None = None
    private: bool = False


class NotPossible(Exception):
    """The row is not in a state that allows this; somebody or something was faster."""


def enqueue(
    *,
    account: Account,
    key: str,
    parts: Sequence[str],
    tags: Sequence[str],
    target: ReplyTarget | None,
    language: str,
    now: datetime,
    terms: Terms = Terms(),
) -> list[OutboundPost]:
    """Put a text (in parts, each with the tag that stands in it) into the outbox, in the caller's transaction.

    Photos go with the first part. The same `key` twice violates the unique constraint: one decision, one post.
    """
    rows: list[OutboundPost] = []
    for number, (text, tag) in enumerate(zip(parts, tags, strict=True), start=1):
        rows.append(
            OutboundPost.objects.create(
                id=uuid4(),
                account=account,
                key=f"{key}:{number}",
                part=number,
                after=rows[-1] if rows else None,
                text=text,
                text_sha256=hashlib.sha256(text.encode()).hexdigest(),
                tag=tag,
                language=language,
                target=asdict(target) if target else {},
                lane=terms.lane,
                media=[dict(one) for one in terms.media] if number == 1 else [],
                private=terms.private,
                not_after=terms.not_after if number == 1 else None,
                created_at=now,
                next_attempt_at=terms.not_before or now,
            )
        )
        _write_history(rows[-1], "", State.QUEUED, now)
    return rows


def due(now: datetime) -> QuerySet[OutboundPost]:
    """Rows with something to do now, emergencies first, then the oldest: to send or to read back; part n only after
    part n-1, nothing after its time, no broadcast while an emergency has the floor.

    A network that asks us to wait with sending is still looked at for what may stand there already.
    """
    waiting = Q(state=State.QUEUED) | Q(state=State.UNSURE, needs_officer_at=None)
    earlier = OutboundPost.objects.filter(pk=OuterRef("after_id")).exclude(state=State.SENT)
    frozen = Freeze.objects.filter(running=True)
    return (
        OutboundPost.objects.filter(waiting, next_attempt_at__lte=now)
        .filter(account__enabled=True, account__state=Account.State.ACTIVE)
        .filter(~Q(state=State.QUEUED) | Q(account__send_after=None) | Q(account__send_after__lte=now))
        .exclude(state=State.QUEUED, not_after__lt=now)
        .exclude(Exists(earlier))
        .exclude(Exists(frozen), state=State.QUEUED, lane=Lane.BROADCAST)
        .order_by(Case(When(lane=Lane.EMERGENCY, then=0), default=1), "next_attempt_at", "created_at")
    )


def due_accounts(now: datetime) -> list[int]:
    """Ids of the accounts that have something to send or to read back."""
    return list(due(now).order_by().values_list("account_id", flat=True).distinct())


def claim(row: OutboundPost, *, now: datetime) -> bool:
    """QUEUED → SENDING with a fresh token and lease, in a short transaction; False if somebody was faster."""
    token = uuid4()
    return move(
        row,
        State.SENDING,
        now=now,
        expect=State.QUEUED,
        claim_token=token,
        lease_until=now + settings.LEASE,
        attempts=row.attempts + 1,
        first_attempt_at=row.first_attempt_at or now,
        pending_id="",  # what the network said of an earlier try says nothing of this one
    )


def move(
    row: OutboundPost,
    to: State,
    *,
    now: datetime,
    expect: State,
    error: ChannelError | None = None,
    by: str = "",
    detail: str = "",
    **changes: Any,
) -> bool:
    """The one way a row changes state: compare-and-swap on id, state and claim token, with its history row (R2).

    `row` is brought up to date. False, and nothing written, if the row is not as `row` says it was.
    """
    if error is not None:
        changes.update(last_class=type(error).__name__, last_error=error.detail)
    with transaction.atomic():
        same = OutboundPost.objects.filter(pk=row.pk, state=expect, claim_token=row.claim_token)
        if not same.update(state=to, **changes):
            return False
        _write_history(row, expect, to, now, error=error, by=by, detail=detail)
        crash_point(f"outbox.commit_{to}")
    row.refresh_from_db()
    return True


def note(row: OutboundPost, **changes: Any) -> bool:
    """Write down a read-back or a wait without a change of state. False if the row moved on meanwhile."""
    same = OutboundPost.objects.filter(pk=row.pk, state=row.state, claim_token=row.claim_token)
    return bool(same.update(**changes))


def _write_history(
    row: OutboundPost,
    from_state: str,
    to_state: str,
    now: datetime,
    *,
    error: ChannelError | None = None,
    by: str = "",
    detail: str = "",
) -> None:
    Attempt.objects.create(
        outbound=row,
        at=now,
        from_state=from_state,
        to_state=to_state,
        error_class=type(error).__name__ if error else "",
        status=error.status if error else None,
        code=error.code[:80] if error else "",
        trace=error.trace[:80] if error else "",
        detail=error.detail if error else detail,
        by=by,
    )


def outgoing(row: OutboundPost) -> OutgoingPost:
    """The row as the adapter needs it; part n answers part n-1."""
    target = ReplyTarget(**row.target) if row.target else None
    if row.after is not None and row.after.external_id:
        target = ReplyTarget(
            external_id=row.after.external_id,
            root_id=target.root_id if target else row.after.external_id,
            parent_id=target.external_id if target else "",
            kind="message" if target and target.kind == "message" else "reply",
            author_id=target.author_id if target else "",
            author_handle=target.author_handle if target else "",
            visibility=target.visibility if target else "",
        )
    return OutgoingPost(
        key=str(row.pk),
        text=row.text,
        tag=row.tag,
        target=target,
        language=row.language,
        created_at=row.created_at,
        pending_id=row.pending_id,
        private=row.private,
    )


def expire(*, now: datetime) -> int:
    """Take back whatever is still queued after its time, with the parts that would have followed; how many posts."""
    late = 0
    for row in OutboundPost.objects.filter(state=State.QUEUED, not_after__lt=now):
        chain: OutboundPost | None = row
        while chain is not None and move(
            chain, State.CANCELLED, now=now, expect=State.QUEUED, detail="too late", next_attempt_at=None
        ):
            late += 1
            chain = OutboundPost.objects.filter(after=chain, state=State.QUEUED).first()
    return late


def close_at(posts: Iterable[OutboundPost], *, now: datetime) -> None:
    """Nothing of these leaves after `now`: not what waits, nor what turns out never to have been posted."""
    rows = OutboundPost.objects.filter(pk__in=[post.pk for post in posts]).exclude(state=State.SENT)
    rows.update(not_after=now)


# --- what people decide ---------------------------------------------------------------------------------------------


def cancel(row: OutboundPost, *, by: str, now: datetime) -> None:
    """Take back a post that is still queued or was not posted, or give up an unsure one. Raises NotPossible."""
    row.refresh_from_db()
    undecided = row.state == State.UNSURE and row.needs_officer_at is not None
    if not (row.state in (State.QUEUED, State.FAILED, State.BLOCKED) or undecided) or not move(
        row, State.CANCELLED, now=now, expect=State(row.state), by=by, next_attempt_at=None
    ):
        raise NotPossible(row.state)


def retry(row: OutboundPost, *, by: str, now: datetime) -> None:
    """A person looked and decided: not posted, send it (again). Raises NotPossible."""
    row.refresh_from_db()
    undecided = row.state == State.UNSURE and row.needs_officer_at is not None
    if not (row.state in (State.FAILED, State.BLOCKED) or undecided) or not move(
        row,
        State.QUEUED,
        now=now,
        expect=State(row.state),
        by=by,
        next_attempt_at=now,
        attempts=0,
        rounds=0,
        negative_reads=0,
        unknown_since=None,
        needs_officer_at=None,
    ):
        raise NotPossible(row.state)


def declare_sent(row: OutboundPost, *, url: str, by: str, now: datetime) -> None:
    """A person saw the post standing on the network. Raises NotPossible."""
    row.refresh_from_db()
    if (
        row.state != State.UNSURE
        or row.needs_officer_at is None
        or not move(
            row, State.SENT, now=now, expect=State.UNSURE, by=by, url=url[:500], sent_at=now, needs_officer_at=None
        )
    ):
        raise NotPossible(row.state)
