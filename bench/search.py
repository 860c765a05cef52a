"""The search among complaints: database time of the page and its count, beside Django's icontains.

python -m bench search [--complaints 50000]
python -m tests.services -- python -m bench search --complaints 1000000     (PostgreSQL; what is more is copied)
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from bench.desk import database, empty_desk

ROUNDS = 5
TARGET_MS = 36
PAGE = 50
#: So many go through the desk's own writer; each further lot of as many is a copy of an earlier year.
WRITTEN = 50_000
MINUTES_APART = 3
PLACES = ("해운대", "광안리", "서면", "남포동", "사상역", "동래시장", "감천마을", "영도다리", "기장", "송도")
THINGS = (
    ("가로등이 며칠째 꺼져", 9),
    ("불법주정차 차량 때문에 통행이 어려", 12),
    ("보도블록이 깨져", 7),
    ("쓰레기가 쌓여", 15),
    ("어린이공원 그네가 부서져", 4),
    ("공사장 소음이 심해", 10),
    ("하수구 냄새가 심해", 6),
    ("누수로 물이 새고", 1),
)
ENDS = ("있습니다. 확인 부탁드립니다", "있어요 빨리 고쳐 주세요", "있네요. 민원 넣습니다", "있음. 조치 바랍니다")
WORDS: tuple[tuple[str, str], ...] = (
    ("common", "불법주정차"),
    ("common, 2 syllables", "민원"),
    ("rare, 2 syllables", "누수"),
    ("rare", "멧돼지"),
    ("absent", "붕괴"),
    ("forgiven", "멧돼쥐"),
    ("two words", "해운대 가로등"),
    ("number", "B26-0004"),
    ("author", "@citizen77"),
    ("initials", "ㅂㅂㅈㅈㅊ"),
    ("initials, department", "ㄱㄱㅈㅊㄱ"),
)
COPY = """
INSERT INTO complaints_complaint ({columns})
SELECT {values} FROM complaints_complaint WHERE number LIKE 'B{now:02d}-%'
"""
COPY_DOCUMENTS = """
INSERT INTO complaints_searchdoc (complaint_id, body, names, department_id, district_id, tokens, version, form,
    indexed_at)
SELECT copy.id, doc.body, doc.names, doc.department_id, doc.district_id,
    replace(doc.tokens, '#b{now:02d}-', '#b{year:02d}-'), doc.version, doc.form, doc.indexed_at
FROM complaints_complaint AS copy
JOIN complaints_complaint AS first ON first.number = 'B{now:02d}-' || split_part(copy.number, '-', 2)
JOIN complaints_searchdoc AS doc ON doc.complaint_id = first.id
WHERE copy.number LIKE 'B{year:02d}-%'
"""


def main(arguments: list[str]) -> int:
    """Print the figures; 1 if a word misses the target on PostgreSQL."""
    parser = argparse.ArgumentParser(prog="bench search")
    parser.add_argument("--complaints", type=int, default=WRITTEN)
    options = parser.parse_args(arguments)
    with empty_desk():
        seconds = _fill(options.complaints)
        return _measure(options.complaints, seconds)


def _fill(count: int) -> float:
    """Complaints through the desk's own writer, the rest copied by PostgreSQL; seconds."""
    from django.db import connection
    from django.utils import timezone

    from channels_sns.models import Account, Author
    from complaints import workflow

    chance, now, begun = random.Random(7), timezone.now(), time.perf_counter()
    postgres = connection.vendor == "postgresql"
    account = Account.objects.create(kind="x", handle="bench", base_url="https://x.example", connected_at=now)
    people = [Author(account=account, external_id=str(n), handle=f"citizen{n}", name=f"시민{n}") for n in range(500)]
    authors = Author.objects.bulk_create(people)
    for start in range(0, min(count, WRITTEN), 5000):
        rows = [_row(n, account, chance.choice(authors), now, chance) for n in range(start, min(start + 5000, count))]
        workflow.register(rows, now=now)
    with connection.cursor() as cursor:
        this_year = int(f"{now:%y}")
        if postgres:
            cursor.execute("SET statement_timeout = 0")
        for back in range(1, count // WRITTEN if postgres else 1):
            _copy(cursor, this_year, this_year - back, timedelta(minutes=MINUTES_APART) * WRITTEN * back)
        spent = time.perf_counter() - begun
        cursor.execute("VACUUM ANALYZE" if postgres else "ANALYZE")
    return spent


def _copy(cursor: Any, now: int, year: int, older: timedelta) -> None:
    """All complaints numbered B`now`- once more as B`year`-, so much older, with their documents."""
    from complaints.models import Complaint

    columns = [str(f.column) for f in Complaint._meta.concrete_fields if not f.primary_key and not f.generated]
    other = {
        "number": f"'B{year:02d}-' || split_part(number, '-', 2)",
        "received_at": f"received_at - interval '{older.total_seconds():.0f} seconds'",
    }
    values = ", ".join(other.get(column, column) for column in columns)
    cursor.execute(COPY.format(columns=", ".join(columns), values=values, now=now))
    cursor.execute(COPY_DOCUMENTS.format(now=now, year=year))


def _row(n: int, account: Any, author: Any, now: Any, chance: random.Random) -> Any:
    from complaints.models import Complaint

    thing = chance.choices([name for name, _share in THINGS], [share for _name, share in THINGS])[0]
    rare = " 멧돼지 나왔어요" if n % 1000 == 7 else ""
    text = f"{chance.choice(PLACES)} {chance.randint(1, 300)}번지 앞 {thing} {chance.choice(ENDS)}{rare}"
    at = now - timedelta(minutes=MINUTES_APART * n)
    return Complaint(account=account, author=author, text=text, received_at=at, due_at=at + timedelta(hours=3))


def _measure(complaints: int, seconds: float) -> int:
    print(f"{database()}, {complaints:,} complaints (registered in {seconds:.0f} s), database ms, median of {ROUNDS}")
    print(f"{'word':24}{'hits':>8}{'ask':>8}{'page':>8}{'count':>8}{'all':>8}{'icontains':>11}{'ratio':>8}")
    slow = [name for name, word in WORDS if _line(name, word) > TARGET_MS]
    print(f"over {TARGET_MS} ms: {', '.join(slow) or 'none'}")
    return int(bool(slow) and database().startswith("PostgreSQL"))


def _line(name: str, word: str) -> float:
    """Ours: what the search asks to find its way, the newest page, the capped count."""
    from complaints import search
    from complaints.models import Complaint

    rounds = [_steps(lambda: search.condition(word, names_too=True)) for _round in range(ROUNDS)]
    ask, page, count = (statistics.median(column) for column in zip(*(times for times, _hits in rounds), strict=True))
    plain = statistics.median(sum(_steps(lambda: _icontains(word))[0]) for _round in range(3))
    exact = Complaint.objects.filter(search.condition(word, names_too=True)).count()
    whole = float(ask + page + count)
    figures = "".join(f"{one:8.1f}" for one in (ask, page, count, whole))
    print(f"{name:24}{exact:8,}{figures}{plain:11.1f}{plain / max(whole, 0.1):8.1f}")
    return whole


def _icontains(word: str) -> Any:
    """What the admin's own search_fields would ask."""
    from django.db.models import Q

    return Q(text__icontains=word) | Q(number__icontains=word) | Q(author__handle__icontains=word.lstrip("@"))


def _steps(condition: Callable[[], Any]) -> tuple[list[float], int]:
    from complaints.admin.paginator import CAP
    from complaints.models import Complaint

    found: list[Any] = []
    ask = _database_ms(lambda: found.append(condition()))
    rows = Complaint.objects.filter(found[0]).order_by("-received_at", "-id")
    page = _database_ms(lambda: list(rows.values_list("pk", flat=True)[:PAGE]))
    hits: list[int] = []
    count = _database_ms(lambda: hits.append(rows.order_by().values("pk")[: CAP + 1].count()))
    return [ask, page, count], hits[0]


def _database_ms(work: Callable[[], Any]) -> float:
    from django.db import connection

    spent = 0.0

    def timed(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal spent
        begun = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            spent += time.perf_counter() - begun

    with connection.execute_wrapper(timed):
        work()
    return spent * 1000
