"""Fills an empty desk: all of it, or nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from channels_sns import accounts, inbox, media
from channels_sns.account_details import webhook_address
from channels_sns.adapters import ADAPTERS
from channels_sns.models import Account
from complaints.demo import entries, plans, voice
from complaints.demo.people import Login, move_in
from complaints.demo.stage import DemoFailed, Stage, Story
from complaints.demo.town import Town
from complaints.models import Complaint
from departments.models import Department

#: What the English page is called, and an account with the town that it lives in.
ENGLISH_PAGE = "Busan City (English)"
Door = tuple[Account, Town]
#: Everybody was there, and every account connected, before the first post.
BEFORE = timedelta(days=15)


class NotEmpty(Exception):
    """The desk is in use; a demo would get in its way."""


@dataclass(frozen=True, slots=True)
class Seeded:
    """What the desk now holds."""

    logins: tuple[Login, ...]
    accounts: tuple[str, ...]
    complaints: dict[str, int]
    photos: int


def refuse_unless_empty() -> None:
    """Raises NotEmpty."""
    if User.objects.exists() or Account.objects.exists() or Complaint.objects.exists():
        raise NotEmpty(_("This desk already has people or accounts. The demo is only for an empty desk."))
    if not Department.objects.exists():
        raise NotEmpty(_("The city is not loaded yet. Run load_city first."))


def seed(town: Town, *, password: str, now: datetime, tick: Callable[[], object], desk: str = "") -> Seeded:
    """Raises NotEmpty, TownClosed, DemoFailed. `tick` is called once for each complaint that is told.

    `desk`: the address at which the sandbox finds this desk, if it is not the public one.
    """
    refuse_unless_empty()
    with _leases_of(2 * BEFORE), transaction.atomic():
        people = move_in(password=password, since=now - BEFORE)
        doors = _connect(town, now)
        stage = Stage(people)
        stories = [
            Story(entry, *_door_of(entry.wish, number, doors), people.officers[number % 2])
            for number, entry in enumerate(entries.read(now=now))
        ]
        for at, step, story in _in_order(stories, now):
            stage.play(step, story, at)
            if at == story.entry.posted_at:
                tick()
        for account, place in doors.values():
            inbox.collect(account, now=now - settings.POLL_EVERY)  # so that the next poll is due at once
            if not accounts.capabilities_of(account).pulled:
                place.push_to(account.kind, webhook_address(account, desk=desk))
        voice.go_on(stage, people, now=now)
        plans.lay_out([account for account, _place in doors.values()], by=people.officers[0], now=now)
        photos = media.fetch_due(now=now, limit=len(stories))["STORED"]
    states = Counter(Complaint.objects.order_by().values_list("status", flat=True))
    names = tuple(f"{account.kind}:{account.handle}" for account, _place in doors.values())
    return Seeded(tuple(people.logins), names, dict(states), photos)


@contextmanager
def _leases_of(length: timedelta) -> Iterator[None]:
    """A sender's lease is held against the real clock: one that begins in the told past must last until now."""
    usual, settings.LEASE = settings.LEASE, length
    try:
        yield
    finally:
        settings.LEASE = usual


def _connect(town: Town, now: datetime) -> dict[str, Door]:
    """Every network that both the desk and the sandbox speak, and the English page on Facebook."""
    spoken = [kind for kind in ADAPTERS if kind in town.networks()]
    if not spoken:
        raise DemoFailed(_("The sandbox speaks no network that the desk knows."))
    town.begin()
    doors = {kind: _open(kind, town, now) for kind in spoken}
    if "facebook" in spoken:
        english = town.beside("english")
        english.begin()
        english.name_city("facebook", ENGLISH_PAGE)
        doors["facebook-en"] = _open("facebook", english, now, language="en")
    return doors


def _open(kind: str, town: Town, now: datetime, *, language: str = "ko") -> Door:
    account = accounts.connect(
        kind=kind,
        handle=town.city_handle(kind),
        base_url=town.base_url(kind),
        secrets=town.credentials(kind),
        now=now - BEFORE,
        language=language,
    )
    return account, town


def _door_of(wish: str, number: int, doors: dict[str, Door]) -> Door:
    """The wished account, else another one."""
    return doors.get(wish) or list(doors.values())[number % len(doors)]


def _in_order(stories: list[Story], now: datetime) -> list[tuple[datetime, str, Story]]:
    """Every step of every story that is past by now, as it happened."""
    order = count()
    steps = [(at, next(order), step, story) for story in stories for at, step in story.entry.steps()]
    return [(at, step, story) for at, _order, step, story in sorted(steps, key=lambda one: one[:2]) if at < now]
