"""Reply templates (답변 템플릿): which fit a complaint, and what they say about it.

A text has fields, {담당 부서}; a part in square brackets, “[ 문의: {전화}]”, is left out where a field inside it has no
value. A field without a value outside of brackets stays as it is, to be filled by hand; such a text is not sent.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db.models import Q
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from complaints import josa, privacy
from complaints.models import Complaint, ReplyTemplate
from departments.models import City

#: What comes with the desk.
FILE = Path(__file__).parent / "city" / "reply_templates.json"
#: More choices than these help nobody who is tired.
OFFERED = 12

_FIELD = re.compile(r"\{([^{}\n]{0,40})\}")
_OPTIONAL = re.compile(r"\[([^\[\]\n]*)\]")
_DAYS = {"ko": "n월 j일(@) H:i", "en": "j F, H:i"}
WEEKDAYS = "월화수목금토일"


class NotPossible(Exception):
    """The text cannot be a template; it says why, for people."""


@dataclass(frozen=True, slots=True)
class Offered:
    """A template, filled for one complaint. `own_language`: that in which the citizen is answered, or none."""

    pk: int
    title: str
    text: str
    language: str
    own_language: bool


# --- fields -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _About:
    """What the fields are filled from; `language` of the text."""

    complaint: Complaint
    city: City | None
    language: str
    now: datetime

    def name_of(self, row: Any) -> str:
        """In English where it has such a name."""
        if row is None:
            return ""
        return str((row.name_en if self.language == "en" else "") or row.name)

    @property
    def due(self) -> str:
        """Nobody promises an hour that has passed."""
        due = self.complaint.due_at
        if due <= self.now:
            return ""
        at = timezone.localtime(due)
        with translation.override(self.language):
            return date_format(at, _DAYS[self.language]).replace("@", WEEKDAYS[at.weekday()])

    @property
    def district(self) -> str:
        return self.complaint.district.name if self.complaint.district else ""

    @property
    def phone(self) -> str:
        return self.complaint.department.phone if self.complaint.department else ""


#: (in Korean, in English, value)
FIELDS: tuple[tuple[str, str, Callable[[_About], str]], ...] = (
    ("담당 부서", "department", lambda about: about.name_of(about.complaint.department)),
    ("전화", "phone", lambda about: about.phone),
    ("접수번호", "receipt number", lambda about: about.complaint.number),
    ("기한", "due time", lambda about: about.due),
    ("구·군", "district", lambda about: about.district),
    ("외부 기관", "agency", lambda about: about.name_of(about.complaint.agency)),
    ("도시", "city", lambda about: about.name_of(about.city)),
)


def _key(name: str) -> str:
    """However somebody spaces it: {담당부서} is {담당 부서}."""
    return re.sub(r"[\s·]", "", name).casefold()


_VALUES = {_key(name): value for korean, english, value in FIELDS for name in (korean, english)}


def field_names() -> str:
    """All of them, as a person writes them: “{담당 부서}, {전화} …”."""
    at = 1 if translation.get_language() == "en" else 0
    return ", ".join(f"{{{field[at]}}}" for field in FIELDS)


def unfilled(text: str) -> list[str]:
    """The fields that still stand in a text, as they were written."""
    return [found.group() for found in _FIELD.finditer(text) if _key(found[1]) in _VALUES]


def check(text: str) -> None:
    """May it be a template? Raises NotPossible."""
    _refuse_personal_data(text)
    unknown = [found.group() for found in _FIELD.finditer(text) if _key(found[1]) not in _VALUES]
    if unknown:
        said = {"unknown": ", ".join(unknown), "known": field_names()}
        raise NotPossible(_("There is no field %(unknown)s. Fields: %(known)s.") % said)
    rest = _FIELD.sub("", text)
    if "{" in rest or "}" in rest:
        raise NotPossible(_("A curly bracket is open or closed without its other half."))
    rest = _OPTIONAL.sub("", rest)
    if "[" in rest or "]" in rest:
        raise NotPossible(_("A square bracket is open or closed without its other half, or holds another one."))


def _refuse_personal_data(text: str) -> None:
    found = privacy.personal_data(text)
    if found:
        said = _("A template goes to everybody. Please take out: %(what)s.")
        raise NotPossible(said % {"what": privacy.in_words(found)})


def _filled(text: str, about: _About) -> str:
    values = {name: _VALUES[_key(name)](about) for name in _FIELD.findall(text) if _key(name) in _VALUES}

    def optional(found: re.Match[str]) -> str:
        names = _FIELD.findall(found[1])
        if not names:
            return found.group()
        return found[1] if all(values.get(name) for name in names) else ""

    known = _OPTIONAL.sub(optional, text)
    return josa.filled(known, {name: value for name, value in values.items() if value}, field=_FIELD)


# --- which ------------------------------------------------------------------------------------------------------------


def offered(complaint: Complaint, *, now: datetime) -> list[Offered]:
    """Those that fit, filled: in the citizen's language first, and of these the most special first. Two queries."""
    language = complaint.answer_language
    rows = _ordered(_fitting(complaint), language)[:OFFERED]
    city = City.objects.first() if rows else None
    return [_offer(row, complaint, city, language, now) for row in rows]


def one(complaint: Complaint, pk: int, *, now: datetime) -> str | None:
    """The text of a template that fits, filled; None: there is no such one."""
    row = _fitting(complaint).filter(pk=pk).first()
    return None if row is None else _offer(row, complaint, City.objects.first(), complaint.answer_language, now).text


def _fitting(complaint: Complaint) -> Any:
    mine = Q(department=None) | Q(department=complaint.department_id)
    fits = {"legal_kind__in": ["", complaint.legal_kind], "channel_kind__in": ["", complaint.account.kind]}
    return ReplyTemplate.objects.filter(mine, in_use=True, **fits)


def _ordered(rows: Iterable[ReplyTemplate], language: str) -> list[ReplyTemplate]:
    def rank(row: ReplyTemplate) -> tuple[Any, ...]:
        special = (row.department_id is None, not row.legal_kind, not row.channel_kind)
        return (row.language not in ("", language), *special, not row.language, row.pk)

    return sorted(rows, key=rank)


def _offer(row: ReplyTemplate, complaint: Complaint, city: City | None, language: str, now: datetime) -> Offered:
    about = _About(complaint, city, row.language or language, now)
    return Offered(row.pk, row.title, _filled(row.text, about), about.language, row.language in ("", language))


# --- what comes with the desk -----------------------------------------------------------------------------------------


def add(path: Path = FILE) -> int:
    """Add the templates of a file that are not here yet, by their code; how many. What somebody changed stays.

    Raises NotPossible, OSError, ValueError.
    """
    wanted = json.loads(path.read_text(encoding="utf-8"))
    known = set(ReplyTemplate.objects.exclude(code="").values_list("code", flat=True))
    fresh = [entry for entry in wanted["templates"] if entry["code"] not in known]
    for entry in fresh:
        check(entry["text"])
    rows = [ReplyTemplate(**{name: entry.get(name, "") for name in _KEYS}) for entry in fresh]
    return len(ReplyTemplate.objects.bulk_create(rows, ignore_conflicts=True))


_KEYS = ("code", "title", "text", "legal_kind", "channel_kind", "language")
