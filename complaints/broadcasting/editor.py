"""What an officer does to a broadcast, out of a posted form. One call downstairs, or Refused with the words for it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, cast

from django.contrib.auth.models import User
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from channels_sns import broadcasts, media
from channels_sns.adapters.text import nfc
from channels_sns.models import Broadcast
from channels_sns.models.broadcast import Kind
from complaints.broadcasting.forms import BroadcastForm, PictureForm
from complaints.pages import moves
from complaints.pages.people import person_name

#: The same words by the same person within this time are one.
A_MOMENT = timedelta(minutes=1)


class Refused(Exception):
    """Not done, or not all of it; the text says what and why. `code`: 400 the form, 409 the world moved on."""

    def __init__(self, said: str, *, code: int = 400) -> None:
        super().__init__(said)
        self.code = code


def create(form: BroadcastForm, *, by: User, now: datetime) -> Broadcast:
    """A new draft; of a double click the one that is there, whatever became of it. Raises Refused."""
    values = form.said()
    try:
        with transaction.atomic():
            if there := _written_just_now(form, by, now):
                return there
            made = broadcasts.draft(by=by, now=now, **{**values, "kind": Kind(values["kind"])}, accounts=form.chosen())
            _vary(made, form)
    except broadcasts.NotPossible as error:
        raise Refused(str(error)) from error
    return made


def _written_just_now(form: BroadcastForm, by: User, now: datetime) -> Broadcast | None:
    """The very same of this person, a moment ago; two clicks at once wait for each other."""
    User.objects.select_for_update().get(pk=by.pk)
    said = {name: nfc(form.said()[name].strip()) for name in ("kind", "title", "text", "text_en", "link")}
    rows = Broadcast.objects.filter(written_by=by, created_at__gt=now - A_MOMENT, **said)
    rows = rows.exclude(state=Broadcast.State.CANCELLED).order_by("id")
    chosen = {account.pk for account in form.chosen()}
    return next((one for one in rows if set(one.variants.values_list("account_id", flat=True)) == chosen), None)


def save(broadcast: Broadcast, form: BroadcastForm, *, by: User, version: int, now: datetime) -> None:
    """Say a draft anew. Raises Refused."""
    try:
        with transaction.atomic():
            broadcasts.change(broadcast, version=version, by=by, now=now, **form.said())
            broadcasts.address(broadcast, form.chosen())
            _vary(broadcast, form)
    except broadcasts.NotPossible as error:
        raise Refused(str(error)) from error
    except broadcasts.Conflict as error:
        raise Refused(changed_by(broadcast), code=409) from error


def _vary(broadcast: Broadcast, form: BroadcastForm) -> None:
    for account in form.chosen():
        broadcasts.vary(broadcast, account.pk, form.otherwise(account))


def changed_by(broadcast: Broadcast) -> str:
    """Who was faster."""
    broadcast.refresh_from_db()
    who = person_name(broadcast.written_by) if broadcast.written_by else _("Somebody")
    return _("%(name)s changed this meanwhile. Your text is still in the form; look at both and save again.") % {
        "name": who
    }


def add_picture(broadcast: Broadcast, form: PictureForm) -> None:
    """Put the chosen photo to it, if one was chosen; what else was saved stays. Raises Refused."""
    photo, alt = cast("UploadedFile[Any] | None", form.cleaned_data.get("photo")), form.cleaned_data.get("alt", "")
    if photo is None:
        if alt:
            raise Refused(_("Choose the photo again: there are words, but no file."))
        return
    try:
        content = photo.read(media.CHOSEN_BYTES_MAX + 1)
        broadcasts.add_picture(broadcast, content, alt=alt, version=broadcast.version)
    except broadcasts.NotPossible as error:
        saved = _("The text is saved, the photo is not: choose it again.")
        raise Refused(f"{saved} {error}") from error
    except broadcasts.Conflict as error:
        raise Refused(changed_by(broadcast), code=409) from error


def decide(broadcast: Broadcast, name: str, posted: Any, *, by: User, version: int, now: datetime) -> None:
    """Approve, take back, cancel or drop a photo. Raises Refused."""
    try:
        if name == "approve":
            broadcasts.approve(broadcast, by=by, version=version, now=now)
        elif name == "take-back":
            broadcasts.take_back(broadcast, by=by, version=version, now=now)
        elif name == "cancel":
            reason = moves.typed_text(posted, "reason")
            broadcasts.cancel(broadcast, by=by, version=version, now=now, reason=reason)
    except broadcasts.NotPossible as error:
        raise Refused(str(error)) from error
    except broadcasts.Conflict as error:
        raise Refused(changed_by(broadcast), code=409) from error
