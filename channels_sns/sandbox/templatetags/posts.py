"""How a post's text stands on the page."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from channels_sns.sandbox.dialects.base import Dialect
from channels_sns.sandbox.models import Post

register = template.Library()
MARKED = re.compile(r"(?<![\w&])(@[\w.-]*\w|#\w+)")
TONES = 6


@register.filter
def marked(text: str) -> SafeString:
    """`text` escaped, line breaks kept, @names and #tags coloured. Links stay plain text: the sandbox leads nowhere."""
    lines = escape(text).replace("\n", "<br>")
    return mark_safe(MARKED.sub(r'<span class="tag">\1</span>', lines))  # noqa: S308 - escaped just above


@register.filter
def shown(post: Post, dialect: Dialect) -> str:
    """The text as this network shows it, its own mark-up gone."""
    return dialect.plain_text(post)


@register.filter
def place_title(post: Post, places: Mapping[str, str]) -> str:
    """What the thread stands under, where the network has such places."""
    return places.get(str(post.extra.get("place")), next(iter(places.values()), ""))


@register.filter
def initial(name: str) -> str:
    return name[:1] or "?"


@register.filter
def tone(handle: str) -> int:
    """One of a few colours, always the same for a person."""
    return hashlib.sha256(handle.encode()).digest()[0] % TONES
