"""An emergency from the duty officer's decision to its end. Writers of Emergency, its checks and events: this file,
emergency_plans (while it is prepared) and emergency_steps (its history).

PREPARED → RUNNING (one duty officer approves; every account at once; everything scheduled stops) → FOUND (the
all-clear stands wherever the alarm went) → CLOSED. Name and photo are taken down everywhere and looked for at the
source. docs/emergencies.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from channels_sns import amendments, broadcasts, freezes, outbox, releases
from channels_sns.models import Account, Amendment, Broadcast, OutboundPost
from channels_sns.models.broadcast import Kind as BroadcastKind
from complaints import agency_alerts, emergency_words, sightings
from complaints.emergency_plans import bilingual, missing_checks
from complaints.emergency_steps import NotPossible, check_rights, note, take
from complaints.models import AgencyAlert, Emergency, EmergencyCheck

State, Item = Emergency.State, EmergencyCheck.Item
#: Posts of which something stands, or may stand, on a network.
OUT = ("SENT", "UNSURE", "SENDING")


def running() -> list[Emergency]:
    """What is under way, the newest first: its clock stands on every page."""
    return list(Emergency.objects.filter(state=State.RUNNING).order_by("-id"))


# --- under way --------------------------------------------------------------------------------------------------------


def start(emergency: Emergency, *, by: User, version: int, now: datetime) -> None:
    """The duty officer's decision: on every account and to every contact at once; everything scheduled stops.

    One transaction: all of it, or nothing. Raises NotPossible, Conflict.
    """
    check_rights(by)
    with transaction.atomic():
        take(emergency, version, State.PREPARED)
        if missing := missing_checks(emergency):
            said = "; ".join(str(Item(item).label) for item in missing)
            raise NotPossible(_("Not checked yet: %(points)s.") % {"points": said})
        freezes.begin(reason=emergency.title, by=by, now=now)
        _approve(emergency.alarm, by, now)
        contacts = emergency.contacts.filter(active=True)
        agency_alerts.tell(emergency, AgencyAlert.Occasion.ALARM, contacts, now=now)
        emergency.state, emergency.approved_by, emergency.approved_at = State.RUNNING, by, now
        emergency.save()
        note(emergency, "start", by=by, now=now)


def announce_found(emergency: Emergency, *, text: str, text_en: str, by: User, version: int, now: datetime) -> None:
    """All clear wherever the alarm went, and to everybody who was told; what was scheduled goes on.

    What of the alarm has not left yet does not leave. Raises NotPossible, Conflict.
    """
    check_rights(by)
    with transaction.atomic():
        take(emergency, version, State.RUNNING)
        reached = _stop_and_see(emergency, by, now)
        if reached:
            emergency.all_clear = _draft_all_clear(emergency, reached, text, text_en, by, now)
            _approve(emergency.all_clear, by, now)
        outbox.close_at(posts_with_name(emergency), now=now)
        agency_alerts.drop(emergency, now=now)
        told = agency_alerts.told(emergency)
        agency_alerts.tell(emergency, AgencyAlert.Occasion.ALL_CLEAR, told, now=now)
        emergency.state, emergency.found_at = State.FOUND, now
        emergency.save()
        _thaw(now)
        note(emergency, "found", by=by, now=now)


def _thaw(now: datetime) -> None:
    """Let what was scheduled go on, unless another emergency has the floor; in the caller's transaction."""
    if freezes.locked() is not None and not Emergency.objects.filter(state=State.RUNNING).exists():
        freezes.end(now=now)


def thaw(emergency: Emergency, *, by: User, now: datetime) -> None:
    """Let what was scheduled go on although this one is still under way. Raises NotPossible."""
    check_rights(by)
    with transaction.atomic():
        if emergency.state != State.RUNNING or not freezes.end(now=now):
            raise NotPossible(_("Nothing is stopped."))
        note(emergency, "thaw", by=by, now=now)


def _stop_and_see(emergency: Emergency, by: User, now: datetime) -> list[Account]:
    """Cancel what still waits; the accounts on which something stands, or may."""
    reached: dict[int, Account] = {}
    for post in releases.posts_of([emergency.alarm]):
        try:
            if post.state == OutboundPost.State.QUEUED:
                outbox.cancel(post, by=by.get_username(), now=now)
        except outbox.NotPossible:
            post.refresh_from_db()  # it left at this very moment: then it counts
        if post.state in OUT:
            reached[post.account_id] = post.account
    return list(reached.values())


def _draft_all_clear(
    emergency: Emergency, reached: Iterable[Account], text: str, text_en: str, by: User, now: datetime
) -> Broadcast:
    values: dict[str, Any] = {
        "text": text.strip() or emergency_words.all_clear(emergency, "ko"),
        "text_en": text_en.strip() or emergency_words.all_clear(emergency, "en"),
        "title": _("All clear: %(title)s") % {"title": emergency.title},
    }
    made = broadcasts.draft(
        kind=BroadcastKind.EMERGENCY, by=by, now=now, accounts=reached, follows=emergency.alarm, **values
    )
    bilingual(made)
    return made


def _approve(broadcast: Broadcast, by: User, now: datetime) -> None:
    try:
        broadcasts.approve(broadcast, by=by, version=broadcast.version, now=now)
    except broadcasts.NotPossible as error:
        raise NotPossible(str(error)) from error


def take_down(emergency: Emergency, *, by: User, now: datetime) -> int:
    """Name and photo off every place the alarm went, mentions too; how many posts. Asked twice it is one.

    Raises NotPossible.
    """
    check_rights(by)
    with transaction.atomic():
        mine = Emergency.objects.filter(pk=emergency.pk, state__in=(State.RUNNING, State.FOUND))
        if not mine.update(take_down_at=now):
            raise NotPossible(_("This is not possible now: %(state)s.") % {"state": State(emergency.state).label})
        posts = posts_with_name(emergency)
        amendments.take_down(posts, by=by, now=now)
        note(emergency, "take down", by=by, now=now)
    emergency.refresh_from_db()
    return len(posts)


def posts_with_name(emergency: Emergency) -> list[OutboundPost]:
    """Every post that carries name or photo."""
    return [*releases.posts_of([emergency.alarm]), *agency_alerts.posts_of(emergency)]


def close(emergency: Emergency, *, by: User, version: int, now: datetime, reason: str = "") -> None:
    """The end. Before name and photo are seen to be gone, only with a reason. Raises NotPossible, Conflict."""
    check_rights(by)
    with transaction.atomic():
        take(emergency, version, State.FOUND)
        if emergency.gone_at is None and len(reason.strip()) < 2:
            raise NotPossible(_("Name and photo are not yet seen to be gone. Wait, or say why you close it now."))
        for broadcast in filter(None, (emergency.alarm, emergency.all_clear)):
            broadcasts.stop_collecting(broadcast, by=by, now=now)
        emergency.state, emergency.closed_at = State.CLOSED, now
        emergency.save()
        note(emergency, "close", by=by, now=now, words=reason.strip())


# --- as the clock ticks -----------------------------------------------------------------------------------------------


def tend(*, now: datetime) -> int:
    """Gather sightings, see what stands and what is gone; how many emergencies were looked at."""
    agency_alerts.settle(now=now)
    active = list(Emergency.objects.filter(state__in=(State.RUNNING, State.FOUND)).select_related("alarm", "all_clear"))
    for emergency in active:
        sightings.gather(emergency, now=now)
        _see_posts(emergency)
        _see_gone(emergency)
    return len(active)


def _see_posts(emergency: Emergency) -> None:
    """When the first post stood, and when all did."""
    if emergency.everywhere_at is not None:
        return
    times = [(post.state, post.sent_at) for post in releases.posts_of([emergency.alarm])]
    sent = [at for _state, at in times if at is not None]
    if sent and emergency.first_post_at is None:
        _mark(emergency, "first post", first_post_at=min(sent))
    if sent and all(state == "SENT" for state, _at in times):
        _mark(emergency, "everywhere", everywhere_at=max(sent))


def _see_gone(emergency: Emergency) -> None:
    if emergency.take_down_at is None or emergency.gone_at is not None:
        return
    posts = posts_with_name(emergency)
    rows = list(Amendment.objects.filter(outbound__in=posts, kind=Amendment.Kind.DELETE))
    seen = [row.verified_at for row in rows if row.verified_at is not None]
    if len(seen) == len(posts):
        _mark(emergency, "gone", gone_at=max([*seen, emergency.take_down_at]))


def _mark(emergency: Emergency, what: str, **when: datetime) -> None:
    """Write a moment down, once."""
    ((name, at),) = when.items()
    if Emergency.objects.filter(pk=emergency.pk, **{name: None}).update(**when):
        note(emergency, what, by=None, now=at)
