"""Readers for the values of a city file: each takes one JSON value and reports what is wrong instead of raising.

A row of the file is a dataclass whose annotations name the reader: `code: Annotated[str, text(40)]`; a field without a
default must be given.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import MISSING, dataclass, fields
from datetime import date
from typing import Any, TypeAlias, TypeVar, cast, get_type_hints

from django.utils.translation import gettext as _

Row = TypeVar("Row")
Report: TypeAlias = Callable[[str, str], None]
Reader: TypeAlias = Callable[[object, str, Report], Any]

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True)
class Problem:
    """Where in the file, as a path (`departments[3].successor`) or a line, and what is wrong, for a person to read."""

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}"


def text(max_length: int, *, pattern: str = "", optional: bool = False) -> Reader:
    """NFC text without control characters or blanks around it."""

    def read(value: object, path: str, report: Report) -> str:
        if not isinstance(value, str):
            report(path, _("a text is expected"))
            return ""
        found = unicodedata.normalize("NFC", value).strip()
        if not found and not optional:
            report(path, _("must not be empty"))
        elif found and pattern and not re.fullmatch(pattern, found):
            report(path, _("“%(text)s” is not of the expected form") % {"text": ascii(found[:60])[1:-1]})
        if len(found) > max_length:
            report(path, _("longer than %(limit)d characters") % {"limit": max_length})
        if _CONTROL.search(found):
            report(path, _("holds a control character"))
        return found

    return read


def choice(values: list[str]) -> Reader:
    """One of these texts."""

    def read(value: object, path: str, report: Report) -> str:
        if value not in values:
            report(path, _("must be one of: %(values)s") % {"values": ", ".join(values)})
            return values[0]
        return str(value)

    return read


def degrees(limit: int) -> Reader:
    """A number of degrees, as a float."""

    def read(value: object, path: str, report: Report) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not -limit <= value <= limit:
            report(path, _("a number from %(low)d to %(high)d is expected") % {"low": -limit, "high": limit})
            return 0.0
        return float(value)

    return read


def boolean(value: object, path: str, report: Report) -> bool:
    """true or false."""
    if not isinstance(value, bool):
        report(path, _("true or false is expected"))
    return value is True


def day(value: object, path: str, report: Report) -> date | None:
    """A date like 2012-01-31, or null."""
    if value is None:
        return None
    try:
        return date.fromisoformat(value if isinstance(value, str) and len(value) == len("2012-01-31") else "")
    except ValueError:
        report(path, _("a date like 2012-01-31 is expected"))
        return None


def exactly(number: int) -> Reader:
    """This number and no other: the version of the format."""

    def read(value: object, path: str, report: Report) -> int:
        if value != number or isinstance(value, bool):
            report(path, _("this desk reads format %(format)d") % {"format": number})
        return number

    return read


def many(read_item: Reader) -> Reader:
    """A list, as a tuple of what `read_item` makes of each item."""

    def read(value: object, path: str, report: Report) -> tuple[Any, ...]:
        if not isinstance(value, list):
            report(path, _("a list is expected"))
            return ()
        return tuple(read_item(item, f"{path}[{number}]", report) for number, item in enumerate(value))

    return read


def record(kind: type[Row]) -> Reader:
    """An object with exactly the keys of this dataclass; None where something must be given and is not."""
    readers, required = _readers(kind)

    def read(value: object, path: str, report: Report) -> Row | None:
        if not isinstance(value, dict):
            report(path, _("an object is expected"))
            return None
        inside = f"{path}." if path else ""
        for key in sorted(value.keys() - readers.keys()):
            report(inside + ascii(key[:60])[1:-1], _("unknown key"))
        missing = [name for name in required if name not in value]
        for name in missing:
            report(inside + name, _("is missing"))
        found = {name: reader(value[name], inside + name, report) for name, reader in readers.items() if name in value}
        return None if missing else kind(**found)

    return read


def _readers(kind: type[Any]) -> tuple[dict[str, Reader], list[str]]:
    """The readers by field name, and the names that must be given."""
    hints = get_type_hints(kind, include_extras=True)
    readers = {name: cast("Reader", hint.__metadata__[0]) for name, hint in hints.items()}
    return readers, [spec.name for spec in fields(kind) if spec.default is MISSING]
