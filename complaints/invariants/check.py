"""All rules in their order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TypeAlias

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from complaints.invariants import histories, logs, photos, polls, posts, sending
from complaints.invariants.violation import Violation

Check: TypeAlias = Callable[[datetime], Iterator[Violation]]

CHECKS: dict[str, Check] = {
    "I1": posts.every_post_has_its_place,
    "I2": sending.every_reply_stands_once,
    "I3": sending.nobody_sends_for_ever,
    "I4": polls.no_cursor_is_ahead,
    "I5": histories.every_status_follows_from_its_history,
    "I6": photos.every_photo_is_whole,
    "I7": logs.no_log_tells_secrets,
}
TITLES: dict[str, str | Promise] = {
    "I1": _("Every post has its place"),
    "I2": _("Every reply stands once"),
    "I3": _("Nothing is being sent for ever"),
    "I4": _("No cursor is ahead of what is stored"),
    "I5": _("Every status follows from its history"),
    "I6": _("Every photo is whole"),
    "I7": _("No log tells secrets"),
}


def check_rule(rule: str, *, now: datetime) -> list[Violation]:
    """Every violation of one rule. The desk works on meanwhile: what a second look does not see again was none."""
    found = list(CHECKS[rule](now))
    if not found:
        return []
    again = set(CHECKS[rule](now))
    return [violation for violation in found if violation in again]


def check_all(*, now: datetime) -> list[Violation]:
    """Every violation, rule by rule."""
    return [violation for rule in CHECKS for violation in check_rule(rule, now=now)]
