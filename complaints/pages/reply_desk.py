"""The reply editor: the draft, what this person may do with it, how long it is on the network."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from channels_sns.accounts import adapter_class, capabilities_of
from complaints import permissions, privacy, promises, replies, reply_photos, reply_targets, reply_templates
from complaints.models import Complaint, Reply
from complaints.pages import photo_hands, promise_desk, reply_cost, reply_preview
from complaints.pages.reply_preview import Preview, preview_of
from complaints.pages.thread import Photo, photo_of
from departments.working_time import Calendar


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
class DraftPhoto:
    """A photo that will go out; `alt` may still be empty."""

    pk: str
    alt: str
    photo: Photo


@dataclass(frozen=True, slots=True)
class Going:
    """Is it to go out, not before when, and is it known that this is late?"""

    approved: bool
    at: datetime | None = None
    late: bool = False


@dataclass(frozen=True, slots=True)
class Editor:
    """`again`: the text is that of a reply that was taken back; saving makes a new draft of it.

    `private`: as it is now chosen, only the citizen will see it; `choice`: the other way is possible too; `lost`: it
    was drafted for the citizen alone, and that is not possible any more.
    """

    may_approve: bool
    text: str
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
    private: bool
    choice: bool
    lost: bool
    photos: list[DraftPhoto]
    photos_max: int


@dataclass(frozen=True, slots=True)
class ReplyDesk:
    """The answer that is being written; `editor`: for who may write it now."""

    draft_text: str
    state: str
    state_label: str
    editor: Editor | None


def desk_of(
    complaint: Complaint,
    user: User,
    *,
    now: datetime,
    calendar: Calendar,
    typed: str = "",
    form: dict[str, str] | None = None,
) -> ReplyDesk:
    """For this person: an editor, empty or with the draft, or the draft to be read. `typed` stands in the field
    instead, what else a refused `form` held in the others."""
    draft, editor = _draft_of(complaint), None
    before = draft
    if permissions.may_draft(user, complaint):
        before = draft or replies.taken_back(complaint)
        editor = _editor(complaint, user, draft, before, calendar, now=now, typed=typed, form=form or {})
    return ReplyDesk(
        draft_text=before.text if before else "",
        state=draft.state if draft else "",
        state_label=str(Reply.State(draft.state).label) if draft else "",
        editor=editor,
    )


def _editor(
    complaint: Complaint,
    user: User,
    draft: Reply | None,
    before: Reply | None,
    calendar: Calendar,
    *,
    now: datetime,
    typed: str,
    form: dict[str, str],
) -> Editor:
    """`before`: the draft, or the reply that was taken back."""
    private, ways, text = private_of(form), reply_targets.ways_of(complaint), before.text if before else ""
    shown = typed or text
    wanted = _usually_private(draft, before, ways) if private is None else private
    chosen = wanted if ways.target(private=wanted) else not wanted
    measured = measure(complaint, shown, private=chosen)
    return Editor(
        may_approve=permissions.may_approve(user, complaint),
        text=text,
        url=reverse("admin:complaints_complaint_reply", args=[complaint.pk]),
        measure_url=reverse("admin:complaints_complaint_measure", args=[complaint.pk]),
        count_text=measured.words,
        over=measured.over,
        hint=_hint(private=chosen),
        again=draft is None and before is not None,
        cost=reply_cost.cost_of(complaint, shown, private=chosen),
        personal=marked(shown),
        preview=measured.preview,
        promise=promise_desk.field_of(draft, shown, now=now, calendar=calendar, typed=form),
        templates=reply_templates.offered(complaint, now=now),
        private=chosen,
        choice=ways.target(private=not chosen) is not None,
        lost=wanted and not chosen,
        photos=_photos_of(complaint),
        photos_max=capabilities_of(complaint.account).photos_of_reply(private=chosen),
    )


def _photos_of(complaint: Complaint) -> list[DraftPhoto]:
    return [DraftPhoto(str(photo.pk), photo.alt, photo_of(photo)) for photo in reply_photos.of_draft(complaint)]


def _usually_private(draft: Reply | None, before: Reply | None, ways: reply_targets.Ways) -> bool:
    """As it was drafted; what was taken back, as it was or as the citizen wrote since."""
    return draft.private if draft else ways.usually_private or (before is not None and before.private)


def _hint(*, private: bool) -> str:
    if private:
        return _("The receipt tag is added by itself. No personal data here either: an account proves nobody's name.")
    return _("The receipt tag is added by itself. Post no personal data: everybody can read the reply.")


def _draft_of(complaint: Complaint) -> Reply | None:
    return complaint.replies.answers().filter(state=Reply.State.DRAFT).select_related("promise").first()


def private_of(posted: Any) -> bool | None:
    """Who is to see the reply, as it was chosen; None: the form did not ask."""
    return {"private": True, "public": False}.get(posted.get("reach", ""))


def marked(text: str) -> list[Marked]:
    """The text with its personal data apart; empty where there is none."""
    pieces: list[Marked] = []
    end = 0
    for found in privacy.personal_data(text):
        start, stop = (len(text[:place].encode("utf-16-le")) // 2 for place in (found.start, found.end))
        pieces += [Marked(text[end : found.start]), Marked(found.words, found.kind, start, stop)]
        end = found.end
    return [*pieces, Marked(text[end:])] if pieces else []


def measure(complaint: Complaint, text: str, *, private: bool | None = None) -> Measured:
    """The length on the complaint's network, the tag included, against what one post holds.

    Raises replies.NotPossible where this way there is nothing to answer.
    """
    measured = None if _hopeless(complaint, text) else reply_preview.measure(complaint, text, private=private)
    if measured is None or not 0 < measured.parts <= replies.PARTS_MAX:
        words = _("Too long for one private message") if private else _("Too long for this network")
        return Measured(words, True, preview_of(complaint, text, None, private=private))
    said = {"length": f"{measured.length:,}", "most": f"{measured.limit:,}", "parts": measured.parts}
    preview = preview_of(complaint, text, measured, private=private)
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
    now: datetime,
    going: Going,
    wish: promises.Wish | None = None,
    private: bool | None = None,
    photos: photo_hands.Sent | None = None,
) -> None:
    """Save the draft with its photos, and hand it to the outbox in the same step if it is approved.

    `private`: only the citizen is to see it; None: nobody chose. Raises NotPossible of the replies and the photos.
    """
    if going.approved and _hopeless(complaint, text):
        raise replies.NotPossible(_("The reply is too long for this network."))
    with transaction.atomic():
        replies.draft(complaint, text=text, by=by, version=version, now=now, wish=wish, private=private)
        if photos is not None:
            photos.store(complaint, by=by, now=now)
        if going.approved:
            replies.approve(complaint, by=by, version=complaint.version, now=now, at=going.at, late=going.late)
