"""Places in citizens' words: what is found, what is left alone, and which district it speaks for."""

from __future__ import annotations

import time as clock
import unicodedata
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from departments import city_file, gazetteer
from departments.gazetteer import Candidate, Entry, Gazetteer, build, district_candidates, find_places
from departments.models import City, District, Place, PlaceKind
from tests.make import make_district


def of_busan() -> Gazetteer:
    """The gazetteer of the built-in file, without a database."""
    path = Path(city_file.__file__).parent / "city" / "busan.json"
    city = city_file.parse(path.read_bytes())
    entries: list[Entry] = []
    ids = {row.name: Candidate(number, row.name) for number, row in enumerate(city.districts)}
    for district in city.districts:
        at = ids[district.name]
        entries.append(Entry(district.name, district.name, "district", None, at, official=True))
        for kind, points in (
            (PlaceKind.LEGAL_DONG, district.legal_dongs),
            (PlaceKind.ADMIN_DONG, district.admin_dongs),
        ):
            entries += [Entry(point.name, point.name, kind, 1, at, official=True) for point in points]
    for landmark in city.landmarks:
        for written in (landmark.name, *landmark.aliases):
            official = written == landmark.name
            entries.append(Entry(written, landmark.name, "landmark", 2, ids[landmark.district], official=official))
    return build(entries, city_name="부산광역시")


BUSAN = of_busan()


def found(text: str) -> list[str]:
    return [hit.text for hit in BUSAN.find(text)]


def districts(text: str, *, sure: bool = True) -> list[str]:
    hits = [hit for hit in BUSAN.find(text) if hit.sure or not sure]
    return [candidate.name for candidate in district_candidates(hits)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("영화의전당 표지판이 틀렸어요", ["해운대구"]),
        ("영화의 전당 앞 정류소", ["해운대구"]),
        ("해운대구청 민원실이 불친절", ["해운대구"]),
        ("해운대신시가지 소음", ["해운대구"]),
        ("수영동 주민센터 앞", ["수영구"]),
        ("BEXCO 앞 도로", ["해운대구"]),
        ("센텀시티역 3번출구", ["해운대구"]),
        ("사상터미널앞 쓰레기", ["사상구"]),
        ("광안리에서 광안대교로 가는 길", ["수영구"]),
        ("남구가 더러워요", ["남구"]),
        ("부산 중구 남포동 BIFF광장", ["중구"]),
        ("서면에서 부산진구 전포동까지", ["부산진구"]),
        ("부산동구 초량동", ["동구"]),
        ("대구에서 해운대구까지 왔어요", ["해운대구"]),
        ("해운대구랑 수영구", ["해운대구", "수영구"]),
    ],
)
def test_districts_found(text: str, expected: list[str]) -> None:
    assert districts(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "길이 막혀요",
        "수영동아리 모집",
        "중구난방 행정",
        "서구적인 건물",
        "친구가 늦어요",
        "공동구매 안내",
        "이동구간 공사",
        "많이기대합니다",
        "시청자 여러분",
        "정관사",
        "대구 중구에서",
        "울산 동구 방어진",
        "서울특별시 강서구 화곡동",
        "xbexcox",
        "bexco2",
    ],
)
def test_ordinary_words_are_left_alone(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    "text", ["우동 먹고 싶다", "중동 전쟁", "화면 하단에 오류", "서면으로 답변 바랍니다", "시청 소감"]
)
def test_two_syllables_alone_are_never_sure(text: str) -> None:
    assert districts(text) == []
    assert districts(text, sure=False) != []


def test_two_syllables_become_sure_beside_their_district() -> None:
    assert [(hit.text, hit.sure) for hit in BUSAN.find("해운대구 우동 포트홀")] == [("해운대구", True), ("우동", True)]
    assert [hit.sure for hit in BUSAN.find("해운대구우동 포트홀")] == [True, True]
    assert [hit.sure for hit in BUSAN.find("사하구에서 우동 먹기")] == [True, False]


def test_a_repeated_name_has_its_candidates_and_the_supported_one_first() -> None:
    assert districts("송정동 가로등") == ["강서구", "해운대구"]
    assert BUSAN.find("송정동 가로등")[0].place_id is None
    for named, other in (("해운대구", "강서구"), ("강서구", "해운대구")):
        hits = BUSAN.find(f"송정동 가로등, {named}입니다")
        assert [candidate.name for candidate in hits[0].candidates] == [named, other]
        assert districts(f"송정동 가로등, {named}입니다")[0] == named


def test_the_longest_name_wins_and_hits_never_overlap() -> None:
    assert found("해운대해수욕장") == ["해운대해수욕장"]
    assert found("기장읍 동부리 마을") == ["기장읍 동부리"]
    assert found("벡스코벡스코") == ["벡스코", "벡스코"]


def test_positions_are_those_of_the_text_in_nfc() -> None:
    text = "İ✨ 영화의전당 BIFC 앞"
    for hit in BUSAN.find(unicodedata.normalize("NFD", text)):
        assert text[hit.start : hit.end] == hit.text
    assert found(unicodedata.normalize("NFD", text)) == ["영화의전당", "BIFC"]


def test_an_official_name_is_told_before_another_places_nickname() -> None:
    hit = BUSAN.find("대연동 골목")[0]
    assert (hit.name, hit.kind) == ("대연동", PlaceKind.LEGAL_DONG)
    assert BUSAN.find("부경대 앞")[0].name == "경성대·부경대"


@settings(deadline=None, max_examples=200)
@given(st.text() | st.lists(st.sampled_from(sorted(BUSAN.entries)), max_size=8).map("".join))
def test_any_text_is_read(text: str) -> None:
    normal = unicodedata.normalize("NFC", text)
    end = 0
    for hit in BUSAN.find(text):
        assert end <= hit.start < hit.end
        assert normal[hit.start : hit.end] == hit.text
        assert hit.candidates
        end = hit.end


def test_a_thousand_posts_take_less_than_a_second() -> None:
    post = "해운대구 우동 영화의전당 앞 표지판이 잘못되어 있어요. 관광객들이 헷갈립니다. 빨리 고쳐 주세요! " * 3
    started = clock.process_time()
    for _ in range(1000):
        BUSAN.find(post)
    assert clock.process_time() - started < 1


def test_one_syllable_is_never_a_name() -> None:
    here = Candidate(1, "동구")
    small = build([Entry("섬", "섬", "landmark", 1, here, official=True)])
    assert small.find("섬 섬") == []


@pytest.mark.django_db
def test_the_directory_answers_and_follows_every_change() -> None:
    assert find_places("해운대구 시민도서관") == []
    district = make_district("해운대구")
    assert [hit.name for hit in find_places("해운대구 시민도서관")] == ["해운대구"]
    place = Place.objects.create(district=district, kind="landmark", name="시민 도서관", lat=35, lon=129)
    assert [hit.name for hit in find_places("해운대구 시민도서관")] == ["해운대구", "시민 도서관"]
    place.aliases = ["책마루"]
    place.save()
    assert find_places("책마루 앞")[0].place_id == place.pk
    place.delete()
    assert find_places("책마루 앞") == []
    district.active_to = "2026-01-01"
    district.save()
    assert find_places("해운대구") == []


@pytest.mark.django_db
def test_the_loaded_city_finds_its_own_and_asks_the_database_twice() -> None:
    call_command("load_city", lang="en")
    assert [candidate.name for candidate in district_candidates(find_places("부산서면 가는 길 전포동"))] == ["부산진구"]
    with CaptureQueriesContext(connection) as queries:
        gazetteer.current()
    assert len(queries) == 2
    assert City.objects.get().name == "부산광역시"
    names = {row.name for row in District.objects.all()}
    assert {find_places(f"{name} 도로")[0].name for name in names} == names


@pytest.mark.parametrize(("city", "names"), [("", ()), ("기장군", ("기장군",)), ("진주시", ("진주시", "진주"))])
def test_short_forms_of_the_citys_name(city: str, names: tuple[str, ...]) -> None:
    assert build([], city_name=city).city_names == names
