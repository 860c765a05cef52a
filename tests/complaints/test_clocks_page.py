"""The page of clocks is what the tables and the settings say."""

from __future__ import annotations

import re

import pytest

from tests.clocks_page import PAGE, page
from tests.house.source import ROOT


def test_the_tables_of_the_page_are_those_of_the_code() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert text == page(text), "python -m tests.clocks_page"


def test_a_page_without_a_place_for_the_tables_is_refused() -> None:
    with pytest.raises(ValueError, match="has no place"):
        page("# Clocks")


def test_every_open_question_has_its_setting_and_default() -> None:
    code = (ROOT / "busan_sns" / "settings.py").read_text(encoding="utf-8")
    defaults = dict(re.findall(r'(?:choice|positive)\("(DESK_\w+)", "?(\w+)"?', code))
    asked = re.findall(r"^\| .+ \| `(DESK_\w+)` \| `(\w+)`", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    listed = re.findall(
        r"^\| `(DESK_\w+)` \| `(\w+)`", (ROOT / "docs/settings.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert asked
    assert dict(asked).items() <= defaults.items()
    assert defaults.items() <= dict(listed).items()
