"""Receipt numbers: B26-004217 is the year, a serial and a check digit (docs/decisions/0008-receipt-number.md).

The last digit is a Damm check digit over year and serial: every single wrong digit and every pair of neighbours
exchanged is noticed, on the telephone too. Serials are padded to five digits and simply grow beyond 99,999.
"""

from __future__ import annotations

import re
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from complaints.models import ReceiptCounter

#: The quasigroup of order 10 of H. Michael Damm, "Total anti-symmetrische Quasigruppen" (Marburg 2004).
_DAMM = (
    "0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
    "3674209581", "5869720134", "8945362017", "9438617205", "2581436790",
)  # fmt: skip
_NUMBER = re.compile(r"B(\d{2})-(\d{6,10})")


def draw(count: int, *, now: datetime) -> list[str]:
    """The next `count` numbers of this year (Asia/Seoul), in order. In the caller's transaction: others wait for it."""
    year = timezone.localtime(now).year
    with transaction.atomic():
        ReceiptCounter.objects.get_or_create(year=year)
        ReceiptCounter.objects.filter(year=year).update(last=F("last") + count)
        last = ReceiptCounter.objects.values_list("last", flat=True).get(year=year)
    return [number_of(year, serial) for serial in range(last - count + 1, last + 1)]


def number_of(year: int, serial: int) -> str:
    """The number as it is written."""
    digits = f"{year % 100:02d}{serial:05d}"
    return f"B{digits[:2]}-{digits[2:]}{check_digit(digits)}"


def is_valid(number: str) -> bool:
    """Is it written like a receipt number, and does its check digit fit?"""
    match = _NUMBER.fullmatch(number)
    return match is not None and check_digit("".join(match.groups())) == "0"


def check_digit(digits: str) -> str:
    """The digit to put behind `digits`; "0" for digits that already end with theirs."""
    interim = 0
    for digit in digits:
        interim = int(_DAMM[interim][int(digit)])
    return str(interim)
