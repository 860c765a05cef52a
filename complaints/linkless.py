"""A text without its links, for networks where a link makes a post dear."""

from __future__ import annotations

from channels_sns.adapters.text import nfc

#: The city's own pages, by their host, as they are called where no link may stand.
PAGES = {"busan.go.kr": {"ko": "부산시 누리집", "en": "the City of Busan's website"}}


def without_links(text: str, language: str) -> str:
    """`text` with every link left out; one to the city's own pages becomes their name."""
    from twitter_text import extract_urls_with_indices  # its patterns take half a second to compile

    text = nfc(text)
    for found in reversed(extract_urls_with_indices(text)):
        first, last = found["indices"]
        text = text[:first] + _name(found["url"], language) + text[last:]
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "\n".join(lines).strip()


def _name(url: str, language: str) -> str:
    host = url.partition("://")[2] or url
    host = host.partition("/")[0].lower()
    names = next((names for own, names in PAGES.items() if host == own or host.endswith(f".{own}")), {})
    return names.get(language, "")
