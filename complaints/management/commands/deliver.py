"""manage.py deliver: send and read back what is due, in the foreground, and settle the replies."""

from __future__ import annotations

import sys
import time
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from tqdm import tqdm

from channels_sns import delivery
from channels_sns.clock import database_now
from channels_sns.models import Account, OutboundPost
from complaints import settlement
from complaints.management.desk_command import (
    NO,
    SENSELESS,
    DeskCommand,
    add_account_argument,
    chosen_accounts,
    label_of,
)

State = OutboundPost.State
UNDER_WAY = (State.QUEUED, State.SENDING, State.UNSURE)
REFUSED = (State.FAILED, State.BLOCKED)
PAUSE_SECONDS = 0.5


class Command(DeskCommand):
    def about(self) -> str:
        return _(
            "Send what is due in the outbox, read back what is unsure, and settle the replies. "
            "Exit codes: 0 nothing is left, 1 a post was refused or still waits, 2 there is no such account or "
            "sending is switched off."
        )

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        add_account_argument(parser)
        parser.add_argument(
            "--until-idle",
            type=float,
            default=0.0,
            metavar="SECONDS",
            help=_("Go on until nothing waits any more, at most that long"),
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.SENDING_ENABLED:
            raise CommandError(_("Sending is switched off (DESK_SENDING_ENABLED)."), returncode=SENSELESS)
        accounts = chosen_accounts(options["account"])
        done = _deliver(accounts, seconds=options["until_idle"])
        settled = _settle()
        waiting, undecided = _waiting(accounts).count(), _undecided(accounts).count()
        refused = sum(count for (_account, state), count in done.items() if state in REFUSED)
        rows = [{"id": one.pk, "account": label_of(one), "posts": _states(done, one)} for one in accounts]
        ok = not (refused or waiting or undecided)
        result = {"ok": ok, "accounts": rows, "settled": settled, "waiting": waiting, "needs_officer": undecided}
        told = _("Replies settled: %(settled)d; still waiting: %(waiting)d; for an officer to decide: %(undecided)d")
        last = told % {"settled": settled, "waiting": waiting, "undecided": undecided}
        self.tell(result, [*(_line(done, one) for one in accounts), last], as_json=options["json"])
        if not ok:
            raise SystemExit(NO)


def _deliver(accounts: Sequence[Account], *, seconds: float) -> Counter[tuple[int, str]]:
    """(account, state) → how many rows were left in it; goes round again until nothing waits or the time is up."""
    done: Counter[tuple[int, str]] = Counter()
    end = time.monotonic() + seconds
    with tqdm(total=_waiting(accounts).count(), disable=not sys.stderr.isatty(), leave=False) as bar:
        while True:
            for account in accounts:
                for state, count in delivery.deliver_due(account, now=database_now()).items():
                    done[account.pk, state] += count
                    bar.update(count if state not in UNDER_WAY else 0)
            if time.monotonic() >= end or not _waiting(accounts).exists():
                return done
            time.sleep(PAUSE_SECONDS)


def _settle() -> int:
    """All replies whose fate is known by now; `settle` takes them by the batch."""
    settled = 0
    while changed := settlement.settle(now=database_now()):
        settled += changed
    return settled


def _waiting(accounts: Sequence[Account]) -> QuerySet[OutboundPost]:
    """What will still move by itself."""
    return OutboundPost.objects.filter(account__in=accounts, state__in=UNDER_WAY, needs_officer_at=None)


def _undecided(accounts: Sequence[Account]) -> QuerySet[OutboundPost]:
    return OutboundPost.objects.filter(account__in=accounts, state=State.UNSURE, needs_officer_at__isnull=False)


def _states(done: Counter[tuple[int, str]], account: Account) -> dict[str, int]:
    return {state: count for (pk, state), count in sorted(done.items()) if pk == account.pk}


def _line(done: Counter[tuple[int, str]], account: Account) -> str:
    words = [f"{State(state).label} {count}" for state, count in _states(done, account).items()]
    said = ", ".join(words) or _("nothing was due")
    return f"{label_of(account)}: {said}"
