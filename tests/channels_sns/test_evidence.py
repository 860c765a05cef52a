"""Text that breaks no page, evidence that stays evidence, and no resident number in either."""

from __future__ import annotations

import json
import time
import unicodedata
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels_sns.evidence import (
    RAW_MAX,
    TEXT_MAX,
    believable_time,
    clean_name,
    clean_raw,
    clean_text,
    mask_bytes,
    mask_resident_numbers,
)
from tests.channels_sns.scripted import NOON
from tests.shared_material import shared

MASKED = "*" * 7


@pytest.mark.parametrize(
    "written",
    [
        "900101-1234567",
        "9001011234567",
        "900101 - 1234567",
        "900101–1234567",
        "９００１０１－１２３４５６７",
        "900101\u200b-\u200b1234567",
        "900101.1234567",
        "주민번호는 001231-8765432입니다",
        "(900229-4234567)",
    ],
)
def test_a_resident_number_is_masked_however_it_is_typed(written: str) -> None:
    masked = mask_resident_numbers(written)
    assert MASKED in masked
    assert "234567" not in unicodedata.normalize("NFKC", masked)
    assert "765432" not in masked
    assert len(masked) == len(written)


@pytest.mark.parametrize(
    "harmless",
    [
        "051-888-1234",
        "1AA-2412-0152653",
        "고시 제2024-1234호",
        "901301-1234567",
        "900132-1234567",
        "900101-9234567",
        "1900101-1234567",
        "900101-12345678",
        "B26-004217",
        "2026-11-24 12:30",
        "",
    ],
)
def test_other_numbers_stay(harmless: str) -> None:
    assert mask_resident_numbers(harmless) == harmless


def test_a_number_is_masked_in_bytes_however_json_writes_it() -> None:
    typed = {"timestamp": 1801012345678, "text": "저는 900101－1234567 입니다"}
    for raw in (json.dumps(typed).encode(), json.dumps(typed, ensure_ascii=False).encode()):
        assert json.loads(mask_bytes(raw)) == {**typed, "text": "저는 900101－******* 입니다"}
    assert mask_bytes(b'{"timestamp": 1801012345678}') == b'{"timestamp": 1801012345678}'
    assert mask_bytes("저는 900101-1234567".encode()) == "저는 900101-*******".encode()


def test_masking_a_long_text_is_fast() -> None:
    began = time.perf_counter()
    mask_resident_numbers("900101-" * 14_000)
    assert time.perf_counter() - began < 0.5


@given(st.text())
def test_any_text_can_be_stored(text: str) -> None:
    cleaned = clean_text(text)
    assert "\x00" not in cleaned
    cleaned.encode()
    assert cleaned == unicodedata.normalize("NFC", cleaned)
    assert clean_text(cleaned) == cleaned


def test_macs_and_windows_write_the_same() -> None:
    assert clean_text(unicodedata.normalize("NFD", "부산광역시")) == "부산광역시"
    assert clean_text(" 한 줄\r\n두 줄\r세 줄\t끝 ") == "한 줄\n두 줄\n세 줄\t끝"
    assert len(clean_text("가" * 200_000)) == TEXT_MAX


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("\u202e민원\u202c", "민원"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("ㅤㅤ", ""),
        ("a\n b\t c", "a b c"),
        ("e" + "\u0301" * 200, "é\u0301\u0301"),
        ("홍길동" * 99, "홍길동" * 66 + "홍길"),
        ("\ud800x", "\ufffdx"),
    ],
)
def test_a_name_stays_on_its_line(name: str, shown: str) -> None:
    assert clean_name(name, 200) == shown


def test_evidence_is_json_that_fits_every_database() -> None:
    raw = '{"text": "a\\u0000b\\ud800", "n": 1, "list": ["900101-1234567", null], "한글": true}'
    kept, digest = clean_raw(raw)
    assert json.loads(kept) == {"text": "a\ufffdb\ufffd", "n": 1, "list": [f"900101-{MASKED}", None], "한글": True}
    assert len(digest) == 64


@pytest.mark.parametrize("raw", ["{", "[" * 100_000, "\x00"])
def test_evidence_that_is_no_json_is_kept_as_text(raw: str) -> None:
    kept, _digest = clean_raw(raw)
    assert kept == clean_text(raw)


def test_evidence_has_an_end() -> None:
    assert len(clean_raw(json.dumps("가" * 2_000_000))[0]) == RAW_MAX


def test_hostile_values_pass_through() -> None:
    for entry in json.loads(shared("corpora", "own", "hostile-values.json").read_text(encoding="utf-8")):
        kept, _digest = clean_raw(entry["json"])
        kept.encode()
        assert "\x00" not in kept


def test_naughty_strings_pass_through() -> None:
    for text in json.loads(shared("corpora", "blns", "blns.json").read_text(encoding="utf-8")):
        clean_text(text).encode()
        clean_name(text, 200).encode()


@pytest.mark.parametrize(
    ("posted_at", "expected"),
    [
        (NOON, (NOON, False)),
        (NOON + timedelta(hours=23), (NOON + timedelta(hours=23), False)),
        (NOON + timedelta(hours=25), (NOON, True)),
        (datetime(2005, 12, 31, tzinfo=UTC), (NOON, True)),
    ],
)
def test_only_a_possible_time_is_believed(posted_at: datetime, expected: tuple[datetime, bool]) -> None:
    assert believable_time(posted_at, now=NOON) == expected
