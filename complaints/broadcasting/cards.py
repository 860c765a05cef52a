"""A broadcast on each account, as it will stand there or as it stands: what the pages show."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from channels_sns import brand, budget_words, composition, health_words, results
from channels_sns.adapters.edits import can_edit
from channels_sns.broadcasts import fits_pictures
from channels_sns.models import Account, Amendment, Broadcast, OutboundPost, Picture, PostResult
from channels_sns.models.brand import Tone
from channels_sns.releases import Delivery, deliveries
from complaints.pages import words
from complaints.pages.names import channel_name


@dataclass(frozen=True, slots=True)
class Part:
    """One post. `count`: “132/280”."""

    text: str
    count: str


@dataclass(frozen=True, slots=True)
class Card:
    """A broadcast on one account. `warnings`: what stands against it."""

    account: Account
    name: str
    tone: str
    parts: tuple[Part, ...]
    pictures: Sequence[Picture] = ()
    cost: str = ""
    warnings: list[str] = field(default_factory=list)


def previews(broadcast: Broadcast) -> list[Card]:
    """As it would be posted if it were approved now."""
    pictures = list(broadcast.pictures.all())
    variants = broadcast.variants.select_related("account__voice__brand").defer("account__secrets")
    return [_preview(variant.account, composition.compose(broadcast, variant), pictures) for variant in variants]


def _preview(account: Account, composed: composition.Composed, pictures: list[Picture]) -> Card:
    voice, shown = brand.voice_of(account), pictures[: fits_pictures(account, len(pictures))]
    cost = composed.price
    return Card(
        account,
        channel_name(account),
        str(Tone(voice.tone).label) if voice.is_given else "",
        tuple(
            Part(text, f"{length:,}/{composed.limit:,}")
            for text, length in zip(composed.parts, composed.lengths, strict=True)
        ),
        shown,
        _("Costs %(amount)s") % {"amount": budget_words.amount(cost.amount, cost.unit)} if cost else "",
        list(_warnings(account, composed, missing=len(pictures) - len(shown), dear=bool(cost and cost.why))),
    )


def _warnings(account: Account, composed: composition.Composed, *, missing: int, dear: bool) -> list[str]:
    said = {
        _("Too long for this network: shorten it here."): composed.too_long,
        _("There is no text in the language of this account."): not composed.parts and not composed.too_long,
        _("This connection is stopped: nothing is posted until it works again."): not account.enabled
        or account.state != Account.State.ACTIVE,
        _("Not all photos fit here: %(n)d left out.") % {"n": missing}: missing > 0,
        _("The link makes it dear here."): dear,
    }
    return [text for text, holds in said.items() if holds]


@dataclass(frozen=True, slots=True)
class SentPart:
    """One post as it stands now. `change`: what is becoming of it; `editable`: it can be written anew there."""

    post: OutboundPost | None
    text: str
    change: str = ""
    tone: str = ""
    editable: bool = False


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of it on one account. `stands`: something of it can be taken down."""

    account: Account
    name: str
    state: str
    state_label: str
    url: str
    when: str
    problem: str
    parts: tuple[SentPart, ...]
    stands: bool
    result: str = ""
    unseen: str = ""


def sent(broadcast: Broadcast, *, now: datetime) -> list[Sent]:
    """One line an account; four queries."""
    found = deliveries(broadcast)
    rows = Amendment.objects.filter(outbound__in=[post.pk for one in found for post in one.posts]).order_by("id")
    changes: defaultdict[UUID, list[Amendment]] = defaultdict(list)
    for row in rows:
        changes[row.outbound_id].append(row)
    counted = results.latest([post for one in found for post in one.posts])
    return [_sent(one, changes, counted, now) for one in found]


#: In this order.
RESULTS = {
    results.REACH: gettext_lazy("seen"),
    results.COMMENTS: gettext_lazy("comments"),
    results.LIKES: gettext_lazy("likes"),
    results.SHARES: gettext_lazy("shares"),
}


def _result(one: Delivery, counted: Mapping[UUID, PostResult], now: datetime) -> str:
    """What the network counted last, or that it tells nothing; "" while nobody has looked."""
    row = next((counted[post.pk] for post in one.posts if post.pk in counted), None)
    if row is None:
        return ""
    told = " · ".join(f"{word} {row.counts[name]:,}" for name, word in RESULTS.items() if name in row.counts)
    return _("%(counts)s (%(when)s)") % {
        "counts": told or _("none told"),
        "when": words.moment(row.counted_at, now=now),
    }


def _unseen(one: Delivery, counted: Mapping[UUID, PostResult]) -> str:
    """Why nobody knows how many saw it; "" where it is known, or nobody has looked yet."""
    rows = [counted[post.pk] for post in one.posts if post.pk in counted]
    if not rows or any(results.REACH in row.counts for row in rows):
        return ""
    kind = one.variant.account.kind
    if kind in results.NEEDS_RIGHT:
        return _("How many saw it stands in the page's Insights; the desk does not ask for the right to read them.")
    if kind in results.UNSEEN:
        return _("This network does not tell how many saw it.")
    return _("The network has not told how many saw it.")


def _sent(
    one: Delivery, changes: Mapping[UUID, list[Amendment]], counted: Mapping[UUID, PostResult], now: datetime
) -> Sent:
    at = max((post.sent_at for post in one.posts if post.sent_at), default=None)
    problem = next((post.last_error for post in one.posts if post.state in ("FAILED", "BLOCKED")), "")
    parts = tuple(_part(post, changes.get(post.pk, [])) for post in one.posts)
    return Sent(
        account=one.variant.account,
        name=channel_name(one.variant.account),
        state=one.state,
        state_label=str(OutboundPost.State(one.state).label) if one.state else _("not sent here"),
        url=health_words.followable(one.url),
        when=words.moment(at, now=now) if at else "",
        problem=problem,
        parts=parts or tuple(SentPart(None, text) for text in one.variant.parts),
        result=_result(one, counted, now),
        unseen=_unseen(one, counted),
        stands=any(_may_stand(post) and not changes.get(post.pk) for post in one.posts),
    )


def _may_stand(post: OutboundPost) -> bool:
    return post.state in ("QUEUED", "SENDING", "UNSURE", "SENT")


def _part(post: OutboundPost, changes: Sequence[Amendment]) -> SentPart:
    """With the newest change that the network took; a take-down is the last word."""
    taken = next((row for row in changes if row.kind == Amendment.Kind.DELETE), None)
    last = taken or (changes[-1] if changes else None)
    text = next((row.text for row in reversed(changes) if row.text and row.state in ("DONE", "VERIFIED")), post.text)
    said = f"{last.get_kind_display()}: {last.get_state_display()}" if last else ""
    tone = {"VERIFIED": "good", "FAILED": "bad"}.get(last.state, "warn") if last else ""
    editable = post.state == "SENT" and taken is None and can_edit(post.account.kind)
    return SentPart(post, text, said, tone, editable)
