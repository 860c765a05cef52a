"""manage.py collect: poll the city's accounts once, in the foreground, and register what came."""

from __future__ import annotations

from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext as _

from channels_sns import inbox
from channels_sns.clock import database_now
from channels_sns.inbox import Collected
from channels_sns.models import Account
from complaints import intake
from complaints.management.desk_command import (
    NO,
    DeskCommand,
    add_account_argument,
    chosen_accounts,
    label_of,
    progress,
)


class Command(DeskCommand):
    def about(self) -> str:
        return _(
            "Poll the city's accounts once and register what came. A poll that is not due yet is made all the same; "
            "one that another process is making is left to it. "
            "Exit codes: 0 done, 1 a poll failed or an account is stopped, 2 there is no such account."
        )

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        add_account_argument(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        polled = [(account, _poll(account)) for account in progress(chosen_accounts(options["account"]))]
        registered = intake.register_waiting(now=database_now())
        failed = sum(bool(collected.error) for _account, collected in polled)
        rows = [{"id": account.pk, "account": label_of(account), **asdict(one)} for account, one in polled]
        result = {"ok": not failed, "accounts": rows, "registered": asdict(registered)}
        told = {
            _("new complaints"): registered.opened,
            _("follow-ups"): registered.joined,
            _("reopened"): registered.reopened,
            _("not for the desk"): registered.ignored,
            _("dead letters"): registered.dead,
        }
        lines = [_line(account, one) for account, one in polled] or [_("No account is connected.")]
        lines.append(_("Registered: %(counts)s") % {"counts": _counts(told)})
        self.tell(result, lines, as_json=options["json"])
        if failed:
            raise SystemExit(NO)


def _poll(account: Account) -> Collected:
    """A stopped account waits for a person; polling it would only be refused again."""
    if account.state != Account.State.ACTIVE:
        return Collected(error=account.suspended_reason or account.state)
    return inbox.collect(account, now=database_now())


def _line(account: Account, collected: Collected) -> str:
    if collected.busy:
        return _("%(account)s: another process is polling it") % {"account": label_of(account)}
    told = {
        _("new"): collected.new,
        _("known"): collected.known,
        _("changed"): collected.changed,
        _("dead letters"): collected.dead,
        _("pages"): collected.pages,
    }
    words = _counts(told) + (f"; {collected.gap}" if collected.gap else "")
    if collected.error:
        words = _("failed: %(error)s") % {"error": collected.error}
    return f"{label_of(account)}: {words}"


def _counts(told: dict[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in told.items() if count) or "0"
