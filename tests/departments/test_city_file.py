"""The city file is refused with all its faults named, whoever wrote it; the built-in one is right."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from departments import city_file, city_rules
from departments.city_file import CityFile, CityFileInvalid, parse
from tests.shared_material import shared

BUSAN = Path(city_file.__file__).parent / "city" / "busan.json"


def small_city() -> dict[str, Any]:
    """A city of two departments, as a template that tests break."""
    return {
        "format": 1,
        "city": {"name": "나루시", "name_en": "Naru", "version": "1", "credits": [{"what": "a", "source": "b"}]},
        "departments": [
            {
                "code": "ROAD",
                "name": "도로과",
                "duties": [{"text": "도로 유지", "words": ["도로", "포트홀"]}],
                "active_from": "2020-01-01",
                "parent": "OLD",
            },
            {"code": "OLD", "name": "토목과", "active_to": "2020-01-01", "successor": "ROAD"},
        ],
        "agencies": [{"code": "POLICE", "name": "나루경찰서", "hotline": "112", "hotline_verified": True}],
        "districts": [
            {
                "code": "99110",
                "name": "나루구",
                "lat": 37.5,
                "lon": 127,
                "legal_dongs": [{"name": "강변동", "lat": 37.5, "lon": 127.0}],
            }
        ],
        "landmarks": [{"name": "나루터", "district": "나루구", "lat": 37.5, "lon": 127.0, "aliases": ["나루"]}],
        "topics": [{"name": "포트홀", "words": ["포트홀"], "department": "ROAD", "urgency": "high"}],
    }


def as_bytes(raw: object) -> bytes:
    return json.dumps(raw, ensure_ascii=False).encode()


def problems(content: bytes) -> list[tuple[str, str]]:
    with translation.override("en"), pytest.raises(CityFileInvalid) as error:
        city_rules.check(parse(content))
    assert str(error.value).count("\n") == len(error.value.problems) - 1
    return [(problem.path, problem.message) for problem in error.value.problems]


def broken(change: Callable[[dict[str, Any]], object]) -> list[tuple[str, str]]:
    raw = small_city()
    change(raw)
    return problems(as_bytes(raw))


def test_the_small_city_is_right() -> None:
    city = parse(as_bytes(small_city()))
    city_rules.check(city)
    assert city.departments[0].duties[0].words == ("도로", "포트홀")
    assert city.departments[0].active_from == date(2020, 1, 1)
    assert city.departments[1].level == "city"
    assert city.agencies[0].hotline_verified is True
    assert city.districts[0].lon == 127.0


def test_only_the_departments_are_needed() -> None:
    raw = {key: value for key, value in small_city().items() if key in ("format", "city", "departments")}
    city = parse(as_bytes(raw))
    city_rules.check(city)
    assert (city.agencies, city.districts, city.landmarks, city.topics) == ((), (), (), ())


def test_a_byte_order_mark_and_decomposed_hangul_are_read() -> None:
    raw = small_city()
    raw["city"]["name"] = " 나루시 "  # NFD, with blanks
    assert parse(b"\xef\xbb\xbf" + as_bytes(raw)).city.name == "나루시"


# --- shape -----------------------------------------------------------------------------------------------------------

SHAPES: list[tuple[Callable[[dict[str, Any]], object], str, str]] = [
    (lambda raw: raw.pop("city"), "city", "is missing"),
    (lambda raw: raw.update(format=2), "format", "this desk reads format 1"),
    (lambda raw: raw.update(format=True), "format", "this desk reads format 1"),
    (lambda raw: raw.update(mayor="x"), "mayor", "unknown key"),
    (lambda raw: raw.update(city=[]), "city", "an object is expected"),
    (lambda raw: raw.update(departments={}), "departments", "a list is expected"),
    (lambda raw: raw["departments"].append("x"), "departments[2]", "an object is expected"),
    (lambda raw: raw["departments"][1].update(boss="x"), "departments[1].boss", "unknown key"),
    (lambda raw: raw["departments"][1].pop("name"), "departments[1].name", "is missing"),
    (lambda raw: raw["departments"][1].update(name=7), "departments[1].name", "a text is expected"),
    (lambda raw: raw["departments"][1].update(name=" "), "departments[1].name", "must not be empty"),
    (lambda raw: raw["departments"][1].update(name="가" * 101), "departments[1].name", "longer than 100 characters"),
    (lambda raw: raw["departments"][1].update(name="a\x00b"), "departments[1].name", "holds a control character"),
    (
        lambda raw: raw["departments"][1].update(level="moon"),
        "departments[1].level",
        "must be one of: city, city_office",
    ),
    (lambda raw: raw["departments"][1].update(level=[]), "departments[1].level", "must be one of: city, city_office"),
    (lambda raw: raw["departments"][1].update(active_to="soon"), "departments[1].active_to", "a date like 2012-01-31"),
    (lambda raw: raw["departments"][1].update(active_to=2012), "departments[1].active_to", "a date like 2012-01-31"),
    (lambda raw: raw["departments"][1].update(active_to="20120131"), "departments[1].active_to", "a date like"),
    (lambda raw: raw["departments"][1].update(code="a b"), "departments[1].code", "“a b” is not of the expected form"),
    (lambda raw: raw["departments"][1].update(source_url="javascript:1"), "departments[1].source_url", "not of the"),
    (lambda raw: raw["departments"][0]["duties"][0].pop("text"), "departments[0].duties[0].text", "is missing"),
    (lambda raw: raw["departments"][0]["duties"][0]["words"].append(""), "departments[0].duties[0].words[2]", "empty"),
    (lambda raw: raw["agencies"][0].update(hotline_verified="yes"), "agencies[0].hotline_verified", "true or false"),
    (lambda raw: raw["districts"][0].update(lat=91), "districts[0].lat", "a number from -90 to 90 is expected"),
    (lambda raw: raw["districts"][0].update(lon=True), "districts[0].lon", "a number from -180 to 180 is expected"),
    (lambda raw: raw["districts"][0].update(lon="127"), "districts[0].lon", "a number from"),
    (lambda raw: raw["topics"][0].update(urgency="now"), "topics[0].urgency", "must be one of: low, normal"),
    (lambda raw: raw["city"]["credits"][0].pop("source"), "city.credits[0].source", "is missing"),
]


@pytest.mark.parametrize(("change", "path", "message"), SHAPES)
def test_a_fault_of_shape_is_named(change: Callable[[dict[str, Any]], object], path: str, message: str) -> None:
    found = broken(change)
    assert [at for at, _message in found] == [path]
    assert message in found[0][1]


def test_every_fault_is_named_at_once() -> None:
    def change(raw: dict[str, Any]) -> None:
        raw["departments"][0]["level"] = "moon"
        raw["topics"][0]["name"] = 1
        raw["zoo"] = raw["ant"] = None

    assert [path for path, _message in broken(change)] == ["ant", "zoo", "departments[0].level", "topics[0].name"]


@pytest.mark.parametrize(
    ("content", "path", "message"),
    [
        (b"", "line 1, column 1", "not JSON: Expecting value"),
        (b'{\n  "format": 1,,\n}', "line 2, column 15", "not JSON"),
        (b"\xff\xfe{}", "file", "not UTF-8 (byte 0)"),
        (b'{"format": NaN}', "file", "not JSON: NaN"),
        (b'{"format": 1, "format": 1}', "file", "key given twice: format"),
        (b"[" * 100_000, "file", "not JSON"),
        (b"[]", "file", "an object is expected"),
        (b"1" * 5000, "file", "not JSON"),
    ],
)
def test_what_is_not_a_json_object_is_refused(content: bytes, path: str, message: str) -> None:
    ((at, said),) = problems(content)
    assert at == path
    assert message in said


def test_a_huge_file_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(city_file, "MAX_BYTES", 10)
    assert problems(b" " * 11) == [("file", "larger than 10 bytes")]


def test_a_lone_surrogate_and_an_infinite_number_are_refused() -> None:
    surrogate = as_bytes(small_city()).replace("토목과".encode(), b"\\ud800")
    assert problems(surrogate) == [("departments[1].name", "holds a control character")]
    infinite = as_bytes(small_city()).replace(b"37.5", b"1e999", 1)
    assert problems(infinite)[0][0] == "districts[0].lat"
    strange = as_bytes(small_city()).replace(b'"format"', b'"\\ud800": 1, "format"')
    assert problems(strange) == [("\\ud800", "unknown key")]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def read_or_explained(content: bytes) -> bool:
    """Anything but a list of problems would be a crash."""
    try:
        city_rules.check(parse(content))
    except CityFileInvalid as error:
        return bool(error.problems)
    return True


@settings(deadline=None, max_examples=150)
@given(st.sampled_from(sorted(small_city())), st.integers(0, 1), st.text(max_size=5), JSON)
def test_no_value_anywhere_breaks_the_reader(section: str, number: int, key: str, value: object) -> None:
    for change in (_replace_section, _replace_row, _replace_key):
        raw = copy.deepcopy(small_city())
        change(raw, section, number, key, value)
        assert read_or_explained(json.dumps(raw).encode())


def _replace_section(raw: dict[str, Any], section: str, _number: int, _key: str, value: object) -> None:
    raw[section] = value


def _replace_row(raw: dict[str, Any], section: str, number: int, _key: str, value: object) -> None:
    if isinstance(raw[section], list):
        raw[section][number % len(raw[section])] = value


def _replace_key(raw: dict[str, Any], section: str, number: int, key: str, value: object) -> None:
    if isinstance(raw[section], list):
        row = raw[section][number % len(raw[section])]
        row[key or sorted(row)[number]] = value


def test_json_corpus_is_refused_and_never_crashes() -> None:
    files = sorted(shared("corpora/jsontestsuite").rglob("*.json"))
    assert files
    for path in files:
        with pytest.raises(CityFileInvalid):
            parse(path.read_bytes())


# --- rules between rows ----------------------------------------------------------------------------------------------

RULES: list[tuple[Callable[[dict[str, Any]], object], str, str]] = [
    (lambda raw: raw["departments"].append(raw["departments"][0]), "departments", "code “ROAD” stands 2 times"),
    (
        lambda raw: raw["departments"][1].update(name="도로과", active_to=None, successor=""),
        "departments",
        "name “도로과”",
    ),
    (lambda raw: raw["agencies"].append(raw["agencies"][0]), "agencies", "code “POLICE” stands 2 times"),
    (lambda raw: raw["topics"].append(raw["topics"][0]), "topics", "name “포트홀” stands 2 times"),
    (lambda raw: raw["landmarks"].append(raw["landmarks"][0]), "landmarks", "name “나루구 나루터” stands 2 times"),
    (
        lambda raw: raw["districts"][0]["legal_dongs"].extend(raw["districts"][0]["legal_dongs"]),
        "legal_dongs",
        "강변동",
    ),
    (lambda raw: raw["departments"][0].update(parent="NONE"), "departments[0] (ROAD).parent", "“NONE” is not in"),
    (lambda raw: raw["departments"][1].update(successor="NONE"), "departments[1] (OLD).successor", "“NONE” is not in"),
    (lambda raw: raw["topics"][0].update(department="NONE"), "topics[0].department", "“NONE” is not in this file"),
    (lambda raw: raw["landmarks"][0].update(district="달구"), "landmarks[0].district", "“달구” is not in this file"),
    (
        lambda raw: raw["departments"][0].update(active_to="2020-01-01"),
        "departments[0] (ROAD).active_to",
        "must be after",
    ),
    (
        lambda raw: raw["departments"][1].update(active_to=None),
        "departments[1] (OLD).successor",
        "only a department with",
    ),
    (
        lambda raw: raw["departments"][1].update(successor="OLD"),
        "departments[1] (OLD).successor",
        "leads back to itself",
    ),
    (lambda raw: raw["departments"][0].update(parent="ROAD"), "departments[0] (ROAD).parent", "leads back to itself"),
    (lambda raw: raw["departments"][1].update(parent="ROAD"), "departments[0] (ROAD).parent", "leads back to itself"),
    (lambda raw: raw["agencies"][0].update(hotline=""), "agencies[0].hotline_verified", "there is no number"),
]


@pytest.mark.parametrize(("change", "path", "message"), RULES)
def test_a_broken_rule_between_rows_is_named(
    change: Callable[[dict[str, Any]], object], path: str, message: str
) -> None:
    found = broken(change)
    assert any(path in at and message in said for at, said in found), found


def test_a_chain_into_somebody_elses_circle_ends() -> None:
    def change(raw: dict[str, Any]) -> None:
        raw["departments"][1]["parent"] = "A"
        raw["departments"] += [
            {"code": "A", "name": "가과", "parent": "B"},
            {"code": "B", "name": "나과", "parent": "A"},
        ]

    paths = [path for path, message in broken(change) if message == "leads back to itself"]
    assert paths == ["departments[2] (A).parent", "departments[3] (B).parent"]


# --- the built-in file -----------------------------------------------------------------------------------------------


def busan() -> CityFile:
    city = parse(BUSAN.read_bytes())
    city_rules.check(city)
    return city


def test_busan_is_right_and_whole() -> None:
    city = busan()
    counts = [len(rows) for rows in (city.departments, city.agencies, city.districts, city.landmarks, city.topics)]
    assert counts == [94, 43, 16, 90, 33]
    assert sum(len(row.legal_dongs) for row in city.districts) == 254
    assert sum(len(row.admin_dongs) for row in city.districts) == 205
    names = [row.name_en for rows in (city.departments, city.agencies, city.districts) for row in rows]
    assert len(names) == 153
    assert all(names)
    assert not any(row.hotline_verified for row in city.agencies)
    offices = {row.district: row.name for row in city.agencies if row.district}
    assert offices == {row.name: f"{row.name}청" for row in city.districts}


def test_busan_keeps_what_the_licences_ask() -> None:
    credits_ = {row.licence: row.source for row in busan().city.credits}
    assert "vuski/admdongkor" in credits_["CC BY 4.0"]
    assert "SGIS" in credits_["공공누리 제1유형 (KOGL type 1)"]
    assert "dongnae-kr" in credits_["MIT"]
    assert "변경" in credits_["CC BY 4.0"]


def test_busans_tourism_department_knows_its_name_of_2012() -> None:
    rows = {row.code: row for row in busan().departments}
    assert (rows["TOUR"].name, rows["TOUR"].name_2012) == ("관광정책과", "관광진흥과")
    old = rows["TOUR-2012"]
    assert (old.name, old.successor, old.active_to) == ("관광진흥과", "TOUR", date(2013, 1, 1))
    ended = [row for row in rows.values() if row.active_to]
    assert len(ended) == 11
    assert all(row.name == rows[row.successor].name_2012 for row in ended)


def test_busan_names_departments_by_official_names_only() -> None:
    for row in busan().departments:
        assert not set("()·?") & set(row.name + row.name_2012)
        assert "미확인" not in row.name_2012
        assert not row.name_2012.endswith("담당")
        assert not row.source_url or row.source_url.split("/")[2].endswith("busan.go.kr")
