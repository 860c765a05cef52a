"""The answer's way: a department's draft, the approval, an outbox row, and what the network made of it.

Writes Reply where it is the answer; complaints.notices writes the rest. Every reply carries its receipt tag,
"(접수 B26-004217-1)": by it the desk finds the reply on the network again, and no two replies are the same text. A long
reply goes out in numbered parts, each under the one before.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from channels_sns import outbox
from channels_sns.accounts import adapter_class
from channels_sns.adapters.contract import ReplyTarget
from channels_sns.adapters.text import TooLong, nfc, split_numbered
from channels_sns.models import OutboundPost
from channels_sns.nudge import after_commit
from complaints import (
    permissions,
    privacy,
    promises,
    reply_photos,
    reply_targets,
    reply_templates,
    searchdocs,
    workflow,
)
from complaints.models import Complaint, Reply, Status
from complaints.models.reply import RECEIPT

State = Reply.State

#: More posts than this is no answer any more.
PARTS_MAX = 10
#: Nobody remembers what he approved longer ago.
POST_AHEAD = timedelta(days=30)


class NotPossible(Exception):
    """The text says why, for the person who tried."""


def as_it_would_go(
    complaint: Complaint, text: str, *, private: bool | None = None
) -> tuple[list[tuple[str, str]], ReplyTarget]:
    """The posts of this text, each with its tag, and what they would answer. Raises TooLong, NotPossible."""
    target = way_of(complaint, private)
    return compose(unsaved(complaint, text, private=private), target), target


def unsaved(complaint: Complaint, text: str, *, private: bool | None = None) -> Reply:
    """The answer that this text would be, with the number that it would have; `private`: None, as usual."""
    draft = complaint.replies.answers().filter(state=State.DRAFT).first()
    number = draft.number if draft else next_number(complaint)
    said = {"text": nfc(text.strip()), "language": complaint.answer_language, "private": bool(private)}
    return Reply(complaint=complaint, number=number, **said)


def compose(reply: Reply, target: ReplyTarget) -> list[tuple[str, str]]:
    """The posts of a reply as they will stand on the network, each with the tag in it. Raises TooLong."""
    adapter = adapter_class(reply.complaint.account.kind)
    limit, most = room_of(reply, target)
    if adapter.measure(reply.text) > most * limit:
        raise TooLong

    def frame(body: str, part: int, of: int) -> str:
        return adapter.reply_text(f"{body} ({RECEIPT[reply.language]} {reply.tag(part, of)}", target)

    texts = split_numbered(reply.text, limit=limit, measure=adapter.measure, frame=frame, most=most)
    return [(text, reply.tag(part, len(texts))) for part, text in enumerate(texts, start=1)]


def room_of(reply: Reply, target: ReplyTarget) -> tuple[int, int]:
    """How much one post holds, and in how many posts it may go out."""
    return reply_targets.room_of(reply.complaint, target, private=reply.private, most=PARTS_MAX)


def way_of(complaint: Complaint, private: bool | None) -> ReplyTarget:
    """What is answered. Raises NotPossible where this way there is nothing."""
    if private is None:
        return reply_targets.target_of(complaint)
    target = reply_targets.ways_of(complaint).target(private=private)
    if target is None:
        said = _("This citizen cannot be answered in private here.")
        raise NotPossible(said if private else _("There is no public post to answer: the citizen wrote in private."))
    return target


# --- by people ------------------------------------------------------------------------------------------------------


def draft(
    complaint: Complaint,
    *,
    text: str,
    by: User,
    version: int,
    now: datetime,
    wish: promises.Wish | None = None,
    private: bool | None = None,
) -> Reply:
    """Save the draft and what it promises; the first one begins the work.

    `private`: only the citizen is to see it; None: as before, at first as the citizen wrote or as the answer was that
    was taken back. Raises NotPossible, workflow.MoveNotAllowed, workflow.Conflict.
    """
    text = nfc(text.strip())
    if not text:
        raise NotPossible(_("The reply is empty."))
    refuse_personal_data(text, private=bool(private))
    target = way_of(complaint, private)
    with transaction.atomic():
        if not permissions.may_draft(by, complaint):
            raise workflow.MoveNotAllowed("draft")
        if complaint.status == Status.ASSIGNED:
            workflow.start(complaint, by=by, version=version, now=now)
            version = complaint.version
        workflow.drafted(complaint, by=by, version=version, now=now)
        found = complaint.replies.answers().filter(state=State.DRAFT).first()
        reply = found or Reply(complaint=complaint, number=next_number(complaint), language=complaint.answer_language)
        reply.text, reply.drafted_by, reply.drafted_at = text, by, now
        if private is not None or found is None:
            reply.private = _usually_private(complaint, target) if private is None else private
        reply.save()
        promise(reply, wish or promises.Wish(), now=now)
    return reply


def _usually_private(complaint: Complaint, target: ReplyTarget) -> bool:
    """What was meant for the citizen alone is not posted to everybody because nobody chose anew."""
    back = taken_back(complaint)
    return reply_targets.is_private(target) or (back is not None and back.private)


def taken_back(complaint: Complaint) -> Reply | None:
    """The newest answer, if it was recalled: what was refused or too early is seldom written anew."""
    newest = complaint.replies.answers().order_by("-number").first()
    return newest if newest is not None and newest.state == State.RECALLED else None


def promise(reply: Reply, wish: promises.Wish, *, now: datetime) -> None:
    """What the text promises, as its writer wants it, in the caller's transaction. Raises NotPossible."""
    try:
        promises.write(reply, wish=wish, now=now)
    except promises.NotPossible as error:
        raise NotPossible(str(error)) from error


def approve(
    complaint: Complaint, *, by: User, version: int, now: datetime, at: datetime | None = None, late: bool = False
) -> Reply:
    """Let the draft go out: approval, status and outbox rows in one transaction. The version vouches for the text.

    `at`: not before then; after the due time only if `late` says that this is meant. Until it leaves it can be
    recalled like any other. Raises NotPossible, workflow.MoveNotAllowed, workflow.Conflict.
    """
    if at is not None:
        _refuse_time(complaint, at, late=late, now=now)
    with transaction.atomic():
        reply = complaint.replies.answers().filter(state=State.DRAFT).first()
        if reply is None:
            raise NotPossible(_("There is no draft to approve."))
        if settings.FOUR_EYES and reply.drafted_by_id == by.pk:
            raise NotPossible(_("Somebody else must approve a reply that you wrote."))
        reply.complaint = complaint
        parts = parts_of(reply)
        workflow.answer(complaint, by=by, version=version, now=now)
        _bind_photos(reply)
        send(reply, parts, by=by, now=now, at=at)
    return reply


def _bind_photos(reply: Reply) -> None:
    try:
        reply_photos.bind(reply)
    except reply_photos.NotPossible as error:
        raise NotPossible(str(error)) from error


def _refuse_time(complaint: Complaint, at: datetime, *, late: bool, now: datetime) -> None:
    """Raises NotPossible for a time that has passed, is far away, or misses the due time unasked."""
    if at <= now:
        raise NotPossible(_("The time to post at has passed already."))
    if at > now + POST_AHEAD:
        raise NotPossible(_("A reply can wait for %(days)d days at most.") % {"days": POST_AHEAD.days})
    if at > complaint.due_at and complaint.answered_at is None and not late:
        due = {"due": f"{timezone.localtime(complaint.due_at):%Y-%m-%d %H:%M}"}
        raise NotPossible(_("That is after the due time (%(due)s). Choose an earlier time or confirm it.") % due)


def refuse_personal_data(text: str, *, private: bool = False) -> None:
    """Everybody reads what the city says, at least whoever holds the account. Raises NotPossible: what stands where."""
    found = privacy.personal_data(text)
    if found:
        said = _("Nothing was saved or posted, for everybody can read a reply. Please take out: %(what)s.")
        if private:
            said = _("Nothing was saved or sent, for an account proves nobody's name. Please take out: %(what)s.")
        raise NotPossible(said % {"what": privacy.in_words(found)})


def refuse_gaps(text: str) -> None:
    """A template's field that nobody filled is no answer. Raises NotPossible."""
    gaps = reply_templates.unfilled(text)
    if gaps:
        raise NotPossible(_("Please fill in what the template left open: %(fields)s.") % {"fields": ", ".join(gaps)})


def parts_of(reply: Reply) -> list[tuple[str, str]]:
    """As `compose`, for the citizen's post as it stands now, and without personal data. Raises NotPossible."""
    refuse_gaps(reply.text)
    refuse_personal_data(reply.text, private=reply.private)
    try:
        return compose(reply, way_of(reply.complaint, reply.private))
    except TooLong as error:
        raise NotPossible(_("The reply is too long for this network.")) from error


def send(reply: Reply, parts: list[tuple[str, str]], *, by: User, now: datetime, at: datetime | None = None) -> None:
    """Approved by `by` and handed to the outbox, in the caller's transaction; it leaves not before `at`.

    Raises NotPossible: the day that it promises is over by then.
    """
    complaint = reply.complaint
    reply.state, reply.approved_by, reply.approved_at, reply.parts = State.APPROVED, by, now, len(parts)
    reply.post_at = at
    reply.save()
    try:
        promises.going_out(reply, now=now, at=at)
    except promises.NotPossible as error:
        raise NotPossible(str(error)) from error
    searchdocs.refresh([complaint.pk], now=now)
    outbox.enqueue(
        account=complaint.account,
        key=reply.outbox_key,
        parts=[text for text, _tag in parts],
        tags=[tag for _text, tag in parts],
        target=way_of(complaint, reply.private),
        language=reply.language,
        now=now,
        terms=outbox.Terms(not_before=at, private=reply.private, media=reply_photos.media_of(reply)),
    )
    after_commit("complaints.tasks.deliver", complaint.account_id)


def recall(complaint: Complaint, *, by: User, version: int, now: datetime) -> None:
    """Take an approved reply back while no part of it is on its way. Raises NotPossible and the workflow's errors."""
    with transaction.atomic():
        withdraw(complaint, by=by, now=now)
        workflow.recall(complaint, by=by, version=version, now=now)


def close(complaint: Complaint, *, by: User, version: int, now: datetime, reason: str) -> None:
    """Close by hand; a reply that still waits is taken back first. Raises NotPossible and the workflow's errors."""
    with transaction.atomic():
        withdraw(complaint, by=by, now=now)
        workflow.close(complaint, by=by, version=version, now=now, reason=reason)


def withdraw(complaint: Complaint, *, by: User, now: datetime) -> None:
    """Cancel what of the reply was not sent; it becomes RECALLED. Raises NotPossible if it is on its way.

    Of a reply whose later part was refused, the earlier parts stand already: only the rest is taken back.
    """
    reply = complaint.replies.answers().filter(state__in=(State.APPROVED, State.UNSURE, State.FAILED)).last()
    if reply is None:
        return
    rows = OutboundPost.objects.filter(key__in=reply.outbox_keys).order_by("-part")
    try:
        for row in _to_cancel(reply, list(rows)):
            outbox.cancel(row, by=by.get_username(), now=now)
    except outbox.NotPossible as error:
        raise NotPossible(_("The reply is already on its way and cannot be taken back.")) from error
    Reply.objects.filter(pk=reply.pk).update(state=State.RECALLED, settled_at=now)
    reply_photos.bring_back(reply)
    searchdocs.refresh([complaint.pk], now=now)


def _to_cancel(reply: Reply, rows: list[OutboundPost]) -> list[OutboundPost]:
    """Of a reply that failed, what stands stays; a reply that stands whole after all cannot be taken back."""
    settled = {OutboundPost.State.CANCELLED}
    if reply.state == State.FAILED and any(row.state != OutboundPost.State.SENT for row in rows):
        settled.add(OutboundPost.State.SENT)
    return [row for row in rows if row.state not in settled]


def next_number(complaint: Complaint) -> int:
    """Of the next text of the city under this complaint, whatever it is."""
    return (complaint.replies.order_by("-number").values_list("number", flat=True).first() or 0) + 1
