"""What is found: exactly what stands there. Both back ends must equal the same plain truth."""

from __future__ import annotations

import csv
import json
import random
import re
from collections.abc import Iterable
from itertools import count

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from channels_sns.evidence import clean_text
from complaints import bigrams, postings, search, searchdocs
from complaints.models import Complaint, SearchDoc
from departments.models import Department
from tests.make import NOON, make_account, make_author, make_complaint, make_department, make_district
from tests.shared_material import shared

pytestmark = pytest.mark.django_db

OWN = (
    "해운대 해수욕장 입구 안내판의 글자가 지워졌습니다",
    "서면역 7번 출구 앞 보도블록이 깨져 있어요 ㅠㅠ ㅋㅋㅋ",
    "광안리 가로등은 며칠째 꺼져 있고, 가로수가 가립니다",
    "누수! 지하도에 물이 샙니다(누수신고)",
    'The Sign at "Busan Station" 100%_wrong\\ #부산시민원',
    "감천문화마을 골목 👨‍👩‍👧 쓰레기… ①번",
    "",
)


SIGNS = (
    '"',
    "'",
    '"a" OR "b"',
    "NEAR(a b)",
    "%%",
    "__",
    "\\\\",
    "a*",
    "{}",
    "a\x00b",
    "***=x",
    "ㅋㅋㅋ",
    "\ufffda",
    "(" * 300,
    "가" * 9000,
)

_serial = count(100_000)
NEVER = 10**9


def found(typed: str, *, names_too: bool = True) -> set[str]:
    return set(Complaint.objects.filter(search.condition(typed, names_too=names_too)).values_list("number", flat=True))


def fill(texts: Iterable[str]) -> dict[int, str]:
    """Complaints of these texts: id → the text as it is compared."""
    account = make_account()
    rows = [
        Complaint(account=account, number=f"B26-{next(_serial)}", text=clean_text(text), received_at=NOON, due_at=NOON)
        for text in texts
    ]
    stored = Complaint.objects.bulk_create(rows)
    searchdocs.add(stored, now=NOON)
    if connection.vendor == "postgresql":  # what nobody has committed is never analysed by itself
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE complaints_searchdoc, complaints_complaint")
    return {row.pk: bigrams.fold(row.text) for row in stored}


def hits(typed: str) -> set[int]:
    """All of them, as a count asks, and as a list read newest first asks: the same."""
    rows = Complaint.objects.filter(search.condition(typed, names_too=False))
    counted = set(rows.order_by().values_list("pk", flat=True))
    assert set(rows.order_by("-received_at", "-id").values_list("pk", flat=True)[:100_000]) == counted
    return counted


def begins(text: str, initials: str) -> bool:
    words = re.findall("[가-힣]+", text)
    sounds = (
        "".join("ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"[(ord(one) - 0xAC00) // 588] for one in word) for word in words
    )
    return any(sound.startswith(initials) for sound in sounds)


def nearly(text: str, term: str) -> bool:
    """The term with one letter written otherwise, the slip beside two letters that are right."""
    for at in range(len(text) - len(term) + 1):
        here = text[at : at + len(term)]
        wrong = [i for i, (a, b) in enumerate(zip(here, term, strict=True)) if a != b]
        if len(wrong) == 1 and " " not in here and (wrong[0] >= 2 or len(term) - wrong[0] > 2):
            return True
    return False


def compare(texts: list[str], *, samples: int) -> None:
    stored = fill(texts)
    chance = random.Random(20261125)
    words = [word for text in stored.values() for word in text.split() if len(word) >= 2]
    for _sample in range(samples):
        word = chance.choice(words)
        start = chance.randrange(len(word) - 1)
        term = word[start : start + chance.randint(2, 6)]
        truth = {pk for pk, text in stored.items() if term in text or is_initially(text, term)}
        if not re.fullmatch(r"b?[\d-]+", term):
            assert hits(term) == truth, term
        initials = "".join(map(bigrams.initials_of, re.findall("[가-힣]+", word)))[: chance.randint(2, 7)]
        if len(initials) >= 2:
            assert hits(initials) == {pk for pk, text in stored.items() if initials in text or begins(text, initials)}
        slip = term[:-1] + "힣"
        if len(term) >= 3 and not any(slip in text for text in stored.values()):
            assert hits(slip) == {pk for pk, text in stored.items() if nearly(text, slip)}, slip


def is_initially(text: str, term: str) -> bool:
    return bigrams.are_initials(term) and begins(text, term)


def test_our_own_sentences_are_found_as_they_stand() -> None:
    compare(list(OWN), samples=300)


@pytest.mark.unmeasured
@pytest.mark.parametrize(("often", "common"), [(search.OFTEN, search.COMMON), (NEVER, 5)])
def test_titles_of_petitions_are_found_as_they_stand(often: int, common: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Recall and precision 1 against a plain look through all texts, rare words and common ones."""
    monkeypatch.setattr(search, "OFTEN", often)
    monkeypatch.setattr(search, "COMMON", common)
    with shared("data", "petition_titles_45k.csv").open(encoding="utf-8", newline="") as file:
        titles = [" ".join(row) for row, _n in zip(csv.reader(file), range(3000), strict=False)]
    compare([*OWN, *titles], samples=60)


@pytest.mark.parametrize("ways", [postings.WAYS_MAX, 1])
def test_several_words_must_all_be_found(ways: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether the index is asked for every way to find them all or for each word."""
    monkeypatch.setattr(search, "OFTEN", NEVER)
    monkeypatch.setattr(postings, "WAYS_MAX", ways)
    stored, chance = fill([*OWN, *(" ".join(reversed(text.split())) for text in OWN)]), random.Random(5)
    for _sample in range(60):
        words = [word for word in chance.choice(list(stored.values())).split() if len(word) >= 2]
        terms = [word[:2] for word in chance.sample(words, min(2, len(words)))]
        assert hits(" ".join(terms)) == {pk for pk, text in stored.items() if all(term in text for term in terms)}


@pytest.mark.needs_pg
def test_the_rarest_pairs_of_a_word_are_asked_for() -> None:
    fill(f"{OWN[at % len(OWN)]} {'멧돼지' if at % 500 == 0 else '시민'}" for at in range(1000))
    shares = postings.how_common()
    assert shares["시민"] > 0.9
    assert shares.get("멧돼", 0) < 0.1
    sql = str(SearchDoc.objects.filter(postings.Holds([[["시민", "멧돼", "돼지", "없음", "안내"]]], shares)).query)
    assert "시민" not in sql
    assert all(rare in sql for rare in ("멧돼", "돼지", "없음"))


@pytest.mark.needs_pg
def test_postgresql_asks_its_index_for_every_count() -> None:
    fill(f"{OWN[at % len(OWN)]} {at}" for at in range(2000))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE complaints_searchdoc")
    for term in ("누수", "없는말", "가로"):
        plan = search._documents([search._choices(term, search._Names.read(), names_too=True)], {}).explain()
        assert "complaints_searchdoc_tokens" in plan, plan


def test_one_syllable_is_found_too() -> None:
    rows = fill(OWN)
    assert hits("물") == {pk for pk, text in rows.items() if "물" in text}
    assert hits("샙 물") == hits("물")


def test_number_department_district_thread_and_initials() -> None:
    tour, beach = make_department("관광정책과"), make_district("해운대구")
    hit = make_complaint("안내판", number="B26-004217", status="ASSIGNED", department=tour, district=beach)
    make_complaint("가로등")
    for typed in (
        "B26-004217",
        "b26-004217",
        "b26004217",
        "B26-004217-1",
        "B26-0042",
        "4217",
        "004217",
        "관광정책",
        "ㄱㄱㅈ",
        "ㄱㄱㅈㅊㄱ",
        "해운대구",
        "ㅎㅇㄷㄱ",
        "ㅇㄴㅍ",
        "안내판 관광 4217 해운",
        "안내팜",
    ):
        assert found(typed) == {hit.number}, typed
    assert found("4218") == set()
    assert found("안내판 없는말") == set()


def test_who_wrote_is_only_found_by_those_who_may() -> None:
    account = make_account()
    make_author(account, "9", handle="Movie_Fan", name="김시민")
    hit = make_complaint("영화", account=account, author="9")
    for typed in ("@movie_fan", "movie", "김시민", "시민"):
        assert found(typed) == {hit.number}, typed
        assert found(typed, names_too=False) == set(), typed


def test_it_combines_with_other_conditions() -> None:
    tour = make_department("관광정책과")
    first = make_complaint("안내판", status="ASSIGNED", department=tour)
    make_complaint("안내판")
    rows = Complaint.objects.filter(search.condition("안내판", names_too=True), department=tour)
    assert [row.number for row in rows] == [first.number]
    assert rows.count() == 1


@pytest.mark.parametrize(("often", "plenty", "queried"), [(0, 0, 4), (0, NEVER, 4), (NEVER, NEVER, 5)])
def test_the_number_of_queries_does_not_grow(
    often: int, plenty: int, queried: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "OFTEN", often)
    monkeypatch.setattr(search, "PLENTY", plenty)
    fill(OWN)
    counts = []
    for _round in range(2):
        with CaptureQueriesContext(connection) as queries:
            found("가로등")
        counts.append(sum("pg_stats" not in query["sql"] for query in queries))
        assert len(queries) - counts[-1] <= 1
        fill(OWN * 20)
        Department.objects.bulk_create([Department(code=f"Q{n}", name=f"과 {n}") for n in range(_round, 300, 2)])
    assert counts == [queried, queried]


def test_nothing_typed_asks_nothing() -> None:
    fill(OWN)
    assert len(found(" \u200b ")) == len(OWN)


def test_hostile_strings_are_only_words() -> None:
    fill(OWN)
    lines = json.loads(shared("corpora", "blns", "blns.json").read_text(encoding="utf-8"))
    assert len(lines) > 300
    for line in lines:
        found(line)


@pytest.mark.parametrize("typed", SIGNS)
def test_signs_of_the_back_ends_mean_themselves(typed: str) -> None:
    rows = fill([*OWN, typed])
    folded = bigrams.fold(typed).split()
    truth = {pk for pk, text in rows.items() if all(word[: search.TERM_MAX] in text for word in folded)}
    assert hits(typed) == truth


def test_documents_are_gone_with_their_tokens() -> None:
    fill(OWN)
    SearchDoc.objects.all().delete()
    assert found("가로등") == set()
