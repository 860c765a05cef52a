"""Keys for a person's own programs: made, shown once, used, revoked. Only writer of ApiToken.

A key has 256 random bits, so a plain digest keeps it: nobody finds a key to a digest. It opens what its owner may see
at that very moment and nothing else, for rights are looked up at every request (docs/rights.md).
"""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from complaints.models import ApiToken
from departments import directory
from departments.models import Role

PREFIX = "ttb_"
#: How many days a key may be valid.
DAYS = (30, 90, 180, 365)
#: Valid ones of one person at once.
MOST = 10
#: The last use is written down at most so often.
USED_EVERY = timedelta(minutes=1)
_KEY = re.compile(rf"{PREFIX}[A-Za-z0-9_-]{{43}}")


class NotPossible(Exception):
    """No key was made; the text says why, for people."""


class NoSuchKey(Exception):
    """Nobody has this key."""


class KeyIsOver(Exception):
    """It was a key once: revoked, expired, or its owner may not log in any more."""


def issue(*, owner: User, name: str, days: int, now: datetime) -> tuple[ApiToken, str]:
    """A new key, and the row that knows it. Raises NotPossible."""
    if not name or len(name) > ApiToken.NAME_MAX:
        raise NotPossible(_("Please name the token after the program that uses it, in at most 60 characters."))
    if days not in DAYS:
        raise NotPossible(_("Please choose how long the token is valid."))
    if valid_ones(owner, now=now).count() >= MOST:
        raise NotPossible(_("You have %(most)d tokens already: revoke one first.") % {"most": MOST})
    key = PREFIX + secrets.token_urlsafe(32)
    row = ApiToken(owner=owner, name=name, hint=key[:8], digest=_digest(key), created_at=now)
    row.expires_at = now + timedelta(days=days)
    try:
        with transaction.atomic():
            expired = ApiToken.objects.filter(owner=owner, name=name, revoked_at=None, expires_at__lte=now)
            expired.update(revoked_at=now, revoked_by=owner)  # its name is free again
            row.save(force_insert=True)
    except IntegrityError as error:
        raise NotPossible(_("You have a token of this name already: revoke it first.")) from error
    return row, key


def valid_ones(owner: User, *, now: datetime) -> QuerySet[ApiToken]:
    return ApiToken.objects.filter(owner=owner, revoked_at=None, expires_at__gt=now)


def seen_by(user: User) -> QuerySet[ApiToken]:
    """One's own; an administrator sees everybody's, never a key."""
    own = Q() if directory.has_role(user, Role.ADMINISTRATOR) else Q(owner=user)
    return ApiToken.objects.filter(own).select_related("owner", "revoked_by")


def revoke(token: ApiToken, *, by: User, now: datetime) -> bool:
    """From now on it opens nothing; False: it was revoked before. Who may: whoever sees it (`seen_by`)."""
    return bool(ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now, revoked_by=by))


def find(key: str, *, now: datetime) -> ApiToken:
    """The row of a key that is valid, with its owner. Raises NoSuchKey, KeyIsOver."""
    if not _KEY.fullmatch(key):
        raise NoSuchKey
    row = ApiToken.objects.select_related("owner").filter(digest=_digest(key)).first()
    if row is None:
        raise NoSuchKey
    if not (row.is_valid(now) and row.owner.is_active):
        raise KeyIsOver
    return row


def used(token: ApiToken, *, address: str | None, now: datetime) -> None:
    """Write down when and from where; seldom, for a program may ask every second."""
    old = Q(last_used_at=None) | Q(last_used_at__lte=now - USED_EVERY)
    ApiToken.objects.filter(old, pk=token.pk).update(last_used_at=now, last_used_from=address)


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
