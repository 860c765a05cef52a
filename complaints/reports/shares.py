"""Every tally, and their shares as large numbers for the pages and mails that show all figures."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import AnonymousUser, User

from complaints.reports import promises_kept, satisfaction, tallies
from complaints.reports.cards import Card
from complaints.reports.readers import Reader
from complaints.reports.slices import Slice
from complaints.reports.tallies import Tally

TALLIES: dict[str, Tally] = {tally.name: tally for tally in (promises_kept.TALLY, satisfaction.TALLY)}


def cards_of(asked: Slice, user: User | AnonymousUser, reader: Reader, *, now: datetime) -> list[Card]:
    """Both shares of the period; a query each."""
    return [tallies.card_of(tally, asked, user, reader, now=now) for tally in TALLIES.values()]
