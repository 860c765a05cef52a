"""The page of licences is true, and no licence on it asks for more than the city can give."""

from __future__ import annotations

import re

from tests.house.source import ROOT
from tests.licences import PAGE, page

#: Permissive, or weak copyleft for libraries that are used unchanged.
WELCOME = {
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "CC0-1.0",
    "CNRI-Python",
    "ISC",
    "LGPL-3.0-only",
    "LGPL-3.0-or-later",
    "MIT",
    "MIT-0",
    "MIT-CMU",
    "MPL-2.0",
    "PSF-2.0",
    "Python-2.0",
    "Unlicense",
    "Zlib",
}


def test_the_page_of_licences_fits_the_lock() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "make licences"


def test_every_licence_is_welcome() -> None:
    rows = re.findall(r"^\| ([a-z0-9._-]+) \| (.+) \|$", page(), re.MULTILINE)
    assert len(rows) > 30
    names = {name: set(re.split(r" (?:OR|AND) |[()]", licence)) - {""} for name, licence in rows}
    assert {name: found - WELCOME for name, found in names.items() if found - WELCOME} == {}


def test_our_own_licence_is_the_whole_text() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "Apache License" in text
    assert "END OF TERMS AND CONDITIONS" in text
