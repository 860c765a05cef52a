"""The pages are true: links lead somewhere, the journey names code that exists, the index is whole."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest
from django.utils import translation

from channels_sns.adapters import ADAPTERS
from complaints.moves import as_markdown
from tests import channels_page
from tests.house.source import ROOT, name_of, product_files, tree_of

DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
#: Made by `make screenshots`; not in every checkout.
SCREENSHOTS = DOCS / "screenshots"
ADR_LINES = 40


def text_of(path: Path) -> str:
    """A page without its code blocks: what stands in them is no link."""
    return re.sub(r"^ *```.*?^ *```", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)


def links(path: Path) -> list[str]:
    """Targets of links and pictures that stay in the repository."""
    found = re.findall(r"\]\(([^)\s]+)\)", text_of(path)) + re.findall(r"(?:src|href)=\"([^\"]+)\"", text_of(path))
    return [target for target in found if not re.match(r"[a-z]+:", target)]


def anchors(path: Path) -> set[str]:
    """The names by which headings are linked, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", text_of(path), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def is_broken(page: Path, target: str) -> bool:
    name, _, anchor = target.partition("#")
    place = (page.parent / name).resolve() if name else page
    if SCREENSHOTS in place.parents and not any(SCREENSHOTS.glob("*.png")):
        return False
    return not place.exists() or bool(anchor and place.suffix == ".md" and anchor not in anchors(place))


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_leads_somewhere(page: Path) -> None:
    assert [target for target in links(page) if is_broken(page, target)] == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_file_of_ours_that_a_page_names_exists(page: Path) -> None:
    """`room/file.py`, `folder/` and the like, as seen from the root."""
    rooms = r"(?:busan_sns|complaints|channels_sns|departments|tests|docs|templates|static|requirements|bench)"
    named = re.findall(rf"`({rooms}/[\w./-]+)(?::[\w.]+)?`", text_of(page))
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_the_journey_names_code_that_exists() -> None:
    steps = re.findall(r"`([\w/]+\.py)(?::([\w.]+))?`", text_of(DOCS / "journey.md"))
    assert len(steps) > 50
    assert [f"{file}:{name}" for file, name in steps if not stands(ROOT / file, name)] == []


def stands(path: Path, name: str) -> bool:
    """Does the file define `name` (a function, a class, a method as Class.method)? An empty name: the file itself."""
    if path not in product_files():
        return False
    body: list[ast.stmt] = tree_of(path).body
    for part in name.split(".") if name else []:
        found = [node for node in body if isinstance(node, ast.ClassDef | ast.FunctionDef) and node.name == part]
        if not found:
            return False
        body = found[0].body
    return True


def test_every_page_stands_in_the_index() -> None:
    index = DOCS / "README.md"
    listed = {(DOCS / target.partition("#")[0]).resolve() for target in links(index)}
    assert [name_of(page) for page in sorted(DOCS.rglob("*.md")) if page not in listed | {index}] == []


@pytest.mark.parametrize("container", ["complaints", "channels_sns"])
def test_the_page_of_the_house_draws_the_contracts(container: str) -> None:
    """Every layer as one line of the page; names of rooms that are not built are left out."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    layers = next(entry["layers"] for entry in contracts if entry.get("containers") == [container])
    lines = [" │ ".join(name for name in re.findall(r"\w+", layer) if is_built(container, name)) for layer in layers]
    assert "\n".join(line for line in lines if line) in (DOCS / "house.md").read_text(encoding="utf-8")


def is_built(container: str, name: str) -> bool:
    place = ROOT / container / name
    return place.with_suffix(".py").exists() or (place / "__init__.py").exists()


def test_the_page_of_states_is_what_the_table_says() -> None:
    with translation.override("en"):
        assert as_markdown() in (DOCS / "states.md").read_text(encoding="utf-8")


def test_decisions_are_short_and_numbered_without_a_hole() -> None:
    pages = sorted((DOCS / "decisions").glob("*.md"))
    assert [page.name[:4] for page in pages] == [f"{number:04}" for number in range(1, len(pages) + 1)]
    texts = {page.name: page.read_text(encoding="utf-8") for page in pages}
    assert [name for name, text in texts.items() if len(text.splitlines()) > ADR_LINES] == []
    parts = ["## Context", "## Decision", "## Consequences"]
    assert [name for name, text in texts.items() if re.findall(r"^## \w+$", text, re.MULTILINE) != parts] == []


def test_the_pages_that_the_code_names_exist() -> None:
    named = {
        (name_of(path), page)
        for path in product_files()
        for page in re.findall(r"docs/[\w/-]+\.md", path.read_text(encoding="utf-8"))
    }
    assert sorted(pair for pair in named if not (ROOT / pair[1]).exists()) == []


def test_the_page_of_channels_is_what_the_adapters_declare() -> None:
    assert channels_page.PAGE.read_text(encoding="utf-8") == channels_page.page(), "python -m tests.channels_page"


@pytest.mark.parametrize("page", ["README.md", "README.ko.md"])
def test_the_status_of_every_channel_is_told(page: str) -> None:
    rows = re.findall(r"^\| \*\*([^*|]+)\*\* \|", (ROOT / page).read_text(encoding="utf-8"), re.MULTILINE)
    labels = {cls.capabilities.label for cls in ADAPTERS.values()}
    assert labels - set(rows) == set(), "docs/adding-a-channel.md, 4. The row"


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_no_page_tells_where_it_was_made(page: Path) -> None:
    assert re.findall(r"(?<![\w/.])/(?:work|root|tmp)/", page.read_text(encoding="utf-8")) == []
