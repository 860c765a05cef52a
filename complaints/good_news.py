"""미담: a solved complaint told to everybody, with its citizen's consent and without his name.

He is asked once, in his thread. His yes is only a suggestion until an officer confirms it; a no, or no word within two
weeks, ends it. Who agreed may change his mind: what was posted is taken down (channels_sns.amendments). The basis is
his consent (개인정보 보호법 제15조①1, 제37조). Only writer of GoodNews.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from channels_sns import amendments, brand, broadcasts, releases
from channels_sns.models import Broadcast, InboundPost
from channels_sns.models.broadcast import Kind
from complaints import consent_words, notices, permissions, privacy, replies, workflow
from complaints.models import Complaint, GoodNews, Reply, Status

State = GoodNews.State
#: No word within this time is a no.
WAITS = timedelta(days=14)
QUOTE_MAX = 200


@dataclass(frozen=True, slots=True)
class Heard:
    """What the citizen wrote last since he was asked. `answer`: YES, NO, or "" for neither, by its words."""

    post: InboundPost
    answer: str


def may_offer(user: User, complaint: Complaint) -> bool:
    """An officer, of what is solved by an answer of which its citizen is known; nobody is asked twice."""
    solved = complaint.status == Status.COMPLETED and complaint.answered_at is not None
    known = complaint.author_id is not None and complaint.duplicate_of_id is None
    return solved and known and permissions.officer(user, complaint) and of(complaint) is None


def of(complaint: Complaint) -> GoodNews | None:
    """What was asked about this complaint, if anything."""
    rows = GoodNews.objects.select_related("question", "broadcast", "answer", "asked_by", "decided_by")
    return rows.filter(complaint=complaint).first()


def question_for(complaint: Complaint) -> str:
    """What the citizen is asked, in his language; everybody can read it."""
    with translation.override(complaint.answer_language):
        return _(
            "We are glad that this is solved. May we tell it to everybody as good news, without your name? Please "
            "answer “yes” or “no” here. You can take it back at any time. No answer means no."
        )


def ask(complaint: Complaint, *, by: User, version: int, now: datetime, text: str) -> GoodNews:
    """Ask for consent under his own post. Raises replies.NotPossible and the workflow's errors."""
    if not may_offer(by, complaint):
        raise workflow.MoveNotAllowed("good news")
    try:
        with transaction.atomic():
            question = notices.say(
                complaint, Reply.Kind.NOTICE, text, by=by, now=now, event="consent_asked", version=version
            )
            return GoodNews.objects.create(complaint=complaint, question=question, asked_at=now, asked_by=by)
    except IntegrityError as error:
        raise workflow.Conflict(complaint.number) from error


def heard(asked: GoodNews) -> Heard | None:
    """The citizen's newest own post since he was asked; what he deleted is not said any more."""
    own = InboundPost.objects.filter(complaint_link__complaint=asked.complaint, author=asked.complaint.author)
    since = own.filter(arrived_at__gt=asked.asked_at, gone_at=None).order_by("-posted_at", "-id").first()
    return Heard(since, consent_words.answer_in(since.text)) if since else None


def agree(asked: GoodNews, *, post_id: int, by: User, now: datetime) -> Broadcast:
    """An officer confirms that this post says yes: the draft lies ready.

    Raises replies.NotPossible and the workflow's errors.
    """
    with transaction.atomic():
        row = _taken(asked, State.ASKED, by)
        word = heard(row)
        if word is None or word.post.pk != post_id:
            raise replies.NotPossible(_("The citizen wrote again meanwhile. Please read his newest words."))
        if row.question.state != Reply.State.SENT:
            raise replies.NotPossible(_("The question was not posted, so nobody answered it."))
        if row.complaint.status != Status.COMPLETED:
            raise replies.NotPossible(_("The complaint is open again: it is not good news yet."))
        made = _draft(row.complaint, by=by, now=now)
        _decide(row, State.AGREED, by=by, now=now, answer=word.post, broadcast=made)
        workflow.touch(row.complaint, "consent_given", by=by, now=now, note=word.post.text)
    return made


def decline(asked: GoodNews, *, by: User, now: datetime) -> None:
    """He said no, or nothing that means yes. Raises the workflow's errors."""
    with transaction.atomic():
        row = _taken(asked, State.ASKED, by)
        _decide(row, State.DECLINED, by=by, now=now)
        workflow.touch(row.complaint, "consent_refused", by=by, now=now)


def withdraw(asked: GoodNews, *, by: User, now: datetime) -> None:
    """He changed his mind: nothing of it goes out, what stands is taken down. Raises the workflow's errors."""
    with transaction.atomic():
        row = _taken(asked, State.AGREED, by)
        if row.broadcast_id is not None:
            _unsay(row.broadcast_id, by=by, now=now)
        _decide(row, State.WITHDRAWN, by=by, now=now)
        workflow.touch(row.complaint, "consent_withdrawn", by=by, now=now)


def lapse(*, now: datetime) -> int:
    """No word in time is a no; how many. Whoever wrote anything is left to an officer."""
    return sum(_lapse_one(row, now) for row in GoodNews.objects.filter(state=State.ASKED, asked_at__lt=now - WAITS))


def _lapse_one(row: GoodNews, now: datetime) -> bool:
    if heard(row) is not None:
        return False
    with transaction.atomic():
        mine = GoodNews.objects.select_for_update(skip_locked=True).filter(pk=row.pk, state=State.ASKED)
        found = mine.select_related("complaint").first()
        if found is None:
            return False
        _decide(found, State.DECLINED, by=None, now=now)
        workflow.touch(found.complaint, "consent_lapsed", by=None, now=now)
    return True


def _taken(asked: GoodNews, state: str, by: User) -> GoodNews:
    """The row as it is now, locked. Raises MoveNotAllowed, Conflict if somebody was faster."""
    if not permissions.officer(by, asked.complaint):
        raise workflow.MoveNotAllowed("good news")
    row = (
        GoodNews.objects.select_for_update(of=("self",))
        .select_related("complaint__author", "question")
        .get(pk=asked.pk)
    )
    if row.state != state:
        raise workflow.Conflict(row.complaint.number)
    return row


def _decide(row: GoodNews, state: str, *, by: User | None, now: datetime, **more: Any) -> None:
    GoodNews.objects.filter(pk=row.pk).update(state=state, decided_by=by, decided_at=now, **more)


def _unsay(broadcast_id: int, *, by: User, now: datetime) -> None:
    """Locked, so that the clock cannot release it between the look and the cancelling."""
    said = Broadcast.objects.select_for_update().get(pk=broadcast_id)
    if said.state in (Broadcast.State.DRAFT, Broadcast.State.APPROVED):
        reason = _("The citizen withdrew the consent.")
        broadcasts.cancel(said, by=by, version=said.version, now=now, reason=reason)
    elif said.state == Broadcast.State.RELEASED:
        amendments.take_down(releases.posts_of([said]), by=by, now=now)
        releases.note(said, "take down", by=by, now=now, words=_("The citizen withdrew the consent."))


# --- the draft ------------------------------------------------------------------------------------------------------


def _draft(complaint: Complaint, *, by: User, now: datetime) -> Broadcast:
    """Quoted is what stood in public: what was said in private an officer tells in words of his own."""
    answer = complaint.replies.answers().public().filter(state=Reply.State.SENT).order_by("-number").first()
    who = complaint.department.name if complaint.department else _("the city's SNS desk")
    with translation.override("ko"):
        text = _("%(who)s solved what a citizen had told the city. Thank you!") % {"who": who}
        if answer is not None and not complaint.thread.filter(opened=True, post__kind="message").exists():
            said = {"what": nameless(complaint.text, complaint), "answer": nameless(answer.text, complaint), "who": who}
            text = _("A citizen told us: “%(what)s” %(who)s answered: “%(answer)s” Thank you!") % said
    return broadcasts.draft(
        kind=Kind.GOOD_NEWS,
        title=_("Good news: %(number)s") % {"number": complaint.number},
        text=text,
        by=by,
        now=now,
        accounts=brand.speaking(),
    )


def nameless(text: str, complaint: Complaint) -> str:
    """Without names that are called, links, tags, the author's own name and numbers; its beginning where it is long."""
    plain = re.sub(r"[@#]\S+|https?://\S+", " ", text)
    author = complaint.author
    for name in {author.name, author.handle} if author else ():
        plain = plain.replace(name, "○○○") if len(name) > 1 else plain
    words = privacy.mask_text(" ".join(plain.split()))
    return words if len(words) <= QUOTE_MAX else words[:QUOTE_MAX].rsplit(" ", 1)[0] + " …"
