"""docs/states.md says what the table says."""

from __future__ import annotations

from complaints.models import Status
from complaints.moves import MOVES, as_markdown
from tests.states import PAGE, page


def test_the_page_of_states_fits_the_table() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "python -m tests.states"


def test_the_page_names_every_move_and_every_status() -> None:
    text = as_markdown()
    assert [line.split("|")[1].strip() for line in text.splitlines()[2 : 2 + len(MOVES)]] == list(MOVES)
    assert all(f"| {status} |" in text for status in Status.values)


def test_what_leads_back_from_a_hold_stands_in_the_right_cells() -> None:
    row = next(line for line in as_markdown().splitlines() if line.startswith("| ON_HOLD |"))
    cells = dict(zip(Status.values, [cell.strip() for cell in row.split("|")[2:-1]], strict=True))
    assert [status for status, cell in cells.items() if cell == "resume"] == ["TRIAGED", "ASSIGNED", "IN_PROGRESS"]
    assert set(cells.values()) == {"resume", "–"}
