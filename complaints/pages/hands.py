"""What a person does on a page, out of a posted form: a step, the reply, a note. One call downstairs, or Refused."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from complaints import linkless, merging, promises, replies, reply_photos, reply_templates, workflow
from complaints.models import Complaint
from complaints.pages import field_photos, moves, photo_hands, reply_desk, words
from complaints.pages.moves import is_id
from departments.models import Department

REPLY_MAX = 20_000
#: Fields whose content is given back after a refusal.
KEPT = (
    "post_at", "late", "note", "words", "reason", "text", "agency", "district", "code", "kind", "notice", "amount",
    "days", "leading", "question", "answer", "hours", "wish", "request", "reach", "promise", "promise_due", "outcome",
    "why", "photo_alt",
)  # fmt: skip


class Refused(Exception):
    """Nothing was done. `said`: what is missing, in words; "" where the complaint is not any more as it was seen."""

    def __init__(self, said: str = "") -> None:
        super().__init__(said)
        self.said = said

    @property
    def status(self) -> int:
        """400: the form is wrong; 409: the world has moved on."""
        return 400 if self.said else 409


@dataclass(frozen=True, slots=True)
class Shown:
    """What stands in the reply editor now, and is not saved. `said`: what was done beside that."""

    typed: dict[str, str]
    said: str = ""


def step(complaint: Complaint, name: str, posted: Any, *, by: User, now: datetime) -> str:
    """One move of the state machine; what its button says. Raises Refused."""
    offer = next((offer for offer in moves.offered(complaint, by) if offer.name == name), None)
    if offer is None:
        raise Refused
    try:
        inputs = moves.inputs_from(offer.needs, posted)
        moves.carry_out(complaint, offer, by=by, version=version_of(posted), inputs=inputs, posted=posted, now=now)
    except (moves.Incomplete, merging.NotPossible, replies.NotPossible) as error:
        raise Refused(str(error)) from error
    except (workflow.MoveNotAllowed, workflow.Conflict) as error:
        raise Refused from error
    return offer.label


def reply(complaint: Complaint, posted: Any, files: Mapping[str, Any], *, by: User, now: datetime) -> str:
    """Save the draft, or approve it and hand it to the outbox, now or for later; what was done. Raises Refused."""
    action, late = posted.get("action"), posted.get("late") == "yes"
    at = _moment(posted) if action == "schedule" else None
    approve = action in ("approve", "schedule")
    text, version = moves.typed_text(posted, "text", most=REPLY_MAX), version_of(posted)
    photos, going = _photos(posted, files), reply_desk.Going(approve, at, late)
    chosen: dict[str, Any] = {"wish": wish_of(posted), "private": reply_desk.private_of(posted), "photos": photos}
    try:
        reply_desk.write(complaint, text=text, by=by, version=version, now=now, going=going, **chosen)
    except (replies.NotPossible, reply_photos.NotPossible) as error:
        with suppress(reply_photos.NotPossible):
            photo_hands.keep(complaint, photos, by=by, version=version, now=now)
        raise Refused(str(error)) from error
    except (workflow.MoveNotAllowed, workflow.Conflict) as error:
        raise Refused from error
    if at is not None:
        return _("Approved. It will be posted %(when)s.") % {"when": words.moment(at, now=now)}
    return _("Approved. The reply is being posted.") if approve else _("Draft saved.")


def _photos(posted: Any, files: Mapping[str, Any]) -> photo_hands.Sent:
    try:
        return photo_hands.read(posted, files)
    except reply_photos.NotPossible as error:
        raise Refused(str(error)) from error


def wish_of(posted: Any) -> promises.Wish:
    """What the writer says his text promises; a form that does not ask leaves it to the words. Raises Refused."""
    choice, typed = posted.get("promise", ""), posted.get("promise_due", "")
    try:
        until = parse_date(typed) if typed else None
    except ValueError:
        until = None
    if typed and until is None:
        raise Refused(_("Please write the day of the promise as a date."))
    return promises.Wish(promises.Choice(choice) if choice in list(promises.Choice) else promises.Choice.AUTO, until)


def _moment(posted: Any) -> datetime:
    """What a date and time field says, in the city's own time. Raises Refused."""
    try:
        typed = parse_datetime(posted.get("post_at", ""))
    except ValueError:
        typed = None
    if typed is None or not 2000 < typed.year < 9000:
        raise Refused(_("Please say when the reply is to be posted."))
    return timezone.make_aware(typed) if timezone.is_naive(typed) else typed


def rewritten(complaint: Complaint, posted: Any, files: Mapping[str, Any], *, by: User, now: datetime) -> Shown | None:
    """What was typed, as it is, without its links, or with a template behind it, to be shown and not saved.

    None: that was not asked. Photos are kept all the same, or taken out. Raises Refused.
    """
    if posted.get("action") == "photo":
        return _with_photo(complaint, posted, files, by=by, now=now)
    changed = _rewritten(complaint, posted, now=now)
    if changed is None:
        return None
    photos = _photos(posted, files)
    try:
        photo_hands.keep(complaint, photos, by=by, version=version_of(posted), now=now)
    except reply_photos.NotPossible as error:
        raise Refused(str(error)) from error
    return Shown({**typed_back(posted, "reply"), "text": changed})


def _with_photo(complaint: Complaint, posted: Any, files: Mapping[str, Any], *, by: User, now: datetime) -> Shown:
    """A photo from the street is put to the draft at once (complaints.pages.field_photos), with the words of those that
    are there; the text stands in the form as it was. Raises Refused."""
    if version_of(posted) != complaint.version:
        raise Refused
    try:
        said = field_photos.put(complaint, posted, files, by=by, now=now)
        complaint.refresh_from_db()
        photo_hands.keep(complaint, photo_hands.read(posted, {}), by=by, version=complaint.version, now=now)
    except reply_photos.NotPossible as error:
        raise Refused(str(error)) from error
    return Shown({**typed_back(posted, "reply"), "photo_alt": ""}, said)


def _rewritten(complaint: Complaint, posted: Any, *, now: datetime) -> str | None:
    text = moves.typed_text(posted, "text", most=REPLY_MAX)
    if posted.get("action") == "without_links":
        return linkless.without_links(text, complaint.answer_language)
    if posted.get("action") in ("preview", "show") or posted.get("drop_photo"):
        return text
    wanted = posted.get("template", "")
    if not wanted:
        return None
    more = reply_templates.one(complaint, int(wanted), now=now) if is_id(wanted) else None
    return "\n".join(filter(None, [text, more]))


def note(complaint: Complaint, posted: Any, *, by: User, now: datetime) -> None:
    """A word for colleagues, whatever else happened meanwhile. Raises Refused."""
    text = moves.typed_text(posted, "note")
    if not text:
        raise Refused(_("The note is empty."))
    workflow.note(complaint, by=by, now=now, text=text)


def version_of(posted: Any) -> int:
    """The version of the complaint that the person saw; 0, which none has, where the form does not say."""
    return number_of(posted, "version")


def number_of(posted: Any, name: str) -> int:
    """A small number out of a form; 0 where there is none."""
    typed = posted.get(name, "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0


def department_of(posted: Any) -> Department | None:
    """The department that was chosen; None where none is, or none that exists today."""
    typed = posted.get("department", "")
    known = typed.isascii() and typed.isdigit() and len(typed) < 19
    return Department.objects.filter(pk=int(typed), active_to=None).first() if known else None


def typed_back(posted: Any, name: str) -> dict[str, str]:
    """What was typed into the refused form `name`, to stand in its fields again, its lines ended as there."""
    typed = {"move": name, **{key: posted.get(key, "").replace("\r\n", "\n") for key in KEPT}}
    return {**typed, "department": posted.get("department") or posted.get("chosen_department", "")}
