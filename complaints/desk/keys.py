"""The keys of the triage desk (docs/triage.md), and who has switched the single ones off. Only writer of DeskChoice."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from complaints.models import DeskChoice


@dataclass(frozen=True, slots=True)
class Key:
    """What stands on the key, and what it does. static/desk/triage-keys.js acts on them."""

    names: tuple[str, ...]
    does: str | Promise


KEYS = (
    Key(("J", "K"), _("next, previous complaint")),
    Key(("1", "2", "3"), _("assign to the suggested department")),
    Key(("D",), _("find another department: type its name or its initials (ㄱㄱㅈ), then Enter")),
    Key(("E",), _("not a complaint; then 1 to 3 for the reason")),
    Key(("M",), _("the same as another complaint; then 1 to 3 for which one")),
    Key(("I",), _("part of an incident; then 1 to 4 for which one, N for a new one")),
    Key(("U",), _("urgent, or not urgent any more")),
    Key(("A",), _("emergency broadcast, filled from the open complaint")),
    Key(("P",), _("where it happened; then 1 to 3")),
    Key(("R",), _("write the reply")),
    Key(("T",), _("templates for the reply; then 1 to 9 for which one")),
    Key(("N",), _("write a note")),
    Key(("G",), _("put a tag on")),
    Key(("Z",), _("undo your last step")),
    Key(("/",), _("search")),
    Key(("Esc",), _("leave the field")),
    Key(("?",), _("this help")),
)


def single_keys_of(user: User) -> bool:
    """Do single keys act for this person? Yes, until he says no."""
    off = DeskChoice.objects.filter(user=user, single_keys=False)
    return not off.exists()


def choose(user: User, *, single_keys: bool) -> None:
    """Remembered for every browser he logs in with."""
    DeskChoice.objects.update_or_create(user=user, defaults={"single_keys": single_keys})
