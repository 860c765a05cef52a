"""What stands on top of every page while an emergency is under way: what it is, and for how long."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from complaints import emergencies
from complaints.models import Emergency
from departments import directory
from departments.models import Role


@dataclass(frozen=True, slots=True)
class Bar:
    """`url`: for who may open it. `stands`: the clock runs since the first post, else since the decision."""

    title: str
    since: datetime
    passed: str
    stands: bool
    url: str


def bars_for(user: AbstractBaseUser | AnonymousUser, *, now: datetime) -> list[Bar]:
    """One for each emergency under way; one query where there is none."""
    return [_bar(one, one.since, user, now) for one in emergencies.running() if one.since is not None]


def _bar(emergency: Emergency, since: datetime, user: AbstractBaseUser | AnonymousUser, now: datetime) -> Bar:
    officer = directory.has_role(user, Role.OFFICER)
    url = reverse("emergencies:page", args=[emergency.pk]) if officer else ""
    return Bar(emergency.title, since, clock(since, now=now), emergency.first_post_at is not None, url)


def clock(since: datetime, *, now: datetime) -> str:
    """“07:42”, “1:07:42”: as the page counts on by itself."""
    seconds = max(0, int((now - since).total_seconds()))
    hours, rest = divmod(seconds, 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes:02}:{left:02}"
