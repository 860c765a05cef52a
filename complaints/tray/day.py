"""The department tray (부서함): what a department must do today, by what is to be done, the worst first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.contrib.auth.models import User
from django.db.models import Exists, F, OuterRef, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from complaints import idle
from complaints.models import Complaint, Reply, Status
from complaints.pages import field_photos, rows, words
from complaints.tray import consult_cards
from complaints.tray.consult_cards import Card
from departments import directory, working_time
from departments.models import Role
from departments.working_time import Calendar

#: Whose tray there is.
READERS = (Role.STAFF, Role.HEAD)
#: More than this is no day's work; the list of complaints holds all of it.
MOST = 200
SECTIONS: dict[str, str | Promise] = {
    "asked": pgettext_lazy("tray", "Other departments ask us"),
    "accept": pgettext_lazy("tray", "To accept or send back"),
    "approve": pgettext_lazy("tray", "To approve"),
    "work": pgettext_lazy("tray", "To work on"),
    "wait": pgettext_lazy("tray", "Waiting"),
    "sent": pgettext_lazy("tray", "Being posted"),
}
#: Where somebody writes or has written the answer: a photo of the finished work belongs to it.
HANDS_ON = ("approve", "work")


@dataclass(slots=True)
class Section:
    """What is to be done with these; `name` is its anchor on the page."""

    name: str
    label: str | Promise
    cards: list[Card] = field(default_factory=list)


def day_of(user: User, *, now: datetime) -> list[Section]:
    """The sections that hold something, in the order of the table; in the same few queries for any number."""
    found = list(rows.for_list(waiting_for(user))[:MOST])
    calendars: dict[int | None, Calendar] = {}
    sections = {name: Section(name, label) for name, label in SECTIONS.items()}
    sections["asked"].cards += consult_cards.asked(user, now=now)
    consults, photos = consult_cards.waiting(found, now=now), field_photos.beside(found)
    for complaint, row in zip(found, rows.rows_of(found, user, now=now), strict=True):
        name = _section(complaint, user)
        card = replace(_card(complaint, row, name, calendars, now), consults=tuple(consults.get(complaint.pk, ())))
        if name in HANDS_ON:
            card = replace(
                card, beside=photos[complaint.pk], photo_url=reverse("admin:tray_photo", args=[complaint.pk])
            )
        sections[name].cards.append(card)
    return [section for section in sections.values() if section.cards]


def waiting_for(user: User) -> QuerySet[Complaint]:
    """The open complaints of this person's departments: what burns first, then by the clock of the law."""
    drafts = Reply.objects.answers().filter(complaint=OuterRef("pk"), state=Reply.State.DRAFT)
    mine = Complaint.objects.visible_to(user).open().filter(department__in=directory.department_ids_of(user))
    return mine.annotate(drafted=Exists(drafts)).order_by(F("emergency_due_at").asc(nulls_last=True), "due_at", "id")


def _section(complaint: Complaint, user: User) -> str:
    if complaint.status == Status.ON_HOLD:
        return "wait"
    if complaint.status == Status.ANSWERED:
        return "sent"
    if complaint.status == Status.ASSIGNED and complaint.accepted_at is None:
        return "accept"
    heads = complaint.department is not None and directory.heads(user, complaint.department)
    return "approve" if heads and vars(complaint)["drafted"] else "work"


def _card(
    complaint: Complaint, row: rows.Row, section: str, calendars: dict[int | None, Calendar], now: datetime
) -> Card:
    if section != "accept":
        begin = section == "work" and complaint.status == Status.ASSIGNED
        url = reverse("admin:complaints_complaint_move", args=[complaint.pk, "start"]) if begin else ""
        return Card(row, complaint.version, start_url=url)
    key = complaint.department_id
    calendar = calendars.get(key) or calendars.setdefault(key, working_time.calendar_for(complaint.department))
    until = idle.accept_until(complaint, calendar)
    url = reverse("admin:complaints_complaint_move", args=[complaint.pk, "accept"])
    return Card(row, complaint.version, url, words.moment(until, now=now) if until else "")


def count_of(sections: list[Section]) -> Iterator[tuple[str, str | Promise, int]]:
    """Name, label and number of each section, for the head of the page."""
    return ((section.name, section.label, len(section.cards)) for section in sections)
