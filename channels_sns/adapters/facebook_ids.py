"""What Facebook calls things by: the only words of its answers that may stand in the path of a request.

Graph reads what is no id as an address, and refuses it in the words with which it refuses a token.
"""

from __future__ import annotations

import re
from typing import Any

from channels_sns.adapters.api import as_text

LENGTH_MAX = 128
#: Pages, people, posts, comments, photos.
_NODE = re.compile(r"[0-9]+(?:_[0-9]+)*")
#: Messages (“m_…”, pushed ones once “mid.…”) and conversations (“t_…”).
_LETTER = re.compile(r"(?:[mt]_|mid\.)[A-Za-z0-9_.:$=+-]+")


def is_id(value: Any) -> bool:
    word = as_text(value)
    return _fits(_NODE, word) or _fits(_LETTER, word)


def node_id(value: Any) -> str:
    """The id of a page, a person, a post, a comment or a photo. Raises ValueError for anything else."""
    return _matched(_NODE, value)


def node_id_or_none(value: Any) -> str:
    """The same, or "" where none is told."""
    return node_id(value) if value not in (None, "") else ""


def letter_id(value: Any) -> str:
    """The id of a message or a conversation. Raises ValueError for anything else."""
    return _matched(_LETTER, value)


def _matched(shape: re.Pattern[str], value: Any) -> str:
    word = as_text(value)
    if not _fits(shape, word):
        raise ValueError(f"no id: {word[:80]!r}" if word else "no id")
    return word


def _fits(shape: re.Pattern[str], word: str) -> bool:
    return len(word) <= LENGTH_MAX and bool(shape.fullmatch(word))
