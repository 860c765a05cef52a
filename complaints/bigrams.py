"""Pairs of characters: what Korean is found by, whatever particle hangs on the word.

A text is folded (NFC, no capitals, nothing invisible, single blanks) and cut into tokens without blanks. Tokens only
narrow a search down; whether a text holds the words is then looked up in the folded text itself.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import pairwise

INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
#: Of a word's initials so many are in the index; longer ones are told apart in the text.
INITIALS_KEPT = 6
#: First characters of the tokens that are no pair of the text: a pair of a name, initials, a fact of the desk.
NAME, INITIAL, FACT = "@", "^", "#"

_FIRST, _SYLLABLES_EACH = ord("가"), 588
_HIDDEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0001-\U000e007f]"
)
_HANGUL_WORD = re.compile("[가-힣]{2,}")


def fold(text: str) -> str:
    """`text` as it is compared."""
    visible = _HIDDEN.sub("", text)
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", visible).casefold())
    return " ".join(folded.split())


def pairs(folded: str, prefix: str = "") -> set[str]:
    """Every two characters that stand side by side within a word."""
    return {f"{prefix}{one}{two}" for word in folded.split() for one, two in pairwise(word)}


def beginnings(folded: str) -> set[str]:
    """The initials (초성) with which a word of the text begins: 관광과 gives ^ㄱㄱ and ^ㄱㄱㄱ."""
    return {
        INITIAL + sounds[:length]
        for sounds in map(initials_of, _HANGUL_WORD.findall(folded))
        for length in range(2, min(len(sounds), INITIALS_KEPT) + 1)
    }


def initials_of(word: str) -> str:
    """관광 → ㄱㄱ; for words of Hangul syllables only."""
    return "".join(INITIALS[(ord(char) - _FIRST) // _SYLLABLES_EACH] for char in word)


def are_initials(term: str) -> bool:
    """Was this typed to find words by their initials?"""
    return len(term) >= 2 and all(char in INITIALS for char in term)


def initials_pattern(term: str) -> str:
    """A regular expression, the same in PostgreSQL and Python, for words that begin with these initials."""
    return "(^|[^가-힣])" + "".join(f"[{first}-{last}]" for first, last in map(_syllables, term))


def _syllables(initial: str) -> tuple[str, str]:
    first = _FIRST + INITIALS.index(initial) * _SYLLABLES_EACH
    return chr(first), chr(first + _SYLLABLES_EACH - 1)


def slips(term: str) -> Iterator[tuple[str, set[str]]]:
    """The term with one letter unread, as a regular expression, each with the pairs that are left to look for."""
    for at in range(len(term)):
        before, after = term[:at], term[at + 1 :]
        left = pairs(f"{before} {after}")
        if left:
            yield rf"{re.escape(before)}\S{re.escape(after)}", left


def joined(tokens: Iterable[str]) -> str:
    """Tokens as they are stored, the same order for the same tokens."""
    return " ".join(sorted(tokens))
