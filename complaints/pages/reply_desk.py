"""The reply editor: the draft, what this person may do with it, how long it is on the network."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from channels_sns.accounts import adapter_class
from complaints import permissions, privacy, promises, replies, reply_templates
from complaints.models import Complaint, Reply
from complaints.pages import promise_desk, reply_cost
from complaints.pages.reply_preview import Preview, preview_of


@dataclass(frozen=True, slots=True)
class Measured:
    """A text's length as its network counts, in words, and how it will stand there."""

    words: str
    over: bool
    preview: Preview


@dataclass(frozen=True, slots=True)
class Marked:
    """A piece of a text; with a `kind`, personal data. `start`, `end`: as a browser counts (UTF-16)."""

    text: str
    kind: str = ""
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class ReplyDesk:
    """`again`: the text is that of a reply that was taken back; saving makes a new draft of it."""

    may_write: bool
    may_approve: bool
    draft_text: str
    state: str
    state_label: str
    url: str
    measure_url: str
    count_text: str
    over: bool
    hint: str
    again: bool
    cost: reply_cost.Cost
    templates: list[reply_templates.Offered]
    personal: list[Marked]
    preview: Preview
    promise: promise_desk.Field


def desk_of(
    complaint: Complaint, user: User, *, now: datetime, typed: str = "", form: dict[str, str] | None = None
) -> ReplyDesk:
    """The editor for this person: empty, with a draft, or only to be read. `typed` stands in the field instead, what
    else a refused `form` held in the others."""
    draft = complaint.replies.answers().filter(state=Reply.State.DRAFT).select_related("promise").first()
    may_write = permissions.may_draft(user, complaint)
    text = draft.text if draft else _taken_back(complaint) if may_write else ""
    shown = typed or text
    measured = measure(complaint, shown)
    return ReplyDesk(
        may_write=may_write,
        may_approve=may_write and permissions.may_approve(user, complaint),
        draft_text=text,
        state=draft.state if draft else "",
        state_label=str(Reply.State(draft.state).label) if draft else "",
        url=reverse("admin:complaints_complaint_reply", args=[complaint.pk]),
        measure_url=reverse("admin:complaints_complaint_measure", args=[complaint.pk]),
        count_text=measured.words,
        over=measured.over,
        hint=_("The receipt tag is added by itself. Post no personal data: everybody can read the reply."),
        again=draft is None and text != "",
        cost=reply_cost.cost_of(complaint, shown),
        personal=marked(shown),
        preview=measured.preview,
        promise=promise_desk.field_of(draft, shown, now=now, typed=form or {}),
        templates=reply_templates.offered(complaint, now=now) if may_write else [],
    )


def marked(text: str) -> list[Marked]:
    """The text with its personal data apart; empty where there is none."""
    pieces: list[Marked] = []
    end = 0
    for found in privacy.personal_data(text):
        start, stop = (len(text[:place].encode("utf-16-le")) // 2 for place in (found.start, found.end))
        pieces += [Marked(text[end : found.start]), Marked(found.words, found.kind, start, stop)]
        end = found.end
    return [*pieces, Marked(text[end:])] if pieces else []


def _taken_back(complaint: Complaint) -> str:
    """The text of the newest reply, if it was recalled: what was refused or too early is seldom written anew."""
    newest = complaint.replies.answers().order_by("-number").first()
    return newest.text if newest and newest.state == Reply.State.RECALLED else ""


def measure(complaint: Complaint, text: str) -> Measured:
    """The length on the complaint's network, the tag included, against what one post holds."""
    measured = None if _hopeless(complaint, text) else replies.measure(complaint, text)
    if measured is None or not 0 < measured.parts <= replies.PARTS_MAX:
        return Measured(_("Too long for this network"), True, preview_of(complaint, text, None))
    said = {"length": f"{measured.length:,}", "most": f"{measured.limit:,}", "parts": measured.parts}
    preview = preview_of(complaint, text, measured)
    if measured.parts > 1:
        return Measured(_("%(length)s / %(most)s · goes out in %(parts)s posts") % said, True, preview)
    return Measured(_("%(length)s / %(most)s") % said, False, preview)


def _hopeless(complaint: Complaint, text: str) -> bool:
    """Longer than all the parts of a reply together: no need to look for a way of cutting it, which takes long."""
    adapter = adapter_class(complaint.account.kind)
    return adapter.measure(text) > replies.PARTS_MAX * adapter.capabilities.max_length


def write(
    complaint: Complaint,
    *,
    text: str,
    by: User,
    version: int,
    approve: bool,
    now: datetime,
    at: datetime | None = None,
    late: bool = False,
    wish: promises.Wish | None = None,
) -> None:
    """Save the draft; with `approve` hand it to the outbox in the same step, not before `at`, or not at all."""
    if approve and _hopeless(complaint, text):
        raise replies.NotPossible(_("The reply is too long for this network."))
    with transaction.atomic():
        replies.draft(complaint, text=text, by=by, version=version, now=now, wish=wish)
        if approve:
            replies.approve(complaint, by=by, version=complaint.version, now=now, at=at, late=late)
