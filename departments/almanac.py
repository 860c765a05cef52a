"""The country's public holidays (공휴일에 관한 법률) as the `holidays` package knows them, with their names."""

from __future__ import annotations

from datetime import date
from functools import cache

import holidays

#: The years the sums cover; the almanac's lunar tables end with the century.
FIRST_YEAR, LAST_YEAR = 1990, 2099

_LANGUAGES = {"ko": "ko", "en": "en_US"}


@cache
def public_holidays() -> frozenset[date]:
    """Every public holiday of the years covered: substitutes, elections and the 임시공휴일 of the past among them."""
    return frozenset(holidays.country_holidays("KR", years=range(FIRST_YEAR, LAST_YEAR + 1)))


def name_of(day: date, *, language: str) -> str:
    """What the holiday is called, "" for a day that is none; two on one day are named together."""
    return ", ".join(_names(day.year, _LANGUAGES.get(language, "ko")).get(day, "").split("; ")).strip()


@cache
def _names(year: int, language: str) -> dict[date, str]:
    return dict(holidays.country_holidays("KR", years=year, language=language))
