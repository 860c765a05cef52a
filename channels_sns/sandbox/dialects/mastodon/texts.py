"""Plain text to the HTML that Mastodon serves, and its length as Mastodon counts it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.utils.html import escape

MENTION = re.compile(r"(?<![\w/=])@([A-Za-z0-9_]+)(@[A-Za-z0-9.-]+[A-Za-z0-9])?(?!\w)", re.ASCII)
URL = re.compile(r"https?://[^\s<>\"']+")
HASHTAG = re.compile(r"(?<![\w/&])#(\w*[^\W\d]\w*)")
URL_WEIGHT = 23


def handles_in(text: str) -> list[str]:
    """user of @user, user@domain of @user@domain, in order, each once."""
    return list(dict.fromkeys(user + domain for user, domain in MENTION.findall(text)))


def length(text: str) -> int:
    """Every link counts 23, a remote mention only its local part."""
    plain = MENTION.sub(lambda match: f"@{match[1]}", text)
    return len(URL.sub("x" * URL_WEIGHT, plain))


def html(text: str, profiles: Mapping[str, str]) -> str:
    """Paragraphs, line breaks, links; `profiles` maps known handles to their pages. Everything else is escaped."""
    if not text:
        return ""
    paragraphs = re.split(r"\n{2,}", text.replace("\r\n", "\n").strip("\n"))
    return "".join(
        f"<p>{'<br />'.join(_line(line, profiles) for line in paragraph.splitlines())}</p>" for paragraph in paragraphs
    )


def _line(line: str, profiles: Mapping[str, str]) -> str:
    pieces, end = [], 0
    for match in re.finditer(f"{URL.pattern}|{MENTION.pattern}|{HASHTAG.pattern}", line):
        pieces += [escape(line[end : match.start()]), _marked(match[0], profiles)]
        end = match.end()
    return "".join([*pieces, escape(line[end:])])


def _marked(token: str, profiles: Mapping[str, str]) -> str:
    if token.startswith("@"):
        profile = profiles.get(token[1:])
        name = escape(token[1:].split("@", maxsplit=1)[0])
        link = f'<a href="{escape(profile or "")}" class="u-url mention">@<span>{name}</span></a>'
        return f'<span class="h-card" translate="no">{link}</span>' if profile else escape(token)
    if token.startswith("#"):
        tag = escape(token[1:])
        return f'<a href="/tags/{tag}" class="mention hashtag" rel="tag">#<span>{tag}</span></a>'
    scheme, _, rest = token.partition("://")
    shown = f'<span class="invisible">{scheme}://</span><span class="ellipsis">{escape(rest[:30])}</span>'
    hidden = f'<span class="invisible">{escape(rest[30:])}</span>'
    return f'<a href="{escape(token)}" target="_blank" rel="nofollow noopener" translate="no">{shown}{hidden}</a>'
