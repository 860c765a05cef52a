"""Personal data in texts: hidden from those whose work does not need it, kept out of what everybody can read.

Looked for in a folded copy (full-width digits, every kind of dash, nothing invisible) that keeps its places, so that
what is found is starred in the text itself. Every pattern is linear in the length of the text. The city's own numbers
(051-888-…, 110, 119, 120, 15xx, 16xx) stay readable. Who sees what: docs/rights.md; replies: docs/replies.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from channels_sns.evidence import RESIDENT, fold
from channels_sns.models import Author
from complaints.models import Complaint
from departments import directory
from departments.models import Role

_PHONE = gettext_lazy("telephone number")
_CARD = gettext_lazy("card number")
_MAIL_WORD = gettext_lazy("e-mail address")
_RESIDENT_WORD = gettext_lazy("resident registration number")
#: What is starred is group 1.
_PATTERNS: tuple[tuple[Promise, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        # Mobile and other telephone numbers, with +82 too.
        (_PHONE, r"(?<![0-9])(?:\+?82[\s-]{0,2}0?|0)1[016789][\s)-]{0,3}([0-9]{3,4})[\s-]{0,3}[0-9]{4}(?![0-9])"),
        (
            _PHONE,
            r"(?<![0-9])(?:\+?82[\s-]{0,2}0?|0)(?:2|[3-6][1-5]|70|50[0-9])[\s)-]{0,2}(?!888[\s-])([0-9]{3,4})[\s-]{1,2}[0-9]{4}(?![0-9])",
        ),
        (_CARD, r"(?<![0-9])[0-9]{4}-([0-9]{4}-[0-9]{4})-[0-9]{4}(?![0-9])"),
        (gettext_lazy("passport number"), r"(?<![A-Za-z0-9])[MSRODG]([0-9]{3}[A-Z0-9][0-9]{4})(?![A-Za-z0-9])"),
        (gettext_lazy("driving licence number"), r"(?<![0-9])[1-2][0-9]-[0-9]{2}-([0-9]{6}-[0-9]{2})(?![0-9])"),
        (
            gettext_lazy("vehicle number"),  # 12가 3456, 123가 3456
            r"(?<![0-9])[0-9]{2,3}[가-마거-머버-어저고-모보-오조구-무부-우주바-자배하허호]\s?([0-9]{4})(?![0-9년원명호세천만억])",
        ),
        (  # only beside a word that says so
            gettext_lazy("account number"),
            r"(?:계좌|은행|뱅크|농협|신협)[^0-9\n]{0,12}([0-9]{2,6}-[0-9]{2,6}-?[0-9]{2,8})(?![0-9])",
        ),
    )
)
#: Sixteen digits without dashes are a card where the last one checks the others (Luhn).
_SIXTEEN = re.compile(r"(?<![0-9])(?:[0-9]{4}[\s-]?){3}[0-9]{4}(?![0-9])")
#: E-mail addresses, the part before the @; @busan@mastodon.example is a name in public. Folding would lose the dots.
_MAIL = re.compile(
    r"(?<![@A-Za-z0-9._%+-])([A-Za-z0-9._%+-]{1,64})@(?=([A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4}))"
)
#: What the end of a cut text may be the half of.
_CUT = re.compile(r"(?<![\d\s()+.@-])[\d\s()+.-]*\S{0,64}$")
_LINK = re.compile(r"https?://\S+")
_NAME_KEPT = 1


def is_masked_for(user: Any) -> bool:
    """Are citizens' names and numbers hidden from this person? Not from those who work on complaints."""
    if getattr(user, "is_superuser", False):
        return False
    return not directory.has_role(user, Role.OFFICER, Role.STAFF, Role.HEAD)


def is_masked_on(complaint: Complaint, user: Any) -> bool:
    """The same of one complaint: a department that was only asked about it (협조) needs the matter, not the person."""
    if is_masked_for(user):
        return True
    everything = getattr(user, "is_superuser", False) or directory.has_role(user, Role.OFFICER)
    return not everything and complaint.department_id not in directory.department_ids_of(user)


def is_only_asked(complaint: Complaint, user: Any) -> bool:
    """Does this person see the complaint for no other reason than that his department was asked about it?"""
    return is_masked_on(complaint, user) and not is_masked_for(user)


def author_label(author: Author | None, *, masked: bool) -> str:
    """“@haeundae”, masked “@h***”; words where the network did not say who wrote."""
    if author is None:
        return _("(author unknown)")
    label = str(author)
    if not masked:
        return label
    start = 1 if label.startswith("@") else 0
    return f"{label[: start + _NAME_KEPT]}***"


def mask_text(text: str) -> str:
    """`text` with telephone numbers, addresses of mail, cards, passports, plates and accounts starred."""
    folded, places = fold(text)
    visible = "".join(text[place] for place in places)
    found = (*_hidden((pattern for _kind, pattern in _PATTERNS), folded), *_hidden((_MAIL,), visible))
    hidden = {places[place] for place in found}
    if not hidden:
        return text
    return "".join("*" if index in hidden and char.isalnum() else char for index, char in enumerate(text))


def mask_beginning(text: str, *, cut: bool) -> str:
    """The beginning of a text, masked. Where its end was `cut` off, the number or address there is left out: half of
    one looks like none."""
    return mask_text(_CUT.sub("…", text, count=1) if cut else text)


def _hidden(patterns: Iterable[re.Pattern[str]], text: str) -> Iterator[int]:
    for pattern in patterns:
        for match in pattern.finditer(text):
            yield from range(*match.span(1))


# --- what must not stand in public ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Found:
    """Personal data in a text: `text[start:end]`, which is `words`, in the line `line` (from 1)."""

    kind: str
    start: int
    end: int
    words: str
    line: int


def personal_data(text: str) -> list[Found]:
    """All of it, in the order of the text, without the numbers and addresses that the city gives to everybody."""
    folded, places = fold(text)
    visible = "".join(text[place] for place in places)
    spans = [(start, end, kind) for kind, start, end in _spans(folded, visible)]
    if not spans:
        return []
    links = [match.span() for match in _LINK.finditer(text)]
    found: list[Found] = []
    for first, last, kind in sorted(spans, key=lambda span: (span[0], -span[1])):
        start, end = places[first], places[last - 1] + 1
        linked = kind is not _RESIDENT_WORD and any(one <= start and end <= other for one, other in links)
        if not linked and (not found or start >= found[-1].end):
            found.append(Found(str(kind), start, end, text[start:end], text.count("\n", 0, start) + 1))
    official = _official() if found else set()
    return [one for one in found if _plain(one.words) not in official]


def _spans(folded: str, visible: str) -> Iterator[tuple[Promise, int, int]]:
    for match in RESIDENT.finditer(folded):
        yield _RESIDENT_WORD, *match.span()
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(folded):
            yield kind, *match.span()
    for match in _SIXTEEN.finditer(folded):
        if _is_card(match.group()):
            yield _CARD, *match.span()
    for match in _MAIL.finditer(visible):
        yield _MAIL_WORD, match.start(1), match.end(2)


def _is_card(digits: str) -> bool:
    numbers = [int(sign) for sign in digits if sign.isdigit()]
    doubled = [number if place % 2 else sum(divmod(2 * number, 10)) for place, number in enumerate(numbers)]
    return sum(doubled) % 10 == 0


def _official() -> set[str]:
    """What may stand in public, each as `_plain` writes it."""
    entered = [*directory.official_numbers(), *settings.PUBLIC_CONTACTS]
    numbers = (words for one in entered for words in _written_in(one))
    return {_plain(words) for words in (*entered, *numbers)}


def _written_in(entry: str) -> Iterator[str]:
    """The telephone numbers in an entry like “112, 051-899-2114 (야간)”."""
    folded, _places = fold(entry)
    for kind, pattern in _PATTERNS:
        if kind is _PHONE:
            yield from (match.group() for match in pattern.finditer(folded))


def _plain(words: str) -> str:
    """A number by its digits alone, +82 as 0; an address of mail in small letters."""
    if "@" in words:
        return words.strip().casefold()
    digits = "".join(sign for sign in fold(words)[0] if sign.isdigit())
    return f"0{digits[2:].removeprefix('0')}" if digits.startswith("82") else digits


def in_words(found: Iterable[Found]) -> str:
    """“1번째 줄 전화번호 “010-1234-5678””, by commas."""
    said = _("line %(line)d, %(kind)s “%(words)s”")
    return ", ".join(said % {"line": one.line, "kind": one.kind, "words": one.words} for one in found)
