"""In which language a citizen writes, told by the letters alone; the officer sees it beside the post."""

from __future__ import annotations

import re

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

NAMES: dict[str, str | Promise] = {
    "ko": _("Korean"),
    "en": _("English"),
    "ja": _("Japanese"),
    "zh": _("Chinese"),
    "ru": _("Russian"),
    "vi": _("Vietnamese"),
    "th": _("Thai"),
}
_NO_WORDS = re.compile(r"https?://\S+|[@#]\w+")
#: In this order: Japanese has Chinese signs too, and Vietnamese Latin ones.
_LETTERS = (
    ("ko", re.compile(r"[가-힣ㄱ-ㅎㅏ-ㅣ]")),
    ("ja", re.compile(r"[ぁ-ゖァ-ヺ]")),
    ("zh", re.compile(r"[\u4e00-\u9fff]{2,}")),
    ("ru", re.compile(r"[А-Яа-яЁё]{2,}")),
    ("th", re.compile(r"[\u0e01-\u0e2e]{2,}")),
    ("vi", re.compile(r"[ăđơưĂĐƠƯ\u1ea0-\u1ef9]")),
    ("en", re.compile(r"[A-Za-z]{2,}")),
)


def language_of(text: str, *, otherwise: str) -> str:
    """A code of NAMES; any Hangul makes it Korean. Addresses, names and tags say nothing; `otherwise`: nothing did."""
    words = _NO_WORDS.sub(" ", text)
    return next((code for code, letters in _LETTERS if letters.search(words)), otherwise)


def name_of(code: str) -> str:
    """The language in the reader's; an unknown code as it is."""
    return str(NAMES.get(code, code))
