"""Tags in a message: people type @, Graph serves the page's name and says where it stands."""

from __future__ import annotations

import re
from typing import Any


def tags_page(text: str, handle: str, name: str) -> bool:
    return bool(_pattern(handle, name).search(text))


def message(text: str, *, handle: str, name: str, page: str) -> tuple[str, list[dict[str, Any]]]:
    """`text` as Graph serves it, and its message_tags."""
    served, tags, end = "", [], 0
    for match in _pattern(handle, name).finditer(text):
        served += text[end : match.start()]
        tags.append({"id": page, "name": name, "type": "page", "offset": len(served), "length": len(name)})
        served, end = served + name, match.end()
    return served + text[end:], tags


def _pattern(handle: str, name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w@])@(?:{re.escape(handle)}|{re.escape(name)})(?![A-Za-z0-9_])")
