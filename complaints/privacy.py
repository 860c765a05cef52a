"""Personal data in citizens' words, hidden from those whose work does not need it (docs/rights.md).

Looked for in a folded copy (full-width digits, every kind of dash, nothing invisible) that keeps its places, so that
what is found is starred in the text itself. Every pattern is linear in the length of the text. The city's own numbers
(051-888-…, 110, 119, 120, 15xx, 16xx) stay readable.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from channels_sns.evidence import fold
from channels_sns.models import Author
from departments import directory
from departments.models import Role

#: What is starred is group 1.
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        # Mobile and other telephone numbers, with +82 too.
        r"(?<![0-9])(?:\+?82[\s-]{0,2}0?|0)1[016789][\s)-]{0,3}([0-9]{3,4})[\s-]{0,3}[0-9]{4}(?![0-9])",
        r"(?<![0-9])(?:\+?82[\s-]{0,2}0?|0)(?:2|[3-6][1-5]|70|50[0-9])[\s)-]{0,2}(?!888[\s-])([0-9]{3,4})[\s-]{1,2}[0-9]{4}(?![0-9])",
        # Cards and passports.
        r"(?<![0-9])[0-9]{4}-([0-9]{4}-[0-9]{4})-[0-9]{4}(?![0-9])",
        r"(?<![A-Za-z0-9])[MSRODG]([0-9]{3}[A-Z0-9][0-9]{4})(?![A-Za-z0-9])",
        # Vehicle plates: 12가 3456, 123가 3456.
        r"(?<![0-9])[0-9]{2,3}[가-마거-머버-어저고-모보-오조구-무부-우주바-자배하허호]\s?([0-9]{4})(?![0-9년원명호세천만억])",
        # Accounts, only beside a word that says so.
        r"(?:계좌|은행|뱅크|농협|신협)[^0-9\n]{0,12}([0-9]{2,6}-[0-9]{2,6}-?[0-9]{2,8})(?![0-9])",
    )
)
#: E-mail addresses, the part before the @; @busan@mastodon.example is a name in public. Folding would lose the dots.
_MAIL = re.compile(
    r"(?<![@A-Za-z0-9._%+-])([A-Za-z0-9._%+-]{1,64})@(?=[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4})"
)
_NAME_KEPT = 1


def is_masked_for(user: Any) -> bool:
    """Are citizens' names and numbers hidden from this person? Not from those who work on complaints."""
    if getattr(user, "is_superuser", False):
        return False
    return not directory.has_role(user, Role.OFFICER, Role.STAFF, Role.HEAD)


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
    hidden = {places[place] for place in (*_found(_PATTERNS, folded), *_found((_MAIL,), visible))}
    if not hidden:
        return text
    return "".join("*" if index in hidden and char.isalnum() else char for index, char in enumerate(text))


def _found(patterns: Iterable[re.Pattern[str]], text: str) -> Iterable[int]:
    for pattern in patterns:
        for match in pattern.finditer(text):
            yield from range(*match.span(1))
