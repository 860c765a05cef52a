"""Reading again what a gap left out (다시 훑기): the next poll begins some days earlier.

What is known already stays the same row; nothing older than the connection is asked for.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from channels_sns import inbox
from channels_sns.adapters.rewind import REWINDS
from channels_sns.models import Account

REACH = timedelta(days=7)


def can(account: Account) -> bool:
    """Can this account's network be asked for the past?"""
    return account.kind in REWINDS


def read_again(account: Account, *, now: datetime) -> bool:
    """Begin the next poll REACH earlier and put the gap aside; False where the network cannot."""
    if not can(account):
        return False
    moment = max(account.connected_at, now - REACH)
    inbox.rewind(account, cursor=REWINDS[account.kind](moment), now=now)
    return True
