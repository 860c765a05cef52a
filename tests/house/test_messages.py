"""Every text has a Korean one, the compiled file fits, and nothing in the sources is missing from the catalogue."""

from __future__ import annotations

import ast
import re
import shutil
from pathlib import Path

import polib
import pytest

from tests.house.source import ROOMS, ROOT, name_of, product_files, tree_of
from tests.messages import CATALOGUE, collect, compiled

GETTEXT = {"_", "gettext", "ngettext", "pgettext", "npgettext", "gettext_lazy", "ngettext_lazy", "pgettext_lazy"}
PLACEHOLDER = re.compile(r"%\((\w+)\)[#0\- +]*[\d.]*[a-z]|%[sd]|\{(\w*)\}")


def entries() -> list[polib.POEntry]:
    return [entry for entry in polib.pofile(str(CATALOGUE)) if not entry.obsolete]


def test_every_text_is_translated() -> None:
    assert [entry.msgid for entry in entries() if entry.fuzzy or not entry.translated()] == []


def test_the_compiled_file_fits() -> None:
    assert CATALOGUE.with_suffix(".mo").read_bytes() == compiled(), "make messages"


def test_placeholders_survive_translation() -> None:
    def names(text: str) -> list[str]:
        return sorted({"".join(match.groups(default="")) or match.group() for match in PLACEHOLDER.finditer(text)})

    wrong = []
    for entry in entries():
        sources = {tuple(names(entry.msgid)), tuple(names(entry.msgid_plural))}
        texts = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
        wrong += [entry.msgid for text in texts if tuple(names(text)) not in sources]
    assert wrong == []


def test_no_text_hides_in_an_f_string() -> None:
    """The collecting program does not look into them."""
    hidden = {
        f"{name_of(path)}:{call.lineno}"
        for path in product_files()
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.JoinedStr)
        for call in ast.walk(node)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in GETTEXT
    }
    assert sorted(hidden) == []


@pytest.mark.skipif(shutil.which("xgettext") is None, reason="needs Debian's gettext")
def test_nothing_is_missing_from_the_catalogue(tmp_path: Path) -> None:
    for room in (*ROOMS, "templates", "locale"):
        shutil.copytree(ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__", "*.mo"))
    shutil.copy(ROOT / "manage.py", tmp_path)
    (tmp_path / "static").mkdir()
    collect(tmp_path)
    fresh = {(entry.msgctxt, entry.msgid) for entry in polib.pofile(str(tmp_path / CATALOGUE.relative_to(ROOT)))}
    assert fresh == {(entry.msgctxt, entry.msgid) for entry in entries()}, "make messages"
