"""One text as the answer to many complaints: the very posts that each citizen will find, before anything is posted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Max
from django.utils.translation import gettext as _

from channels_sns import budget_words
from channels_sns.accounts import adapter_class
from channels_sns.adapters.contract import OutgoingPost, ReplyTarget
from channels_sns.adapters.metering import Price
from channels_sns.adapters.text import TooLong, nfc
from complaints import languages, replies, reply_targets
from complaints.models import Complaint, Reply


@dataclass(frozen=True, slots=True)
class Preview:
    """`posts`: with mention and receipt number, none where the text does not fit. `foreign`: the citizen's language."""

    posts: tuple[str, ...]
    count: str
    cost: str
    foreign: str


def previews(complaints: Sequence[Complaint], text: str) -> dict[int, Preview]:
    """By complaint; in two queries for any number."""
    ids = [complaint.pk for complaint in complaints]
    used = dict(Reply.objects.filter(complaint__in=ids).values_list("complaint").annotate(Max("number")))
    targets = reply_targets.targets_of(complaints)
    return {one.pk: _preview(one, used.get(one.pk, 0) + 1, targets[one.pk], text) for one in complaints}


def _preview(complaint: Complaint, number: int, target: ReplyTarget, text: str) -> Preview:
    cls = adapter_class(complaint.account.kind)
    reply = Reply(complaint=complaint, number=number, text=nfc(text.strip()), language=complaint.answer_language)
    foreign = "" if complaint.language == "ko" else languages.name_of(complaint.language)
    try:
        posts = tuple(post for post, _tag in replies.compose(reply, target))
    except TooLong:
        return Preview((), _("Too long for this network"), "", foreign)
    said = {"length": max(cls.measure(post) for post in posts), "most": cls.capabilities.max_length}
    count = _("%(length)s / %(most)s") % said
    if len(posts) > 1:
        count = _("%(length)s / %(most)s · goes out in %(parts)s posts") % {**said, "parts": len(posts)}
    return Preview(posts, count, _cost(complaint, posts, target), foreign)


def _cost(complaint: Complaint, posts: Sequence[str], target: ReplyTarget) -> str:
    """All posts together; "" where nobody counts."""
    account = complaint.account
    adapter = adapter_class(account.kind)(
        base_url=account.base_url, secrets={}, external_id=account.external_id, handle=account.handle
    )
    prices: list[Price] = [
        price for post in posts if (price := adapter.price(OutgoingPost(key="", text=post, target=target))) is not None
    ]
    amount = sum((price.amount for price in prices), Decimal(0))
    return budget_words.amount(amount, prices[0].unit) if amount else ""
