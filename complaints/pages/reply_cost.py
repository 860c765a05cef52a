"""What sending a reply would cost, before it is sent; and the same reply without links, where those make it dear."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from channels_sns import budget_words
from channels_sns.accounts import adapter_class
from channels_sns.adapters.contract import OutgoingPost
from channels_sns.adapters.metering import Price
from channels_sns.adapters.text import TooLong, nfc
from complaints import replies
from complaints.linkless import without_links
from complaints.models import Complaint


@dataclass(frozen=True, slots=True)
class Cost:
    """`words`: "" where nobody counts. `by_links`: it would be cheaper without links."""

    words: str = ""
    by_links: bool = False


def cost_of(complaint: Complaint, text: str, *, private: bool | None = None) -> Cost:
    """What `text` costs as a reply to `complaint`, all its parts together."""
    price = _price(complaint, text, private)
    if price is None:
        return Cost()
    words = _("Costs %(amount)s") % {"amount": budget_words.amount(price.amount, price.unit)}
    plain = _price(complaint, without_links(text, complaint.account.language), private) if price.why == "url" else None
    if plain is None or not plain.amount:
        return Cost(words)
    why = _("%(times)s times as much because of the link") % {"times": f"{price.amount / plain.amount:.0f}"}
    return Cost(f"{words}, {why}", by_links=True)


def _price(complaint: Complaint, text: str, private: bool | None) -> Price | None:
    """The sum of all parts; None where nothing is counted, or where the text cannot be sent at all."""
    account, text = complaint.account, nfc(text.strip())
    cls = adapter_class(account.kind)
    if not text or cls.measure(text) > replies.PARTS_MAX * cls.capabilities.max_length:
        return None
    adapter = cls(base_url=account.base_url, secrets={}, external_id=account.external_id, handle=account.handle)
    try:
        parts, target = replies.as_it_would_go(complaint, text, private=private)
    except (TooLong, replies.NotPossible):
        return None
    prices = [adapter.price(OutgoingPost(key="", text=part, tag=tag, target=target)) for part, tag in parts]
    counted = [price for price in prices if price is not None]
    if not counted:
        return None
    why = next((price.why for price in counted if price.why), "")
    return Price(sum((price.amount for price in counted), Decimal(0)), counted[0].unit, why)
