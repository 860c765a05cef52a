"""What an officer does to an emergency, out of a posted form. One call downstairs, or Refused with the words for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, cast

from django.contrib.auth.models import User
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from channels_sns import amendments, broadcasts, media
from channels_sns.models import Amendment, OutboundPost, Picture
from complaints import agency_alerts, emergencies, emergency_plans, emergency_steps, emergency_words
from complaints.broadcasting.editor import Refused
from complaints.broadcasting.emergency_forms import EmergencyForm, PhotoForm
from complaints.broadcasting.forms import TEXT_MAX
from complaints.emergency_hints import photos_of
from complaints.models import Complaint, Emergency
from complaints.pages import moves

#: So many photos of a citizen's post are taken over: his words for them say what the first shows.
TAKEN_MAX = 1


@contextmanager
def speaking() -> Iterator[None]:
    """Errors of the rooms below as one, with words for people."""
    try:
        yield
    except (emergency_steps.NotPossible, broadcasts.NotPossible, agency_alerts.NotPossible) as error:
        raise Refused(str(error)) from error
    except (emergency_steps.Conflict, broadcasts.Conflict) as error:
        raise Refused(_("Somebody or the desk was faster. Please look at the state again."), code=409) from error


def prepare(
    form: EmergencyForm, photo: PhotoForm, *, complaint: Complaint | None, by: User, now: datetime
) -> Emergency:
    """A new one with everything that was typed; all of it, or nothing. Raises Refused."""
    with speaking(), transaction.atomic():
        made = emergency_plans.prepare(form.told(), form.plan(), complaint=complaint, by=by, now=now)
        add_photo(made, photo)
        emergency_plans.check(made, form.points(), by=by, now=now)
    return made


def save(emergency: Emergency, form: EmergencyForm, photo: PhotoForm, *, by: User, version: int, now: datetime) -> bool:
    """Keep what was typed. Is it still what the previews showed? Raises Refused."""
    with speaking(), transaction.atomic():
        before = _said(emergency)
        emergency_plans.revise(emergency, form.told(), form.plan(), by=by, version=version, now=now)
        add_photo(emergency, photo)
        emergency_plans.check(emergency, form.points(), by=by, now=now)
        return _said(emergency) == before


def _said(emergency: Emergency) -> tuple[object, ...]:
    """Everything that the networks will see."""
    alarm = emergency.alarm
    accounts = sorted(alarm.variants.values_list("account_id", flat=True))
    return alarm.text, alarm.text_en, accounts, sorted(map(str, alarm.pictures.values_list("pk", flat=True)))


def add_photo(emergency: Emergency, form: PhotoForm) -> None:
    """The chosen photo; that of the citizen's post once, however often it is asked for."""
    alarm, file = emergency.alarm, cast("UploadedFile[Any] | None", form.cleaned_data.get("photo"))
    alt = form.cleaned_data.get("alt") or emergency_words.words_for_photo(emergency)
    if file is not None:
        content = file.read(media.CHOSEN_BYTES_MAX + 1)
        broadcasts.add_picture(alarm, content, alt=alt, version=alarm.version)
    if form.cleaned_data.get("taken") and emergency.complaint is not None:
        for one in list(photos_of(emergency.complaint))[:TAKEN_MAX]:
            if not Picture.objects.filter(broadcast=alarm, file=one.file).exists():
                stored = {"file": one.file, "thumbnail": one.thumbnail, "width": one.width, "height": one.height}
                broadcasts.take_picture(alarm, stored, alt=alt, version=alarm.version)


def start(emergency: Emergency, *, by: User, now: datetime) -> None:
    """The duty officer's decision. Raises Refused."""
    with speaking():
        emergencies.start(emergency, by=by, version=emergency.version, now=now)


def end(emergency: Emergency, posted: Any, *, by: User, version: int, now: datetime) -> None:
    """All clear; with it name and photo go, unless the officer says not yet. Raises Refused."""
    text, text_en = (moves.typed_text(posted, name, most=TEXT_MAX) for name in ("text", "text_en"))
    with speaking(), transaction.atomic():
        emergencies.announce_found(emergency, text=text, text_en=text_en, by=by, version=version, now=now)
        if posted.get("take_down"):
            emergencies.take_down(emergency, by=by, now=now)


def try_again(emergency: Emergency, *, now: datetime) -> int:
    """What could not be taken down is tried once more; how many."""
    rows = stuck(emergency)
    return sum(amendments.again(row, now=now) for row in rows)


def stuck(emergency: Emergency) -> list[Amendment]:
    """Posts with name or photo that the network did not take down."""
    posts: list[OutboundPost] = emergencies.posts_with_name(emergency)
    rows = Amendment.objects.filter(outbound__in=posts, kind=Amendment.Kind.DELETE, state=Amendment.State.FAILED)
    return list(rows.select_related("outbound__account").order_by("id"))
