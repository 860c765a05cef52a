"""Followers of days before this desk, from a CSV file: date, account, followers. Only writer of FollowerFigure.

All of a file or nothing of it; the same file again changes nothing.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from channels_sns.adapters import ADAPTERS
from channels_sns.models import Account, Brand, FollowerFigure

LINES_MAX = 100_000
FOLLOWERS_MAX = 10_000_000_000
#: Names of the columns, as somebody may write them.
COLUMNS = {
    "date": "date", "day": "date", "날짜": "date", "일자": "date",
    "account": "account", "network": "account", "계정": "account", "채널": "account",
    "followers": "followers", "friends": "followers", "팔로어": "followers", "팔로워": "followers", "친구": "followers",
}  # fmt: skip
ALL_TOGETHER = ("total", "합계", "전체")


class Refused(Exception):
    """Nothing was kept. `problems`: (line, what is wrong there)."""

    def __init__(self, problems: list[tuple[int, str]]) -> None:
        super().__init__(problems)
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Row:
    """One line that makes sense."""

    day: date
    account: Account | None
    network: str
    followers: int


@dataclass(slots=True)
class Imported:
    """What became of the lines."""

    new: int = 0
    changed: int = 0
    same: int = 0
    days: list[date] = field(default_factory=list)


def load(content: bytes, *, source: str, now: datetime) -> Imported:
    """Keep every line of the file. Raises Refused."""
    rows = _rows(content, now)
    told = Imported(days=sorted({row.day for row in rows}))
    with transaction.atomic():
        for row in rows:
            _keep(row, told, source=source[:200], now=now)
    return told


def _keep(row: Row, told: Imported, *, source: str, now: datetime) -> None:
    said = {"followers": row.followers, "source": source, "imported_at": now}
    place = {"day": row.day, "account": row.account, "network": row.network}
    figure, made = FollowerFigure.objects.get_or_create(**place, defaults=said)
    if made:
        told.new += 1
    elif figure.followers == row.followers:
        told.same += 1
    else:
        FollowerFigure.objects.filter(pk=figure.pk).update(**said)
        told.changed += 1


def _rows(content: bytes, now: datetime) -> list[Row]:
    lines, names = _lines(content), _names()
    today = timezone.localdate(now, timezone.get_default_timezone())
    rows: dict[tuple[date, int | None, str], Row] = {}
    problems: list[tuple[int, str]] = []
    for number, line in lines:
        try:
            row = _row(line, names, today)
        except ValueError as error:
            problems.append((number, str(error)))
            continue
        if rows.setdefault((row.day, row.account.pk if row.account else None, row.network), row) != row:
            problems.append((number, _("another line says another number for this day and account")))
    if problems:
        raise Refused(problems)
    if not rows:
        raise Refused([(1, _("there is no line with numbers"))])
    return list(rows.values())


def _lines(content: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    """(line, column → text) of every line that is not empty. Raises Refused."""
    reader = csv.reader(io.StringIO(_decoded(content), newline=""), strict=True)
    try:
        header = [COLUMNS.get(name.strip().lower(), "") for name in next(reader, [])]
        if set(COLUMNS.values()) - set(header):
            raise Refused([(1, _("the first line must name the columns: date, account, followers"))])
        for cells in reader:
            if reader.line_num > LINES_MAX:
                raise Refused([(reader.line_num, _("more than %(most)d lines") % {"most": LINES_MAX})])
            if any(cell.strip() for cell in cells):
                yield reader.line_num, {name: cell.strip() for name, cell in zip(header, cells, strict=False) if name}
    except csv.Error as error:
        raise Refused([(reader.line_num, _("this is no CSV: %(error)s") % {"error": error})]) from error


def _decoded(content: bytes) -> str:
    """UTF-8, or what an old Korean spreadsheet writes. Raises Refused."""
    for encoding in ("utf-8-sig", "cp949"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return text.replace("\x00", "")
    raise Refused([(1, _("the file is neither UTF-8 nor CP949"))])


def _names() -> Mapping[str, tuple[Account | None, str]]:
    """What may stand in the column of the account → account, network."""
    names: dict[str, tuple[Account | None, str]] = {kind: (None, kind) for kind in ADAPTERS}
    names |= dict.fromkeys(
        [*ALL_TOGETHER, *(name.lower() for name in Brand.objects.values_list("name", flat=True))], (None, "")
    )
    twice: set[str] = set()
    for account in Account.objects.defer("secrets"):
        name = f"{account.kind}:{account.handle}".lower()
        twice |= {name} & names.keys()
        names[name] = names[f"#{account.pk}"] = (account, "")
    return {name: found for name, found in names.items() if name not in twice}


def _row(line: Mapping[str, str], names: Mapping[str, tuple[Account | None, str]], today: date) -> Row:
    """Raises ValueError with what is wrong."""
    day, name = _day(line.get("date", "")), line.get("account", "").lower().replace(":@", ":")
    if day > today:
        raise ValueError(_("%(day)s is still to come") % {"day": day})
    if name not in names:
        known = ", ".join(sorted(one for one in names if not one.startswith("#"))[:20])
        raise ValueError(
            _("there is no account or network “%(name)s”; known: %(known)s") % {"name": name, "known": known}
        )
    account, network = names[name]
    return Row(day, account, network, _number(line.get("followers", "")))


def _day(text: str) -> date:
    found = re.fullmatch(r"(\d{4})[-./]\s?(\d{1,2})[-./]\s?(\d{1,2})\.?", text, re.ASCII)
    try:
        return date(*map(int, found.groups()))  # type: ignore[union-attr]
    except (AttributeError, ValueError) as error:
        raise ValueError(_("“%(text)s” is no date like 2012-11-30") % {"text": text[:40]}) from error


def _number(text: str) -> int:
    plain = text.replace(",", "")
    if not re.fullmatch(r"\d{1,11}", plain, re.ASCII) or int(plain) > FOLLOWERS_MAX:
        raise ValueError(_("“%(text)s” is no number of followers") % {"text": text[:40]})
    return int(plain)
