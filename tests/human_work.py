"""What a person does on a page, counted: clicks, keys, and the seconds that takes by the keystroke-level model.

Card, Moran, Newell, The Keystroke-Level Model for User Performance Time, CACM 23 (1980): a key 0.28 s (an average
typist), pointing 1.1 s, pressing the button 0.2 s, from the mouse to the keys or back 0.4 s, 1.35 s of thought before
each deliberate step. A Korean syllable is as many keys as it has letters. Reading: 8 signs a second. The machine's own
time is not counted.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from playwright.sync_api import Page

KEY, POINT, PRESS, HOME, THINK, SIGNS_A_SECOND = 0.28, 1.1, 0.2, 0.4, 1.35, 8.0


@dataclass
class Hands:
    """One person at one page."""

    page: Page
    clicks: int = 0
    keys: int = 0
    signs: int = 0
    seconds: float = 0.0
    at_keys: bool = False

    def click(self, where: str, *, twice: bool = False) -> None:
        self._move(at_keys=False)
        self.clicks += 1 + twice
        self.seconds += THINK + POINT + PRESS * (1 + twice)
        (self.page.dblclick if twice else self.page.click)(where)

    def write(self, where: str, text: str) -> None:
        """Into a field: a click, then the keys."""
        self.click(where)
        self._move(at_keys=True)
        strokes = len(unicodedata.normalize("NFD", text))
        self.keys += strokes
        self.seconds += strokes * KEY
        self.page.fill(where, text)

    def read(self, text: str) -> None:
        self.signs += len(text)
        self.seconds += len(text) / SIGNS_A_SECOND

    def _move(self, *, at_keys: bool) -> None:
        self.seconds += HOME * (self.at_keys != at_keys)
        self.at_keys = at_keys

    def __str__(self) -> str:
        return f"{self.seconds:.0f} s of human work: {self.clicks} clicks, {self.keys} keys, {self.signs} signs read"
