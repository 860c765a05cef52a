"""Everything that happened in an emergency, in order: what the report is made of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from channels_sns import releases
from channels_sns.models import Amendment
from complaints import emergencies
from complaints.broadcasting.emergency_lines import sighting_lines
from complaints.models import Emergency, EmergencyCheck
from complaints.pages.names import channel_name
from complaints.pages.people import person_name

EVENTS = {
    "prepare": gettext_lazy("Prepared"),
    "start": gettext_lazy("Approved and sent to every account"),
    "first post": gettext_lazy("The first post stands"),
    "everywhere": gettext_lazy("It stands on every account"),
    "found": gettext_lazy("All clear given"),
    "thaw": gettext_lazy("What was scheduled goes on"),
    "take down": gettext_lazy("Name and photo to be taken down"),
    "gone": gettext_lazy("Name and photo seen to be gone everywhere"),
    "close": gettext_lazy("Closed"),
    "give up": gettext_lazy("Given up"),
}


@dataclass(frozen=True, slots=True)
class Moment:
    """A line of the report."""

    at: datetime
    what: str
    who: str = ""
    note: str = ""


def timeline(emergency: Emergency) -> list[Moment]:
    """Decisions, posts, alerts, sightings, removals."""
    sources = (_decisions, _posts, _alerts, _sightings, _removals)
    return sorted((moment for source in sources for moment in source(emergency)), key=lambda one: one.at)


def _decisions(emergency: Emergency) -> Iterator[Moment]:
    for event in emergency.events.select_related("by"):
        yield Moment(event.at, str(EVENTS.get(event.what, event.what)), person_name(event.by), event.note)
    for check in emergency.checks.select_related("by"):
        yield Moment(check.at, str(EmergencyCheck.Item(check.item).label), person_name(check.by), check.note)


def _posts(emergency: Emergency) -> Iterator[Moment]:
    for broadcast in filter(None, (emergency.alarm, emergency.all_clear)):
        for post in releases.posts_of([broadcast]):
            where = channel_name(post.account)
            if post.sent_at:
                yield Moment(post.sent_at, _("Posted on %(where)s") % {"where": where}, "", post.url)
            elif post.last_error:
                at = post.first_attempt_at or post.created_at
                yield Moment(at, _("Not posted on %(where)s") % {"where": where}, "", post.last_error)


def _alerts(emergency: Emergency) -> Iterator[Moment]:
    for row in emergency.alerts.select_related("contact", "called_by").exclude(done_at=None):
        way = f"{row.contact.name} ({row.contact.get_way_display()})"
        what = f"{row.get_occasion_display()}: {way}, {row.get_state_display()}"
        yield Moment(row.done_at or row.created_at, what, person_name(row.called_by), row.last_error)


def _sightings(emergency: Emergency) -> Iterator[Moment]:
    for one in sighting_lines(emergency):
        post, weighed = one.sighting.post, one.sighting.get_state_display()
        what = _("Sighting on %(where)s") % {"where": one.channel}
        yield Moment(post.posted_at, f"{what}, {weighed}", str(post.author or ""), post.text)


def _removals(emergency: Emergency) -> Iterator[Moment]:
    rows = Amendment.objects.filter(outbound__in=emergencies.posts_with_name(emergency))
    for row in rows.select_related("outbound__account"):
        at, where = row.verified_at or row.done_at or row.asked_at, {"where": channel_name(row.outbound.account)}
        if row.state == Amendment.State.VERIFIED:
            yield Moment(at, _("Gone, seen at the source: %(where)s") % where)
        elif row.state == Amendment.State.FAILED:
            yield Moment(at, _("Could not be taken down: %(where)s") % where, "", row.last_error)
