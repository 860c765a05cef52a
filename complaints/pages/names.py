"""Short tables and names that every page of the desk shows: departments, districts, channels, networks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy

from channels_sns.health_words import network_name
from channels_sns.models import Account
from complaints.tags import in_use
from departments import directory
from departments.models import Department, District, Role

REMEMBER_SECONDS = 60
#: A list that nobody reads to its end.
TAGS_MAX = 200
#: Networks that have a name of their own in Korean.
NETWORK_WORDS = {
    "facebook": pgettext_lazy("network", "Facebook"),
    "me2day": pgettext_lazy("network", "me2day"),
    "youtube": pgettext_lazy("network", "YouTube"),
    "bluesky": pgettext_lazy("network", "Bluesky"),
    "kakao": pgettext_lazy("network", "KakaoTalk"),
}


def sees_all_departments(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Everybody at the desk but the people of one department."""
    everyone = directory.has_role(user, Role.OFFICER, Role.MANAGER, Role.AUDITOR)
    return everyone or bool(getattr(user, "is_superuser", False))


def sees_complaints(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Who has a list of complaints at all; which ones stand in it, `visible_to` says."""
    return sees_all_departments(user) or directory.has_role(user, Role.STAFF, Role.HEAD, Role.ARBITER)


def departments() -> list[tuple[int, str, str]]:
    """(id, name, bureau) of the departments that exist today, by bureau."""
    today = timezone.localdate()
    found = Department.objects.active(today).order_by("bureau", "name")
    return remembered("departments", lambda: [(d.pk, d.name, d.bureau) for d in found])


def districts() -> list[tuple[str, str]]:
    """(id, name) of the districts of today."""
    return remembered("districts", lambda: [(str(d.pk), d.name) for d in District.objects.filter(active_to=None)])


def tags() -> list[tuple[str, str]]:
    """(id, name) of the tags that are in use."""
    return [(str(pk), name) for pk, name in in_use().values_list("pk", "name")[:TAGS_MAX]]


def channels() -> list[tuple[str, str]]:
    """(id, name) of the city's accounts, in the reader's language."""
    accounts = Account.objects.defer("secrets")
    return remembered(f"accounts-{get_language()}", lambda: [(str(a.pk), channel_name(a)) for a in accounts])


def channel_name(account: Account) -> str:
    """An account as officers call it: the network first, for the city has the same name on all of them."""
    return f"{network_word(account)} · {account.name or f'@{account.handle}'}"


def network_word(account: Account) -> str:
    """The network in the reader's language; one without such a word as it calls itself."""
    return str(NETWORK_WORDS.get(account.kind) or network_name(account))


def remembered(name: str, read: Callable[[], list[Any]]) -> list[Any]:
    """A short table, read at most once a minute: it changes a few times a year."""
    return cache.get_or_set(f"desk-filter-{name}", read, REMEMBER_SECONDS) or []
