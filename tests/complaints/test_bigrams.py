"""Pairs, initials, forgiven letters: the small change of the search."""

from __future__ import annotations

import re
import unicodedata

from complaints import bigrams


def test_a_text_is_compared_without_capitals_invisible_signs_and_forms_of_writing() -> None:
    apart = unicodedata.normalize("NFD", "관광정책과")
    assert bigrams.fold(f"  {apart}\u200b  BUS\n STOP\x00 ") == "관광정책과 bus stop"
    assert bigrams.fold("Straße ΣΑΣ") == "strasse σασ"
    assert bigrams.fold("a\ud800b") == "ab"


def test_pairs_stand_within_words() -> None:
    assert bigrams.pairs("가로등이 꺼") == {"가로", "로등", "등이"}
    assert bigrams.pairs("ab", bigrams.NAME) == {"@ab"}
    assert bigrams.pairs("물 a") == set()


def test_words_are_found_by_how_their_initials_begin() -> None:
    assert bigrams.beginnings("관광과 앞") == {"^ㄱㄱ", "^ㄱㄱㄱ"}
    assert max(map(len, bigrams.beginnings("가나다라마바사아자"))) == 1 + bigrams.INITIALS_KEPT
    assert bigrams.are_initials("ㄱㄱㅈ")
    assert not any(map(bigrams.are_initials, ("ㄱ", "ㄱ가", "ㅏㅏ", "")))
    pattern = re.compile(bigrams.initials_pattern("ㄱㄱㅈ"))
    assert pattern.search("관광정책과")
    assert pattern.search("(관광지)")
    assert not pattern.search("부산관광정책")
    assert not pattern.search("까깎주")


def test_one_letter_is_forgiven_where_a_pair_is_left() -> None:
    assert dict(bigrams.slips("가로등")) == {r"\S로등": {"로등"}, r"가로\S": {"가로"}}
    assert dict(bigrams.slips("a.c")) == {r"\S\.c": {".c"}, r"a\.\S": {"a."}}
