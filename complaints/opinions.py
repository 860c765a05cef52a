"""What citizens write under a talk (1PM 토크) is collected as opinions: suggested by words, confirmed by an officer.

Only writer of Opinion. The posts lie on the inbox's shelf (channels_sns.gathering); one of them can become a complaint
after all. The answer to all of them is a broadcast posted under the talk.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from channels_sns import broadcasts
from channels_sns.models import Broadcast, InboundPost
from channels_sns.models.broadcast import Kind
from complaints import intake, privacy
from complaints.models import Complaint, Opinion, OpinionBrief

Stance = Opinion.Stance

BATCH = 500
QUOTES = 5
#: Looked at in this order: who asks or proposes says so in the sentence, whether he is for it or not.
_WORDS: tuple[tuple[Opinion.Stance, tuple[str, ...]], ...] = (
    (Stance.AGAINST, (
        "반대", "안 됩니다", "안됩니다", "하지 마", "하지마", "말아 주", "싫", "불필요", "낭비", "against", "don't",
    )),
    (Stance.PROPOSAL, (
        "제안", "건의", "어떨까", "어떤가요", "했으면", "하면 좋겠", "좋겠습니다", "좋겠어요", "바랍니다", "대신",
        "suggest", "should",
    )),
    (Stance.QUESTION, (
        "궁금", "언제", "어디", "얼마", "왜", "무엇", "어떻게", "인가요", "나요", "까요", "?", "？", "when", "where",
    )),
    (Stance.FOR, (
        "찬성", "동의", "좋아요", "좋습니다", "좋은 생각", "환영", "지지", "응원", "기대", "agree", "great", "good",
    )),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Summary:
    """What the policy department is told: counts and quotes, without anybody's name or number."""

    total: int
    undecided: int
    counts: list[tuple[str, str, int]]
    quotes: list[tuple[str, str, list[str]]]


def suggest(text: str) -> tuple[Opinion.Stance, list[str]]:
    """The stance that its words speak for, and those words."""
    folded = re.sub(r"@\S+|https?://\S+", " ", text.casefold())
    for stance, words in _WORDS:
        found = [word for word in words if word in folded]
        if found:
            return stance, found[:3]
    return Stance.OTHER, []


def collect(*, now: datetime, limit: int = BATCH) -> int:
    """Opinions for what lies on the shelf under talks and is none yet; how many. Twice is once."""
    posts = InboundPost.objects.filter(state=InboundPost.State.COLLECTED, under__kind=Kind.TALK, opinion=None)
    found = [(post, *suggest(post.text)) for post in posts.select_related("under").order_by("id")[:limit]]
    rows = [Opinion(post=post, broadcast=post.under, suggested=stance, words=words) for post, stance, words in found]
    Opinion.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def of(broadcast: Broadcast) -> QuerySet[Opinion]:
    """The opinions under a talk; what became a complaint is none any more, nor is what its citizen deleted."""
    kept = Opinion.objects.filter(
        broadcast=broadcast, post__state=InboundPost.State.COLLECTED, post__gone_at__isnull=True
    )
    return kept.select_related("post__author", "post__account")


def confirm(opinions: Iterable[Opinion], stance: str, *, by: User, now: datetime) -> int:
    """An officer says what they are; "" takes the suggestions of those that nobody looked at. How many."""
    ids = [opinion.pk for opinion in opinions]
    if stance:
        return Opinion.objects.filter(pk__in=ids).update(stance=Stance(stance), decided_by=by, decided_at=now)
    open_ones = Opinion.objects.filter(pk__in=ids, stance="")
    return sum(
        open_ones.filter(suggested=one).update(stance=one, decided_by=by, decided_at=now) for one in Stance.values
    )


def to_complaint(opinion: Opinion, *, now: datetime) -> Complaint:
    """It is a complaint after all: registered, numbered, on its clock; the same one if somebody was faster."""
    return intake.open_collected(opinion.post, now=now)


def summary(broadcast: Broadcast) -> Summary:
    """By what was confirmed, else suggested; the longest opinions as quotes, masked."""
    return summed(list(of(broadcast)))


def summed(rows: Sequence[Opinion]) -> Summary:
    """The summary of these."""
    stances = {row.pk: stance_of(row) for row in rows}
    counted = Counter(stances.values())
    quotes = []
    for stance in Stance:
        texts = [without_names(row.post.text) for row in rows if stances[row.pk] == stance]
        quotes.append((stance.value, str(stance.label), sorted(texts, key=len, reverse=True)[:QUOTES]))
    return Summary(
        total=len(rows),
        undecided=sum(not row.stance for row in rows),
        counts=[(stance.value, str(stance.label), counted[stance]) for stance in Stance],
        quotes=[(value, label, texts) for value, label, texts in quotes if texts],
    )


def frozen(told: Summary) -> dict[str, Any]:
    """A summary to be kept, in no language."""
    counts = {value: number for value, _label, number in told.counts}
    quotes = {value: texts for value, _label, texts in told.quotes}
    return {"total": told.total, "undecided": told.undecided, "counts": counts, "quotes": quotes}


def thawed(kept: Mapping[str, Any]) -> Summary:
    """What `frozen` kept, in the reader's language."""
    counts, quotes = kept["counts"], kept["quotes"]
    return Summary(
        total=kept["total"],
        undecided=kept["undecided"],
        counts=[(one.value, str(one.label), counts.get(one.value, 0)) for one in Stance],
        quotes=[(one.value, str(one.label), quotes[one.value]) for one in Stance if one.value in quotes],
    )


def stance_of(opinion: Opinion) -> Opinion.Stance:
    """What was confirmed, else suggested."""
    return Stance(opinion.stance or opinion.suggested)


def without_names(text: str) -> str:
    """Without the names that are called in it, numbers masked."""
    return privacy.mask_text(" ".join(re.sub(r"@\S+", " ", text).split()))


def draft_result(broadcast: Broadcast, *, by: User, now: datetime) -> Broadcast:
    """The draft of "반영 결과", to be posted under the talk on every account where it stands; the one that is there.

    Two at once: the second finds the first one's. In the city's own language, whichever the officer reads.
    """
    with transaction.atomic(), translation.override(settings.LANGUAGE_CODE):
        Broadcast.objects.select_for_update().get(pk=broadcast.pk)
        return result_of(broadcast) or broadcasts.draft(
            kind=Kind.TALK,
            title=(_("Result: %(title)s") % {"title": broadcast.title})[:100],
            text=_result_words(broadcast),
            by=by,
            now=now,
            accounts=[variant.account for variant in broadcast.variants.select_related("account")],
            follows=broadcast,
            under=True,
            collects=False,
        )


def _result_words(broadcast: Broadcast) -> str:
    told, taken_up = summary(broadcast), "\n".join(plan_words(one) for one in plans(broadcast))
    first, last = _counted(told), _("Thank you for taking part.") if told.total else _("Please join our next talk.")
    return f"{first}\n\n{taken_up}\n\n{last}" if taken_up else f"{first} {last}"


def _counted(told: Summary) -> str:
    if not told.total:
        return _("Result: no opinion has come in.")
    said = {
        "n": told.total,
        "counts": ", ".join(f"{label} {number}" for _value, label, number in told.counts if number),
    }
    return ngettext("Result: %(n)s opinion (%(counts)s).", "Result: %(n)s opinions (%(counts)s).", told.total) % said


def result_of(broadcast: Broadcast) -> Broadcast | None:
    """The result of this talk, in whatever state, unless it was given up."""
    return broadcast.followed_by.filter(kind=Kind.TALK).exclude(state=Broadcast.State.CANCELLED).first()


def is_told(broadcast: Broadcast) -> bool:
    """Do citizens read the result already?"""
    result = result_of(broadcast)
    return result is not None and result.state == Broadcast.State.RELEASED


def plans(broadcast: Broadcast) -> list[OpinionBrief]:
    """The newest answer of each department that was told of the opinions (반영 계획), in the order they came; none to a
    summary that was taken back."""
    answered = (
        broadcast.briefs.filter(withdrawn_at=None)
        .exclude(answered_at=None)
        .select_related("department")
        .order_by("answered_at", "id")
    )
    return list({brief.department_id: brief for brief in answered}.values())


def plan_words(brief: OpinionBrief) -> str:
    """As it stands in the result."""
    return f"{brief.department.name}: {brief.answer}"


def stands_in_result(brief: OpinionBrief) -> bool:
    """Is its answer in the result, drafted or posted?"""
    result = result_of(brief.broadcast)
    return bool(brief.answer) and result is not None and plan_words(brief) in result.text
