"""An inbound post becomes, or joins, a complaint: the only reader of the inbox's shelf.

One worker at a time, one transaction a batch: an answer is never looked at while the post it answers is still in
another worker's hands. A post that cannot be registered is set aside as a dead letter and costs only itself. Nothing
is refused by a score (민원 처리에 관한 법률 제9조).
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import InterfaceError, OperationalError, transaction
from django.utils.translation import gettext as _

from channels_sns import gathering, inbox
from channels_sns.locks import try_lock
from channels_sns.models import InboundMedia, InboundPost
from complaints import (
    clocks,
    consent_words,
    conversations,
    courtesy,
    deadlines,
    languages,
    not_yet,
    promises,
    suggesting,
    urgency,
    verdicts,
    workflow,
)
from complaints.models import Complaint, ComplaintPost, GoodNews, HoldCode, Promise, Status, Suggestion
from complaints.models.complaint import CLOSED
from departments import gazetteer, working_time

logger = logging.getLogger(__name__)

BATCH = 500
#: A network's clock may be slow, and some tell the time in whole seconds.
CLOCKS_DIFFER = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Registered:
    """What became of the waiting posts."""

    opened: int = 0
    joined: int = 0
    reopened: int = 0
    ignored: int = 0
    dead: int = 0
    collected: int = 0

    def plus(self, other: Registered) -> Registered:
        return Registered(
            self.opened + other.opened,
            self.joined + other.joined,
            self.reopened + other.reopened,
            self.ignored + other.ignored,
            self.dead + other.dead,
            self.collected + other.collected,
        )

    @property
    def total(self) -> int:
        return self.opened + self.joined + self.ignored + self.dead + self.collected


@dataclass(slots=True)
class _Reading:
    """What is read once for a whole batch."""

    advisers: suggesting.Advisers
    places: gazetteer.Gazetteer
    calendar: working_time.Calendar
    critical: tuple[str, ...]
    suggestions: list[Suggestion] = field(default_factory=list)

    @classmethod
    def begin(cls, now: datetime) -> _Reading:
        return cls(
            suggesting.advisers(now=now),
            gazetteer.current(),
            working_time.calendar_for(),
            urgency.critical_words(),
        )


def register_waiting(*, now: datetime, limit: int = 20 * BATCH) -> Registered:
    """Register what waits on the shelf, oldest first, at most about `limit` posts; nothing if another worker does."""
    done = Registered()
    with try_lock("intake", "shelf") as held:
        while held is not None and done.total < limit:
            batch = _register_batch(now)
            if not batch.total:
                break
            done = done.plus(batch)
    return done


def _register_batch(now: datetime) -> Registered:
    if not InboundPost.objects.filter(state=InboundPost.State.WAITING).exists():
        return Registered()
    try:
        with transaction.atomic():
            return _register(_waiting(BATCH), now)
    except (OperationalError, InterfaceError):
        raise  # the database is away or busy: no post is to blame
    except Exception:
        logger.exception("a batch could not be registered; trying its posts one by one")
    return _register_singly(now)


def _register_singly(now: datetime) -> Registered:
    """Every post of the batch in a transaction of its own; the culprit is set aside."""
    done = Registered()
    waiting = InboundPost.objects.filter(state=InboundPost.State.WAITING).order_by("id")
    for _posted_at, pk in sorted(waiting.values_list("posted_at", "pk")[:BATCH]):
        try:
            with transaction.atomic():
                done = done.plus(_register(_waiting(1, pk=pk), now))
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:
            logger.exception("post %s could not be registered", pk)
            post = InboundPost.objects.select_related("account").get(pk=pk)
            inbox.bury(post, error=f"{type(error).__name__}: {error}"[:300], now=now)
            done = done.plus(Registered(dead=1))
    return done


def _waiting(limit: int, **only: int) -> list[InboundPost]:
    """Waiting posts, locked; another worker's are passed over. Parents come before their answers."""
    rows = InboundPost.objects.filter(state=InboundPost.State.WAITING, **only).order_by("id")
    locked = rows.select_related("account", "author").select_for_update(skip_locked=True, of=("self",))
    return sorted(locked[:limit], key=lambda post: (post.posted_at, post.pk))


def _register(posts: list[InboundPost], now: datetime) -> Registered:
    wanted = [post for post in posts if not _is_older_than_the_connection(post)]
    for post in posts:
        if _is_older_than_the_connection(post):
            inbox.mark(post, InboundPost.State.IGNORED, reason="older than the connection")
    threads = conversations.of(wanted, now=now)
    collected = gathering.under(post for post in wanted if threads.complaint_of(post) is None)
    inbox.collect_under(collected)
    done = _distribute([post for post in wanted if post.pk not in collected], threads, now)
    return done.plus(Registered(collected=len(collected), ignored=len(posts) - len(wanted)))


def open_collected(post: InboundPost, *, now: datetime) -> Complaint:
    """Make a complaint of a post that was collected under a broadcast; the same one if that was done already."""
    with transaction.atomic():
        mine = InboundPost.objects.filter(pk=post.pk, state=InboundPost.State.COLLECTED)
        if found := list(mine.select_related("account", "author").select_for_update(of=("self",))):
            _distribute(found, conversations.of(found, now=now), now)
    return ComplaintPost.objects.select_related("complaint").get(post=post).complaint


def _distribute(wanted: list[InboundPost], threads: conversations.Threads, now: datetime) -> Registered:
    """Each post opens a complaint or joins one."""
    fresh, follow_ups = conversations.divide(wanted, threads)
    with_photo = set(InboundMedia.objects.filter(post__in=wanted).values_list("post_id", flat=True))
    for complaint, post in _open(fresh, threads, with_photo, now):
        threads.learn(post, complaint)
    reopened = _join(follow_ups, threads, with_photo, now)
    inbox.mark_many([post.pk for post in wanted], InboundPost.State.REGISTERED)
    return Registered(len(fresh), len(follow_ups), reopened)


def _is_older_than_the_connection(post: InboundPost) -> bool:
    """What was written before the city connected the account is history: kept, not opened, not answered."""
    return post.posted_at < post.account.connected_at - CLOCKS_DIFFER and not post.posted_at_doubtful


# --- a new complaint ------------------------------------------------------------------------------------------------


def _open(
    posts: list[InboundPost], threads: conversations.Threads, with_photo: set[int], now: datetime
) -> list[tuple[Complaint, InboundPost]]:
    """A complaint for each post, with its suggestions."""
    if not posts:
        return []
    reading = _Reading.begin(now)
    new = [_complaint(post, reading, post.pk in with_photo, threads.earlier_of(post)) for post in posts]
    complaints = workflow.register(new, now=now)
    pairs = list(zip(complaints, posts, strict=True))
    ComplaintPost.objects.bulk_create(
        [ComplaintPost(complaint=complaint, post=post, joined_at=now, opened=True) for complaint, post in pairs]
    )
    Suggestion.objects.bulk_create([row for complaint, post in pairs for row in _suggestions(complaint, post, reading)])
    return pairs


def _complaint(post: InboundPost, reading: _Reading, has_photo: bool, earlier: Complaint | None) -> Complaint:
    """Received when the mailroom got it, however late the desk looks."""
    words = urgency.urgent_words(post.text, critical=reading.critical)
    return Complaint(
        account=post.account,
        author=post.author,
        text=post.text,
        language=languages.language_of(post.text, otherwise=post.account.language),
        has_photo=has_photo,
        earlier=earlier,
        priority=Complaint.Priority.URGENT if words else Complaint.Priority.NORMAL,
        urgent_words=words,
        district_id=_district(post.text, reading),
        received_at=post.arrived_at,
        due_at=deadlines.first_answer_due(post.arrived_at, calendar=reading.calendar),
        emergency_due_at=deadlines.emergency_due(post.arrived_at) if words else None,
    )


def _district(text: str, reading: _Reading) -> int | None:
    """The district the text surely speaks of; none where the name is shared or unsure."""
    hits = [hit for hit in reading.places.find(text) if hit.sure and len(hit.candidates) == 1]
    candidates = gazetteer.district_candidates(hits)
    return candidates[0].id if candidates else None


def _suggestions(complaint: Complaint, post: InboundPost, reading: _Reading) -> list[Suggestion]:
    return [
        Suggestion(complaint=complaint, department_id=p.department_id, rank=rank, score=p.score, words=list(p.words))
        for rank, p in enumerate(reading.advisers.propose(post.text), start=1)
    ]


# --- a follow-up ----------------------------------------------------------------------------------------------------


def _join(posts: list[InboundPost], threads: conversations.Threads, with_photo: set[int], now: datetime) -> int:
    """Each post joins its complaint; how many complaints were reopened by that."""
    links = [ComplaintPost(complaint=_followed(post, threads), post=post, joined_at=now) for post in posts]
    ComplaintPost.objects.bulk_create(links)
    pictured = {link.complaint_id for link in links if link.post_id in with_photo}
    rows = workflow.joined([link.complaint for link in links], with_photo=pictured, now=now)
    verdicts.hear(links)
    back = {link.complaint_id for link in links if _reopens(link.post, rows[link.complaint_id])}
    unkept = _count_not_yet(links, rows, now)
    for pk in back:
        reason = _("The citizen says that it is not done.") if pk in unkept else _("The citizen wrote again.")
        workflow.reopen(rows[pk], by=None, version=None, now=now, reason=reason)
    for pk in {link.complaint_id for link in links if _answers(link.post, rows[link.complaint_id])}:
        clocks.resume(rows[pk], by=None, version=None, now=now, note=_("The citizen answered."))
    return len(back)


def _followed(post: InboundPost, threads: conversations.Threads) -> Complaint:
    complaint = threads.complaint_of(post)
    assert complaint is not None  # noqa: S101 - `divide` says so
    threads.learn(post, complaint)
    return complaint


def _reopens(post: InboundPost, complaint: Complaint) -> bool:
    """Does the citizen himself come back, with more than thanks?"""
    return complaint.status in CLOSED and _says_more(post, complaint) and not _only_consents(post, complaint)


def _only_consents(post: InboundPost, complaint: Complaint) -> bool:
    """Is it the mere yes or no of somebody who was asked whether his complaint may be told (complaints.good_news)?"""
    said = consent_words.is_only_answer(post.text) and not not_yet.says_not_yet(post.text)
    return said and GoodNews.objects.filter(complaint=complaint).exists()


def _count_not_yet(links: list[ComplaintPost], rows: dict[int, Complaint], now: datetime) -> set[int]:
    """Count “아직이에요” of the citizen himself where something was promised or called done; which complaints."""
    said = [link.complaint_id for link in links if _says_not_yet(link.post, rows[link.complaint_id])]
    owed = Promise.objects.owed().filter(complaint__in=said) if said else Promise.objects.none()
    due = set(owed.values_list("complaint_id", flat=True)) | {pk for pk in said if rows[pk].status == Status.COMPLETED}
    for pk in said:
        if pk in due:
            promises.asked(rows[pk], now=now)
    return due


def _says_not_yet(post: InboundPost, complaint: Complaint) -> bool:
    return _says_more(post, complaint) and not_yet.says_not_yet(post.text)


def _answers(post: InboundPost, complaint: Complaint) -> bool:
    """Is this the citizen's word for which the complaint waits? Then the department goes on."""
    if complaint.status != Status.ON_HOLD or not _says_more(post, complaint):
        return False
    return complaint.holds.filter(ended_at=None, code__in=(HoldCode.CITIZEN, HoldCode.SUPPLEMENT)).exists()


def _says_more(post: InboundPost, complaint: Complaint) -> bool:
    """Is it from the citizen who began it, and more than thanks?"""
    himself = post.author_id is not None and post.author_id == complaint.author_id
    return himself and not courtesy.is_only_thanks(post.text)
