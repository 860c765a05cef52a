"""One complaint as a line of a list: everything a template needs, and no query of its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Left
from django.urls import reverse
from django.utils.translation import gettext as _

from channels_sns.models import InboundMedia
from complaints import abuse, handing, privacy, tags
from complaints.models import Complaint, Tag
from complaints.pages import clock_words, words
from complaints.pages.names import network_word
from departments import working_time
from departments.working_time import Calendar

EXCERPT = 180
LIST_FIELDS = ("account", "author", "district", "department")


@dataclass(frozen=True, slots=True)
class Row:
    """A line; `dues`: its clocks, the worse first, then that of handing it on; none where nothing is due any more.

    `pick`: the complaint as it is seen here, id and version."""

    url: str
    pick: str
    number: str
    status: str
    status_label: str
    urgent: bool
    author: str
    excerpt: str
    thumbnail: str
    has_photo: bool
    network: str
    account: str
    district: str
    department: str
    age: str
    age_exact: str
    dues: tuple[clock_words.Due, ...]
    has_news: bool
    tags: tuple[str, ...]

    @property
    def tone(self) -> str:
        """Of the worse clock."""
        return self.dues[0].tone if self.dues else ""


def for_list(queryset: QuerySet[Complaint]) -> QuerySet[Complaint]:
    """The columns a line needs, in one query; long texts stay in the database."""
    rows = queryset.select_related(*LIST_FIELDS).annotate(excerpt=Left("text", EXCERPT)).defer("text")
    return handing.with_given(rows)


def rows_of(complaints: Iterable[Complaint], user: Any, *, now: datetime) -> list[Row]:
    """Lines for `user`: names masked for who may not see them. Three more queries, for calendar and photos."""
    found, calendar = list(complaints), working_time.calendar_for()
    thumbnails = _thumbnails([c.pk for c in found if c.has_photo])
    tagged = tags.names_of([c.pk for c in found])
    return [
        _row(
            c,
            thumbnails.get(c.pk, ""),
            tagged.get(c.pk, []),
            masked=privacy.is_masked_on(c, user),
            now=now,
            calendar=calendar,
        )
        for c in found
    ]


def _row(
    complaint: Complaint, thumbnail: str, own: list[Tag], *, masked: bool, now: datetime, calendar: Calendar
) -> Row:
    return Row(
        url=reverse("admin:complaints_complaint_change", args=[complaint.pk]),
        pick=f"{complaint.pk}:{complaint.version}",
        number=complaint.number,
        status=complaint.status,
        status_label=words.status(complaint),
        urgent=complaint.priority == Complaint.Priority.URGENT,
        author=privacy.author_label(complaint.author, masked=masked),
        excerpt=excerpt_of(complaint, masked=masked),
        thumbnail=thumbnail,
        has_photo=complaint.has_photo,
        network=network_word(complaint.account),
        account=complaint.account.name or f"@{complaint.account.handle}",
        district=complaint.district.name if complaint.district else "",
        department=complaint.department.name if complaint.department else "",
        age=words.ago(complaint.received_at, now=now),
        age_exact=words.stamp(complaint.received_at),
        dues=(
            *clock_words.of(complaint, now=now, calendar=calendar),
            *clock_words.handing_on(complaint, now=now, calendar=calendar),
        ),
        has_news=complaint.news_at is not None,
        tags=tuple(tag.name for tag in own),
    )


def excerpt_of(complaint: Complaint, *, masked: bool) -> str:
    """What a line says; words of abuse are shown only on the page, and there only when they are asked for."""
    began = vars(complaint).get("excerpt")  # where `listed` left the long text in the database
    said = str(complaint.text[:EXCERPT] if began is None else began)
    text = _without_call(" ".join(said.split()), complaint.account.handle)
    if abuse.abusive_words(text):
        return _("(hidden: it may hold words of abuse)")
    return (privacy.mask_beginning(text, cut=len(said) >= EXCERPT) if masked else text) or _("(photo only)")


def _without_call(text: str, handle: str) -> str:
    """A line has little room: the city's own @name in front of what the citizen says is left out."""
    called, _space, rest = text.partition(" ")
    return rest if rest and called.lower() == f"@{handle.lower()}" else text


def _thumbnails(ids: list[int]) -> dict[int, str]:
    """The first stored photo of the posts that opened these complaints."""
    if not ids:
        return {}
    stored = InboundMedia.objects.filter(
        post__complaint_link__complaint__in=ids, post__complaint_link__opened=True, state=InboundMedia.State.STORED
    ).order_by("-position")
    pairs = stored.values_list("post__complaint_link__complaint_id", "pk")
    return {complaint: reverse("photo", args=[pk, "small"]) for complaint, pk in pairs}
