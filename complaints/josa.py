"""조사 behind a word as the word is read aloud: 관광정책과는, 홍보담당관은, 7로, 30으로, X를, Facebook을.

The particle follows the word before a bracket, not what stands inside it. What nobody can read (an emoji, another
script) gets both forms, “을(를)”, as people write it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from enum import Enum


class End(Enum):
    """How a word ends; ㄹ is apart because 로 follows it."""

    VOWEL, RIEUL, CONSONANT, UNKNOWN = range(4)


#: Behind a consonant → behind a vowel.
FORMS = {"은": "는", "이": "가", "을": "를", "과": "와"}
_CONSONANT_FORM = {vowel: consonant for consonant, vowel in FORMS.items()}
_FINAL_RIEUL = 8

#: 영 일 이 삼 사 오 육 칠 팔 구
_DIGITS = (End.CONSONANT, End.RIEUL, End.VOWEL, End.CONSONANT, End.VOWEL, End.VOWEL, End.CONSONANT, End.RIEUL,
           End.RIEUL, End.VOWEL)  # fmt: skip
#: 조 is the one great unit of numbers that ends with a vowel.
_ZEROS_OF_JO = 12
_SIGNS = {"%": End.VOWEL, "℃": End.VOWEL, "°": End.VOWEL, "㎡": End.VOWEL, "㎞": End.VOWEL}

#: A name in capitals is spelled out: 시시티브이, 에이치디엠아이; of the letters only these end with a consonant.
_LETTERS = {"L": End.RIEUL, "R": End.RIEUL, "M": End.CONSONANT, "N": End.CONSONANT}
#: Other words, by their last letters: 구글, 파일; 폰, 게임, 샤핑; 북, 앱, 넷, 톡. All others end with a vowel.
_SPELLINGS = (
    (re.compile(r"\wle$|l$"), End.RIEUL),
    (re.compile(r"[aeiouy][mn]e$|[mn]$|ng$"), End.CONSONANT),
    (re.compile(r"[aeiou](?:b|c|k|p|t|ck|pp|tt)$|talk$"), End.CONSONANT),
)

#: More of a word is not looked at.
READ_MAX = 100
_BRACKET = re.compile(r"(?<=\S)\s*(?:\([^()]*\)|\[[^\[\]]*\])\s*$")
_BEHIND_A_WORD = " \t\n\"'”’」』》〉)]*_.,!?…"
#: “은(는)”, “는(은)”, “은/는”, “(으)로”, “(이)나”, or a particle that stands alone: 은 is one, 은행 is none.
_BOTH = "|".join(rf"{one}\({two}\)|{two}\({one}\)|{one}/{two}|{two}/{one}" for one, two in FORMS.items())
_PARTICLE = re.compile(rf"(?P<both>{_BOTH})|\((?P<filler>[으이])\)|(?P<alone>으로|로|[은는이가을를과와])(?![가-힣])")
PERCENT_FIELD = re.compile(r"%\((\w+)\)s")


def end_of(word: str) -> End:
    """How `word` ends when it is read aloud."""
    word = unicodedata.normalize("NFC", word[-READ_MAX:])
    while (shorter := _BRACKET.sub("", word)) != word:
        word = shorter
    word = word.rstrip(_BEHIND_A_WORD)
    last = word[-1:]
    if "가" <= last <= "힣":
        final = (ord(last) - ord("가")) % 28
        return End.VOWEL if not final else End.RIEUL if final == _FINAL_RIEUL else End.CONSONANT
    if last.isascii() and last.isdigit():
        return _end_of_number(word)
    return _end_of_latin(word) if last.isascii() and last.isalpha() else _SIGNS.get(last, End.UNKNOWN)


def _end_of_number(word: str) -> End:
    """9 구, 1,000 천, 07 칠; zeros alone are 영 or 공."""
    digits = re.findall(r"[\d,]+$", word, re.ASCII)[0].replace(",", "")
    zeros = len(digits) - len(digits.rstrip("0"))
    if not zeros:
        return _DIGITS[int(digits[-1])]
    return End.VOWEL if zeros == _ZEROS_OF_JO < len(digits) else End.CONSONANT


def _end_of_latin(word: str) -> End:
    latin = re.findall(r"[A-Za-z]+$", word)[0]
    if latin.isupper():
        return _LETTERS.get(latin[-1], End.VOWEL)
    return next((end for spelling, end in _SPELLINGS if spelling.search(latin.lower())), End.VOWEL)


def particle(word: str, form: str) -> str:
    """은, 는, 이, 가, 을, 를, 과, 와, 으로 or 로 as `word` wants it. Raises KeyError for anything else."""
    end = end_of(word)
    if form in ("으로", "로"):
        return filler(end, "으") + "로"
    behind_consonant = _CONSONANT_FORM.get(form, form)
    behind_vowel = FORMS[behind_consonant]
    if end is End.UNKNOWN:
        return f"{behind_consonant}({behind_vowel})"
    return behind_vowel if end is End.VOWEL else behind_consonant


def filler(end: End, vowel: str) -> str:
    """The 으 or 이 that a particle takes behind a consonant, 으 not behind ㄹ: (으)로, (이)나."""
    if end is End.UNKNOWN:
        return f"({vowel})"
    return "" if end is End.VOWEL or (end is End.RIEUL and vowel == "으") else vowel


def fitted(word: str, behind: str) -> str:
    """`behind`, the text that follows `word`, its first particle as `word` wants it; any other text as it was."""
    found = _PARTICLE.match(behind)
    if found is None:
        return behind
    rest = behind[found.end() :]
    if found["filler"]:
        return filler(end_of(word), found["filler"]) + rest
    return particle(word, found["alone"] or found["both"][0]) + rest


def filled(text: str, values: Mapping[str, object], *, field: re.Pattern[str] = PERCENT_FIELD) -> str:
    """`text` with its fields replaced, the particle behind each fitted. `field`: its group is the name of the value.

    A field without a value stays as it is written, and what follows it.
    """
    first, *rest = field.split(text)
    fields = [found.group() for found in field.finditer(text)]
    said = first
    for written, name, behind in zip(fields, rest[::2], rest[1::2], strict=True):
        word = values.get(name)
        said += written + behind if word is None else f"{word}{fitted(str(word), behind)}"
    return said
