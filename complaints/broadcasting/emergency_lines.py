"""An emergency as the pages and the report show it: who was told, what was seen, what was stopped, what is gone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from channels_sns import health_words, releases
from channels_sns.models import Amendment, Broadcast
from complaints import emergencies
from complaints.broadcasting import cards
from complaints.models import AgencyAlert, Emergency, Sighting
from complaints.pages.emergency_bar import clock
from complaints.pages.names import channel_name
from complaints.pages.people import person_name

TONES = {"SENT": "good", "CALLED": "good", "FAILED": "bad", "TO_CALL": "warn", "QUEUED": ""}


@dataclass(frozen=True, slots=True)
class AlertLine:
    """One contact told, or to be told."""

    alert: AgencyAlert
    tone: str
    who: str
    callable: bool


@dataclass(frozen=True, slots=True)
class SightingLine:
    sighting: Sighting
    channel: str
    url: str
    who: str


@dataclass(frozen=True, slots=True)
class Standing:
    """A post with name or photo: is it gone? `state`: of the removal, "" where nobody asked for it yet."""

    where: str
    url: str
    state: str
    label: str
    problem: str


def alert_lines(emergency: Emergency) -> list[AlertLine]:
    rows = emergency.alerts.select_related("contact", "called_by").order_by("-occasion", "id")
    return [
        AlertLine(
            row,
            TONES[row.state],
            person_name(row.called_by) if row.called_by else "",
            row.state in (AgencyAlert.State.TO_CALL, AgencyAlert.State.FAILED),
        )
        for row in rows
    ]


def sighting_lines(emergency: Emergency) -> list[SightingLine]:
    """The newest first; what is of no use last."""
    rows = emergency.sightings.select_related("post__account", "post__author", "decided_by", "post__complaint_link")
    ordered = sorted(rows, key=lambda row: (row.state == Sighting.State.OTHER, -row.pk))
    return [
        SightingLine(
            row,
            channel_name(row.post.account),
            health_words.followable(row.post.permalink),
            person_name(row.decided_by) if row.decided_by else "",
        )
        for row in ordered
    ]


def standing(emergency: Emergency) -> list[Standing]:
    """Every post that carries name or photo, and what became of it."""
    posts = emergencies.posts_with_name(emergency)
    rows = Amendment.objects.filter(outbound__in=posts, kind=Amendment.Kind.DELETE)
    asked = {row.outbound_id: row for row in rows}
    found = []
    for post in posts:
        row = asked.get(post.pk)
        found.append(
            Standing(
                channel_name(post.account),
                health_words.followable(post.url),
                row.state if row else "",
                str(Amendment.State(row.state).label) if row else _("stands"),
                row.last_error if row and row.state == Amendment.State.FAILED else "",
            )
        )
    return found


def held_up(emergency: Emergency) -> list[Broadcast]:
    """What was scheduled and waits, or waited, for the end of it."""
    if emergency.approved_at is None:
        return []
    thawed = emergency.events.filter(what="thaw").order_by("at").values_list("at", flat=True).first()
    return releases.held_up(emergency.approved_at, thawed or emergency.found_at)


def passed(emergency: Emergency, *, now: datetime) -> str:
    """How long it has lasted, or lasted."""
    since = emergency.since
    return clock(since, now=emergency.found_at or now) if since else ""


def sent(broadcast: Broadcast | None, *, now: datetime) -> list[cards.Sent]:
    return cards.sent(broadcast, now=now) if broadcast else []
