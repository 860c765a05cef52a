"""One text, written once, as it goes out to each citizen: his language, his network's length, mention and price.

Nothing is kept: the same text and the same complaint give the same words, in the preview and when it is posted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Max

from channels_sns.accounts import adapter_class
from channels_sns.adapters.contract import Adapter, OutgoingPost, ReplyTarget
from channels_sns.adapters.metering import Price
from channels_sns.adapters.text import TooLong, nfc
from channels_sns.models import Account
from complaints import replies, reply_targets
from complaints.linkless import without_links
from complaints.models import Complaint, IncidentReply, Reply


@dataclass(frozen=True, slots=True)
class Wording:
    """The text for one account and language. `linkless`: its links were left out, for there they cost."""

    text: str
    language: str
    linkless: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """The posts that one citizen will find under his. None of them: the text does not fit his network."""

    parts: tuple[str, ...]
    longest: int
    limit: int
    wording: Wording
    price: Price | None


@dataclass(slots=True)
class Wordings:
    """The wordings of one reply; each account and language is looked at once."""

    reply: IncidentReply
    _known: dict[tuple[int, str], Wording] = field(default_factory=dict)
    _adapters: dict[int, Adapter] = field(default_factory=dict)

    def of(self, complaint: Complaint) -> Wording:
        """English for whoever wrote in another language than Korean, where it was written; else Korean."""
        language = "en" if complaint.language != "ko" and self.reply.text_en else "ko"
        key = (complaint.account_id, language)
        if key not in self._known:
            self._known[key] = self._worded(complaint.account, language)
        return self._known[key]

    def _worded(self, account: Account, language: str) -> Wording:
        text = nfc((self.reply.text_en if language == "en" else self.reply.text).strip())
        price = self._adapter(account).price(OutgoingPost(key="", text=text)) if text else None
        if price is None or price.why != "url":
            return Wording(text, language, linkless=False)
        return Wording(without_links(text, language), language, linkless=True)

    def _adapter(self, account: Account) -> Adapter:
        """Without its keys: it only counts."""
        if account.pk not in self._adapters:
            cls = adapter_class(account.kind)
            self._adapters[account.pk] = cls(
                base_url=account.base_url, secrets={}, external_id=account.external_id, handle=account.handle
            )
        return self._adapters[account.pk]

    def previews(self, complaints: Sequence[Complaint]) -> dict[int, Preview]:
        """What each of these citizens will find, by complaint; in a fixed number of queries."""
        ids = [complaint.pk for complaint in complaints]
        used = dict(Reply.objects.filter(complaint__in=ids).values_list("complaint").annotate(Max("number")))
        targets = reply_targets.targets_of(complaints)
        return {one.pk: self._preview(one, used.get(one.pk, 0) + 1, targets[one.pk]) for one in complaints}

    def _preview(self, complaint: Complaint, number: int, target: ReplyTarget) -> Preview:
        wording, adapter = self.of(complaint), self._adapter(complaint.account)
        reply = Reply(complaint=complaint, number=number, text=wording.text, language=wording.language)
        limit = adapter.capabilities.max_length
        try:
            parts = tuple(text for text, _tag in replies.compose(reply, target))
        except TooLong:
            return Preview((), adapter.measure(wording.text), limit, wording, None)
        longest = max(adapter.measure(part) for part in parts)
        return Preview(parts, longest, limit, wording, _sum([self._price(adapter, part, target) for part in parts]))

    @staticmethod
    def _price(adapter: Adapter, text: str, target: ReplyTarget) -> Price | None:
        return adapter.price(OutgoingPost(key="", text=text, target=target))


def _sum(prices: Sequence[Price | None]) -> Price | None:
    """All parts together; None where nobody counts."""
    counted = [price for price in prices if price is not None]
    if not counted:
        return None
    return Price(sum((price.amount for price in counted), Decimal(0)), counted[0].unit, "")
