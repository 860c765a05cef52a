"""Only plain http and https addresses become links, and no text is ever lost."""

from __future__ import annotations

import time

import pytest

from complaints.pages.linkify import pieces, safe_url
from tests.shared_material import shared


def links(text: str) -> list[str]:
    return [piece.href for piece in pieces(text) if piece.href]


def test_a_text_is_cut_at_its_addresses() -> None:
    found = pieces("보세요 https://busan.go.kr/a?b=1. 그리고 (http://bto.or.kr) 끝")
    assert [(p.text, p.href) for p in found] == [
        ("보세요 ", ""),
        ("https://busan.go.kr/a?b=1", "https://busan.go.kr/a?b=1"),
        (". 그리고 (", ""),
        ("http://bto.or.kr", "http://bto.or.kr"),
        (") 끝", ""),
    ]


def test_a_long_address_is_shortened_for_the_eye_only() -> None:
    address = "https://busan.go.kr/" + "a" * 200
    (piece,) = pieces(address)
    assert (piece.href, len(piece.text)) == (address, 60)


@pytest.mark.parametrize(
    "bad",
    [
        "javascript:alert(1)",
        "java\tscript:alert(1)",
        "data:text/html,x",
        "//evil.example/x",
        "https://",
        "https://user@evil.example/",
        "https://evil.example\\@busan.go.kr",
        "https://evil.example/\u202egpj.exe",
        "http://[::1",
        "http://host:99999/",
        "ftp://busan.go.kr",
        "",
        "https://" + "a" * 3000,
    ],
)
def test_what_must_not_be_followed_is_no_link(bad: str) -> None:
    assert safe_url(bad) == ""
    assert all(href.startswith(("http://", "https://")) for href in links(bad))


def test_hostile_lists_bring_no_other_scheme() -> None:
    folder = shared("corpora", "payloads")
    for file in sorted(folder.glob("xss-*.txt")):
        for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
            assert all(href.lower().startswith(("http://", "https://")) for href in links(line))


def test_a_megabyte_of_near_addresses_is_quick() -> None:
    begun = time.perf_counter()
    pieces("https://" * 100_000)
    pieces("http:/" * 100_000)
    assert time.perf_counter() - begun < 2
