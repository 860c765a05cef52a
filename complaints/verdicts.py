"""Satisfaction (만족도): what citizens say of an answer, out of their own words. Only writer of Verdict.

Nobody is asked: a survey is left to the agency (민원처리법 제26조); none goes under people's posts. What the
citizen himself writes in his thread within 14 days after an answer stood there is read by word lists
(complaints.satisfaction_words); his last word counts. For statistics only: nothing moves because of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from channels_sns.models import OutboundPost
from complaints import consent_words, not_yet, permissions, satisfaction_words, steps
from complaints.models import Complaint, ComplaintEvent, ComplaintPost, GoodNews, Reply, Verdict

#: So long after the answer what he writes is a word on it.
HEARD_FOR = timedelta(days=14)
#: The event of an officer's correction.
EVENT = "verdict"
_UNDECIDED: dict[str, Any] = {"decided": "", "decided_by": None, "decided_at": None}
_NOTHING: dict[str, Any] = {"said": "", "words": "", "mark": None, "post": None, "said_at": None, **_UNDECIDED}


class NotPossible(Exception):
    """The text says why, for the person who tried."""


# --- what citizens say ----------------------------------------------------------------------------------------------


def answered(reply: Reply, *, at: datetime, department_id: int | None) -> None:
    """The answer stands on the network since `at`: what the citizen writes from now on, and wrote since, is heard."""
    values = {"complaint_id": reply.complaint_id, "department_id": department_id, "answered_at": at}
    if Verdict.objects.get_or_create(reply=reply, defaults=values)[1]:
        before = Verdict.objects.filter(complaint=reply.complaint_id, answered_at__lte=at, said_at__gte=at)
        before.update(**_NOTHING, version=F("version") + 1)  # said of this answer, not of the one before it
        hear(list(ComplaintPost.objects.filter(complaint=reply.complaint_id).select_related("post", "complaint")))


def hear(links: Sequence[ComplaintPost]) -> None:
    """Read what these posts say of the answers before them; in two queries, and one for each word that counts."""
    read = [(link, found) for link in links if (found := _reading(link)) is not None]
    if not read:
        return
    ids = {link.complaint_id for link, _found in read}
    rows: defaultdict[int, list[Verdict]] = defaultdict(list)
    for row in Verdict.objects.filter(complaint__in=ids).order_by("answered_at", "id"):
        rows[row.complaint_id].append(row)
    asked = dict(GoodNews.objects.filter(complaint__in=ids).values_list("complaint_id", "asked_at"))
    for link, found in sorted(read, key=lambda one: (one[0].post.posted_at, one[0].post_id)):
        answer = _answer_before(link, rows[link.complaint_id])
        if answer is not None and not _consents(link, asked.get(link.complaint_id)):
            _write(answer, link, found)


def _reading(link: ComplaintPost) -> satisfaction_words.Reading | None:
    """Only of the citizen who began it."""
    post = link.post
    himself = post.author_id is not None and post.author_id == link.complaint.author_id
    return satisfaction_words.read(post.text) if himself and not link.opened else None


def _answer_before(link: ComplaintPost, rows: Sequence[Verdict]) -> Verdict | None:
    """The newest answer that stood when he wrote, as long as it is fresh."""
    at = link.post.posted_at
    before = [row for row in rows if row.answered_at <= at]
    return before[-1] if before and at < before[-1].answered_at + HEARD_FOR else None


def _consents(link: ComplaintPost, asked_at: datetime | None) -> bool:
    """Is it his yes or no to being told of (complaints.good_news)?"""
    text = link.post.text
    was_asked = asked_at is not None and asked_at <= link.post.posted_at
    return was_asked and consent_words.is_only_answer(text) and not not_yet.says_not_yet(text)


def _write(row: Verdict, link: ComplaintPost, found: satisfaction_words.Reading) -> None:
    """His last word counts, also after an officer's correction of an earlier one; the history keeps that."""
    at = link.post.posted_at
    if row.said_at is not None and row.said_at >= at:
        return
    values = {"said": found.verdict, "words": found.words, "mark": found.mark, "post": link.post, "said_at": at}
    row.said_at = at
    older = Verdict.objects.filter(Q(said_at=None) | Q(said_at__lt=at), pk=row.pk)
    older.update(**values, **_UNDECIDED, version=F("version") + 1)


# --- what officers make of it ---------------------------------------------------------------------------------------


def may_decide(user: User, complaint: Complaint) -> bool:
    """Only an SNS officer: a department does not correct what is said of it."""
    return permissions.officer(user, complaint)


def decide(row: Verdict, word: str, *, by: User, now: datetime, version: int) -> None:
    """An officer corrects the lists, strikes what they found, or ("") lets them stand. Who and when is kept.

    Raises NotPossible, steps.MoveNotAllowed, steps.Conflict."""
    if not may_decide(by, row.complaint):
        raise steps.MoveNotAllowed(EVENT)
    if word not in ("", *Verdict.Decided.values):
        raise NotPossible(_("Please choose what the citizen said."))
    if word and not was_heard(row, written_by_him(row.complaint)):
        raise NotPossible(_("The citizen has not written since the answer, so there is nothing to correct."))
    values = {"decided": word, "decided_by": by if word else None, "decided_at": now if word else None}
    with transaction.atomic():
        if not Verdict.objects.filter(pk=row.pk, version=version).update(**values, version=F("version") + 1):
            raise steps.Conflict(row.complaint.number)
        said = str(Verdict.Decided(word).label) if word else _("as its words say")
        steps.record(row.complaint, EVENT, by=by, now=now, note=said, department_id=row.complaint.department_id)


def written_by_him(complaint: Complaint) -> list[datetime]:
    """When the citizen wrote again in his thread, whatever it says."""
    if complaint.author_id is None:
        return []
    theirs = ComplaintPost.objects.filter(complaint=complaint, post__author=complaint.author_id, opened=False)
    return list(theirs.values_list("post__posted_at", flat=True))


def was_heard(row: Verdict, written: Sequence[datetime]) -> bool:
    """Did he write after this answer, while it was fresh?"""
    return any(row.answered_at <= at < row.answered_at + HEARD_FOR for at in written)


# --- what was there before ------------------------------------------------------------------------------------------


def missing() -> QuerySet[Reply]:
    """Answers that stand and that nothing was heard of yet."""
    return Reply.objects.answers().filter(state=Reply.State.SENT, verdict=None)


def backfill(*, batch: int = 200) -> Iterator[int]:
    """Hear what was written after the answers from before there were verdicts; yields how many, batch by batch."""
    while found := list(missing().select_related("complaint").order_by("pk")[:batch]):
        with transaction.atomic():
            for reply in found:
                answered(reply, at=_stood_at(reply), department_id=_holder(reply))
        yield len(found)


def _stood_at(reply: Reply) -> datetime:
    """When its last part stood; where the outbox's rows are gone, when it was settled."""
    sent = OutboundPost.objects.filter(key__in=reply.outbox_keys).values_list("sent_at", flat=True)
    return max([at for at in sent if at], default=reply.settled_at or reply.drafted_at)


def _holder(reply: Reply) -> int | None:
    """Who held the complaint when this answer completed it, as the event says."""
    done = ComplaintEvent.objects.filter(complaint=reply.complaint_id, move="complete", at__gte=_stood_at(reply))
    return done.order_by("id").values_list("department_id", flat=True).first() or reply.complaint.department_id
