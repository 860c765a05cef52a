"""I7: the log files below var/log hold no account's keys and no resident registration number."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from channels_sns.evidence import mask_resident_numbers
from channels_sns.models import Account
from channels_sns.secrets import SecretsUnreadable, unseal
from complaints.invariants.violation import Violation

#: A shorter value ("ko", a number) stands in logs by chance.
SECRET_MIN = 8
#: Without six digits in a row an ASCII line has no resident number; a quick look that spares the thorough one.
_SIX_DIGITS = re.compile(r"[0-9]{6}")
#: How long a task took ("0.0610143039994s") is no birthday.
_SECONDS = re.compile(r"(?<![0-9])[0-9]+\.[0-9]+(?=s\b)")


def no_log_tells_secrets(now: datetime) -> Iterator[Violation]:
    """Names the line, never what stands in it."""
    secrets: dict[str, str] = {}
    for account in Account.objects.order_by("id"):
        try:
            for name, value in unseal(account.secrets).items():
                if len(value) >= SECRET_MIN:
                    secrets[value] = f"{name} of account {account.pk}"
        except SecretsUnreadable:
            yield Violation("I7", f"account {account.pk}", _("its keys cannot be read, so nobody can look for them"))
    folder = settings.VAR_DIR / "log"
    for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
        if path.is_file():
            yield from _in_file(path, secrets)


def _in_file(path: Path, secrets: Mapping[str, str]) -> Iterator[Violation]:
    with path.open(encoding="utf-8", errors="replace") as lines:
        for number, line in enumerate(lines, start=1):
            for value, name in secrets.items():
                if value in line:
                    yield Violation("I7", f"{path.name}:{number}", _("tells %(secret)s") % {"secret": name})
            if _names_a_resident(_SECONDS.sub("", line)):
                yield Violation("I7", f"{path.name}:{number}", _("holds a resident registration number"))


def _names_a_resident(line: str) -> bool:
    return (not line.isascii() or bool(_SIX_DIGITS.search(line))) and mask_resident_numbers(line) != line
