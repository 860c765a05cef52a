"""docs/settings.md lists every variable that the desk reads, no other, and the defaults that the code has."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.source import ROOT, name_of, product_files, tree_of

PAGE = ROOT / "docs" / "settings.md"
#: The variables of the desk and its sandbox, and the three that carry the names everybody gives them.
OURS = re.compile(r"(?:DESK|SANDBOX)_[A-Z_]+|SECRET_KEY|DATABASE_URL|REDIS_URL")
#: Where variables for developers are read.
DEVELOPERS = ("Makefile", ".ci/run", "tests", "bench")


def rows() -> dict[str, str]:
    """Variable → its default as the page writes it."""
    found = re.findall(r"^\| `([A-Z_]+)` \| (.+?) \| .+ \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert len({name for name, _default in found}) == len(found), "a variable stands on the page twice"
    return dict(found)


def constants(path: Path) -> set[str]:
    """Variables named by a string of their own: env.str("DESK_…"), {"DESK_…": …}, secret("…")."""
    strings = [node.value for node in ast.walk(tree_of(path)) if isinstance(node, ast.Constant)]
    return {text.removesuffix("_FILE") for text in strings if isinstance(text, str) and OURS.fullmatch(text)}


def read_by_the_product() -> set[str]:
    return {name for path in product_files() for name in constants(path)}


def read_by_developers() -> set[str]:
    """Every word in the files of the tests, the bench and the build that could be such a variable."""
    files: list[Path] = []
    for name in DEVELOPERS:
        place = ROOT / name
        files += sorted(place.rglob("*.py")) if place.is_dir() else [place]
    own = Path(__file__)
    return {
        word
        for path in files
        if path != own
        for word in re.findall(r"\b(?:DESK|SANDBOX|CI)_[A-Z_]+\b", path.read_text(encoding="utf-8"))
    }


def test_every_variable_that_is_read_stands_on_the_page() -> None:
    assert read_by_the_product() - set(rows()) == set()


def test_every_variable_on_the_page_is_read() -> None:
    assert len(rows()) > 20
    assert set(rows()) - read_by_the_product() - read_by_developers() == set()


def defaults(path: Path) -> Iterator[tuple[str, object]]:
    """(variable, default) of each env.…("NAME", default) and environ.get("NAME", default) with a plain default."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Call) and len(node.args) == 2 and isinstance(node.func, ast.Attribute):
            name, default = node.args
            if isinstance(name, ast.Constant) and isinstance(default, ast.Constant) and default.value not in ("", None):
                yield str(name.value), default.value


@pytest.mark.parametrize("file", ["busan_sns/settings.py", "busan_sns/gunicorn_conf.py"])
def test_the_defaults_on_the_page_are_those_of_the_code(file: str) -> None:
    page, found = rows(), dict(defaults(ROOT / file))
    assert len(found) >= 4
    said = {name: f"`{int(value) if isinstance(value, bool) else value}`" for name, value in found.items()}
    assert {name: page[name] for name, default in said.items() if not page[name].startswith(default)} == {}


def test_the_page_knows_which_secrets_may_come_from_files() -> None:
    code = "".join(
        path.read_text(encoding="utf-8") for path in product_files() if name_of(path).startswith("busan_sns")
    )
    by_file = set(re.findall(r"\bsecret\(\"([A-Z_]+)\"", code))
    said = re.search(r"\*\*Secrets by file\.\*\* For (.+?) a variable", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert said
    assert set(re.findall(r"`([A-Z_]+)`", said[1])) == by_file
